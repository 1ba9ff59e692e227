using TorchSharp;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>A row's results have the same bits in a large call, in a small one, and alone, with and without holes, for any number of libtorch's threads.</summary>
public sealed class BlockShapeTests : TorchTests
{
    public static TheoryData<int, int, int[], VaeLikelihood, int> Architectures
    {
        get
        {
            var cases = new TheoryData<int, int, int[], VaeLikelihood, int>();
            foreach (int threads in (int[])[1, 3, 4])
            {
                cases.Add(1, 1, [], VaeLikelihood.Gaussian, threads);
                cases.Add(1, 3, [5], VaeLikelihood.ContinuousBernoulli, threads);
                cases.Add(5, 1, [], VaeLikelihood.GaussianFixedVariance, threads);
                cases.Add(13, 7, [33, 10], VaeLikelihood.GaussianSharedVariance, threads);
                cases.Add(6, 2, [7], VaeLikelihood.Bernoulli, threads);
                cases.Add(67, 2, [129], VaeLikelihood.Gaussian, threads);
                cases.Add(784, 20, [400], VaeLikelihood.Bernoulli, threads);
            }
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Any_number_of_rows_gives_each_the_same_bits(int dimension, int latents, int[] hidden, VaeLikelihood likelihood, int threads)
    {
        torch.set_num_threads(threads);
        double[] rows = WithHoles(Untrained.Rows(520, dimension), dimension);
        foreach (int scoringSamples in (int[])[1, 5])
        {
            VaeModel model = Untrained.Create(dimension, latents, hidden, likelihood, scoringSamples);
            Found expected = Found.By(model, rows, 520);
            foreach (int count in (int[])[0, 1, 7, 8, 9, 63, 64, 65, 255, 256, 257, 513])
                expected.AssertBeginsWith(Found.By(model, rows.AsSpan(0, count * dimension), count));
            for (int n = 0; n < 12; n++)
                Assert.Equal(expected.Scores[n], model.LogDensity(rows.AsSpan(n * dimension, dimension)));
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Padding_to_a_large_call_gives_the_bits_of_small_calls(int dimension, int latents, int[] hidden, VaeLikelihood likelihood, int threads)
    {
        torch.set_num_threads(threads);
        double[] rows = WithHoles(Untrained.Rows(30, dimension), dimension);
        foreach (int elboSamples in (int[])[2, 16, 70])
        {
            foreach (int scoringSamples in (int[])[1, 3])
            {
                VaeModel model = Untrained.Create(dimension, latents, hidden, likelihood, scoringSamples, elboSamples);
                if (!Enum.GetValues<ShapeUse>().Where(use => use != ShapeUse.ImportanceWeightedBound || scoringSamples > 1).All(model.Inference.ShapesAgree))
                    continue;
                foreach (int count in (int[])[1, 5, 8, 30])
                    Assert.Equal(Run(model, rows, count, smallCalls: false), Run(model, rows, count, smallCalls: true));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void A_row_has_the_same_bits_at_every_place(int dimension, int latents, int[] hidden, VaeLikelihood likelihood, int threads)
    {
        torch.set_num_threads(threads);
        double[] row = Untrained.Rows(1, dimension, seed: 5);
        double[] rows = [.. Enumerable.Repeat(row, 512).SelectMany(values => values)];
        VaeModel model = Untrained.Create(dimension, latents, hidden, likelihood);
        var scores = new double[512];
        model.LogDensity(rows, scores);
        Assert.Single(scores.Distinct());
        Assert.Single(model.Reconstruct(rows).Chunk(dimension).Select(values => string.Join(' ', values)).Distinct());
    }

    [Fact]
    public void A_check_that_fails_pads_single_rows()
    {
        VaeModel model = Untrained.Create(5, 2, [8], VaeLikelihood.Gaussian);
        var asked = new List<ShapeUse>();
        using var block = new VaeBlock(model, 1, use =>
        {
            asked.Add(use);
            return false;
        });
        double[] row = Untrained.Rows(1, 5);
        block.SetRow<double>(0, row);
        block.Score(1);
        Assert.Equal(model.LogDensity(row), block.LogDensity(0));
        block.Encode(1);
        Assert.Equal(model.Encode(row), block.Means.Take(2).Select(value => (double)value));
        Assert.Equal([ShapeUse.Elbo, ShapeUse.Encode], asked);
    }

    [Fact]
    public void Several_threads_check_a_new_model_at_once()
    {
        VaeModel model = Untrained.Create(50, 4, [40], VaeLikelihood.Bernoulli);
        double[] rows = Untrained.Rows(16, 50);
        var found = new double[8];
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => found[i] = model.LogDensity(rows.AsSpan(0, 50)));
        Assert.All(found, score => Assert.Equal(found[0], score));
    }

    // Every third row lacks a feature, and some lack all.
    private static double[] WithHoles(double[] rows, int dimension)
    {
        for (int n = 0; n < rows.Length / dimension; n += 3)
            rows[n * dimension + n % dimension] = double.NaN;
        rows.AsSpan(12 * dimension, dimension).Fill(double.NaN);
        return rows;
    }

    private static string Run(VaeModel model, double[] rows, int count, bool smallCalls)
    {
        using var block = new VaeBlock(model, count, _ => smallCalls);
        for (int start = 0; start < count; start += block.Capacity)
            block.Load(rows.AsSpan(0, count * model.Dimension), start, count);
        block.Score(count);
        block.Decode(count);
        return string.Join(' ', Enumerable.Range(0, count).Select(block.LogDensity)
            .Concat(block.Means.Take(count * model.LatentDimension).Concat(block.StandardDeviations.Take(count * model.LatentDimension)).Select(value => (double)value))
            .Concat(block.Reconstructions.Take(count * model.Dimension).Select(value => (double)value)));
    }

    private sealed record Found(double[] Scores, double[] Means, double[] Deviations, double[] Reconstructions)
    {
        public static Found By(VaeModel model, ReadOnlySpan<double> rows, int count)
        {
            var scores = new double[count];
            var means = new double[count * model.LatentDimension];
            var deviations = new double[means.Length];
            model.LogDensity(rows, scores);
            model.Encode(rows, means, deviations);
            double[] reconstructions = model.Reconstruct(rows);
            Assert.All(scores.Concat(means).Concat(deviations).Concat(reconstructions), value => Assert.True(double.IsFinite(value)));
            return new Found(scores, means, deviations, reconstructions);
        }

        public void AssertBeginsWith(Found few)
        {
            Assert.Equal(Scores.Take(few.Scores.Length), few.Scores);
            Assert.Equal(Means.Take(few.Means.Length), few.Means);
            Assert.Equal(Deviations.Take(few.Deviations.Length), few.Deviations);
            Assert.Equal(Reconstructions.Take(few.Reconstructions.Length), few.Reconstructions);
        }
    }
}
