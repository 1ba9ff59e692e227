using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>What every family of emissions must do, whatever its density.</summary>
public sealed class EmissionFamilyTests
{
    public static TheoryData<string> Names => EmissionCase.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_tile_of_frames_has_the_log_likelihoods_of_its_frames(string name)
    {
        foreach (int count in new[] { 1, 7, 128 })
        {
            (WeightedRows frames, _, HmmEmission emission) = EmissionCase.Get(name).Create(new Random(1), count);
            var lines = new double[emission.NumberOfStates * RowTile.Rows];
            emission.ComputeLogLikelihoods(EmissionCase.Tile(frames), count, lines);
            for (int n = 0; n < count; n++)
            {
                double[] expected = EmissionCase.LogLikelihoods(emission, frames.Row(n).ToArray());
                for (int k = 0; k < expected.Length; k++)
                    Assert.Equal(expected[k], lines[k * RowTile.Rows + n], 1e-11 * (1 + Math.Abs(expected[k])));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_frame_without_values_has_log_likelihood_zero_and_one_missing_value_changes_that(string name)
    {
        (WeightedRows frames, _, HmmEmission emission) = EmissionCase.Get(name).Create(new Random(2), 60);
        double[] nothing = [.. Enumerable.Repeat(double.NaN, emission.Dimension)];
        Assert.All(EmissionCase.LogLikelihoods(emission, nothing), value => Assert.Equal(0, value));

        double[] frame = frames.Row(0).ToArray();
        double[] whole = EmissionCase.LogLikelihoods(emission, frame);
        frame[0] = double.NaN;
        double[] incomplete = EmissionCase.LogLikelihoods(emission, frame);
        Assert.All(incomplete, value => Assert.False(double.IsNaN(value)));
        Assert.NotEqual(whole, incomplete);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Statistics_of_blocks_merge_to_those_of_all_frames(string name)
    {
        var random = new Random(3);
        (WeightedRows frames, EmissionLearner learner, HmmEmission current) = EmissionCase.Get(name).Create(random, 100);
        double[] responsibilities = EmissionCase.Responsibilities(random, 100);
        HmmEmission whole = learner.Maximize(EmissionCase.Gather(learner, current, frames, responsibilities), current);

        EmissionStatistics merged = learner.CreateStatistics(current);
        // What was there before must be gone.
        merged.Add(EmissionCase.Tile(frames), 100, responsibilities);
        merged.Clear();
        foreach ((int first, int count) in new[] { (0, 37), (37, 63) })
        {
            EmissionStatistics block = learner.CreateStatistics(current);
            var part = new double[count * frames.Dimension];
            var ofPart = new double[responsibilities.Length];
            for (int n = 0; n < count; n++)
            {
                frames.Row(first + n).CopyTo(part.AsSpan(n * frames.Dimension));
                for (int k = 0; k < EmissionCase.NumberOfStates; k++)
                    ofPart[k * RowTile.Rows + n] = responsibilities[k * RowTile.Rows + first + n];
            }
            block.Add(EmissionCase.Tile(new WeightedRows(part, frames.Dimension, default)), count, ofPart);
            merged.Merge(block);
        }
        HmmEmission fromBlocks = learner.Maximize(merged, current);
        Assert.Equal(
            EmissionCase.ExpectedLogLikelihood(whole, frames, responsibilities),
            EmissionCase.ExpectedLogLikelihood(fromBlocks, frames, responsibilities),
            1e-9);
        for (int n = 0; n < 20; n++)
        {
            double[] expected = EmissionCase.LogLikelihoods(whole, frames.Row(n).ToArray());
            double[] found = EmissionCase.LogLikelihoods(fromBlocks, frames.Row(n).ToArray());
            for (int k = 0; k < expected.Length; k++)
                Assert.Equal(expected[k], found[k], 1e-9 * (1 + Math.Abs(expected[k])));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_state_without_frames_keeps_its_emission(string name)
    {
        var random = new Random(4);
        (WeightedRows frames, EmissionLearner learner, HmmEmission current) = EmissionCase.Get(name).Create(random, 80);
        double[] responsibilities = EmissionCase.Responsibilities(random, 80);
        responsibilities.AsSpan(RowTile.Rows, RowTile.Rows).Clear();
        HmmEmission learned = learner.Maximize(EmissionCase.Gather(learner, current, frames, responsibilities), current);
        for (int n = 0; n < 80; n++)
        {
            double[] before = EmissionCase.LogLikelihoods(current, frames.Row(n).ToArray());
            double[] after = EmissionCase.LogLikelihoods(learned, frames.Row(n).ToArray());
            Assert.NotEqual(before[0], after[0]);
            Assert.Equal(before[1], after[1]);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Nobody_without_frames_is_nobody_lost(string name)
    {
        (WeightedRows frames, EmissionLearner learner, HmmEmission current) = EmissionCase.Get(name).Create(new Random(5), 50);
        HmmEmission kept = learner.Maximize(learner.CreateStatistics(current), current);
        Assert.Equal(EmissionCase.LogLikelihoods(current, frames.Row(3).ToArray()), EmissionCase.LogLikelihoods(kept, frames.Row(3).ToArray()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Emissions_come_back_from_a_file_bit_by_bit(string name)
    {
        (WeightedRows frames, _, HmmEmission emission) = EmissionCase.Get(name).Create(new Random(6), 90);
        byte[] bytes = EmissionCase.Write(emission);
        HmmEmission read = EmissionCase.Read(bytes);
        Assert.Equal(bytes, EmissionCase.Write(read));
        Assert.Equal(emission.NumberOfParameters, read.NumberOfParameters);
        for (int n = 0; n < frames.Count; n++)
            Assert.Equal(EmissionCase.LogLikelihoods(emission, frames.Row(n).ToArray()), EmissionCase.LogLikelihoods(read, frames.Row(n).ToArray()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_damaged_file_is_refused_or_gives_emissions_that_work(string name)
    {
        var random = new Random(7);
        (WeightedRows frames, _, HmmEmission emission) = EmissionCase.Get(name).Create(random, 40);
        byte[] bytes = EmissionCase.Write(emission);
        int refused = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            byte[] damaged = [.. bytes];
            if (trial % 4 == 0)
                damaged = damaged[..random.Next(damaged.Length)];
            else if (trial % 4 == 1)
                damaged.AsSpan(random.Next(damaged.Length / 8) * 8, 4).Fill(0xFF);
            else
                damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                HmmEmission read = EmissionCase.Read(damaged);
                if (read.Dimension != frames.Dimension || read.FindProblem(frames.Row(0)) is not null)
                    continue;
                Assert.All(EmissionCase.LogLikelihoods(read, frames.Row(0).ToArray()), value => Assert.True(value < double.PositiveInfinity, $"{value}"));
            }
            catch (Exception exception) when (exception is FormatException or EndOfStreamException)
            {
                refused++;
            }
            catch (Xunit.Sdk.EqualException)
            {
                // Bytes were left over; the block around the emissions checks that.
                refused++;
            }
        }
        Assert.True(refused > 500, $"{refused}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Draws_are_frames_that_the_family_can_emit_and_repeat_with_the_random_state(string name)
    {
        EmissionCase family = EmissionCase.Get(name);
        (_, _, HmmEmission emission) = family.Create(new Random(8), 100);
        Random random = new(9), same = new(9);
        var frame = new double[emission.Dimension];
        var again = new double[emission.Dimension];
        for (int n = 0; n < 200; n++)
        {
            emission.Sample(n % 3, random, frame);
            emission.Sample(n % 3, same, again);
            Assert.Equal(frame, again);
            Assert.Null(emission.FindProblem(frame));
            Assert.True(double.IsFinite(EmissionCase.LogLikelihoods(emission, frame)[n % 3]));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_start_gives_each_state_its_cluster_and_makes_no_training_frame_impossible(string name)
    {
        var random = new Random(10);
        (WeightedRows frames, EmissionLearner learner, _) = EmissionCase.Get(name).Create(random, 120);
        int[] clusters = [.. Enumerable.Range(0, 120).Select(n => n % 2)];
        foreach (int[]? given in new[] { clusters, null })
        {
            HmmEmission start = learner.Start(frames, given, new Random(11));
            HmmEmission same = learner.Start(frames, given, new Random(11));
            Assert.Equal(EmissionCase.Write(start), EmissionCase.Write(same));
            for (int n = 0; n < frames.Count; n++)
                Assert.All(EmissionCase.LogLikelihoods(start, frames.Row(n).ToArray()), value => Assert.True(double.IsFinite(value)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_start_from_a_sample_makes_nothing_impossible_that_only_the_other_frames_show(string name)
    {
        EmissionCase family = EmissionCase.Get(name);
        var random = new Random(13);
        (WeightedRows frames, EmissionLearner learner, _) = family.Create(random, 200);
        // Twenty times the first frame.
        var sample = new WeightedRows(Enumerable.Repeat(frames.Row(0).ToArray(), 20).SelectMany(row => row).ToArray(), frames.Dimension, default);
        foreach (int[]? clusters in new[] { new int[20], null })
        {
            HmmEmission start = learner.Start(sample, clusters, random);
            for (int n = 0; n < frames.Count; n++)
                Assert.All(EmissionCase.LogLikelihoods(start, frames.Row(n).ToArray()), value => Assert.True(double.IsFinite(value)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Arguments_are_checked(string name)
    {
        (WeightedRows frames, _, HmmEmission emission) = EmissionCase.Get(name).Create(new Random(12), 50);
        double[] frame = frames.Row(0).ToArray();
        Assert.Throws<ArgumentException>(() => emission.LogLikelihoods(new double[frame.Length + 1], new double[3]));
        Assert.Throws<ArgumentException>(() => emission.LogLikelihoods(frame, new double[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => emission.Sample(3, new Random(1), frame));
        Assert.Throws<ArgumentNullException>(() => emission.Sample(0, null!, frame));
        frame[^1] = double.PositiveInfinity;
        string message = Assert.Throws<ArgumentException>(() => EmissionCase.LogLikelihoods(emission, frame)).Message;
        Assert.Contains($"Feature {frame.Length - 1} is ", message, StringComparison.Ordinal);
    }
}
