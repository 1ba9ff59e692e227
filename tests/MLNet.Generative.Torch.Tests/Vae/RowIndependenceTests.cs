using CsCheck;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>A row's results have the same bits alone, among any others, at any place and from any thread.</summary>
public sealed class RowIndependenceTests : TorchTests
{
    private const int Count = 200;
    private const int D = SmallVae.Dimension;

    [Theory]
    [MemberData(nameof(VaeDeterminismTests.AllLikelihoods), MemberType = typeof(VaeDeterminismTests))]
    public void Among_any_others_and_at_any_place(VaeLikelihood likelihood)
    {
        VaeModel model = VaeDeterminismTests.Fit(likelihood, seed: 3).Model;
        Results[] alone = [.. Enumerable.Range(0, Count).Select(n => Results.Of(model, SmallVae.Grey[(D * n)..(D * n + D)])[0])];
        Gen.Int[0, Count - 1].Array[1, 100].Sample(
            chosen => Assert.Equal(chosen.Select(n => alone[n]), Results.Of(model, [.. chosen.SelectMany(n => SmallVae.Grey[(D * n)..(D * n + D)])])),
            iter: 30,
            threads: 1);
    }

    [Fact]
    public void Beside_rows_that_are_no_numbers_or_far_away()
    {
        VaeModel model = SmallVae.Fit().Model;
        double[] row = SmallVae.Rows[..D];
        Results alone = Results.Of(model, row)[0];
        foreach (double odd in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e30, -1e300])
        {
            double[] neighbour = [.. Enumerable.Repeat(odd, D)];
            Results[] found = Results.Of(model, [.. neighbour, .. row, .. neighbour, .. neighbour, .. row]);
            Assert.Equal(alone, found[1]);
            Assert.Equal(alone, found[4]);
            Assert.NotEqual(alone, found[0]);
        }
    }

    [Fact]
    public void From_several_threads_at_once()
    {
        VaeModel model = SmallVae.Fit().Model;
        Results[] expected = Results.Of(model, SmallVae.Rows);
        double[][] drawn = model.Sample(50, seed: 4);
        VaeMetrics metrics = model.Evaluate(SmallVae.Rows, 5);
        Parallel.For(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            Assert.Equal(expected, Results.Of(model, SmallVae.Rows));
            Assert.Equal(drawn, model.Sample(50, seed: 4));
            Assert.Equal(metrics.ImportanceWeightedLogLikelihood, model.Evaluate(SmallVae.Rows, 5).ImportanceWeightedLogLikelihood);
        });
    }

    /// <summary>All that a model says about a row, as texts with every bit.</summary>
    private sealed record Results(double LogDensity, string Means, string Deviations, string Reconstruction)
    {
        public static Results[] Of(VaeModel model, double[] rows)
        {
            int count = rows.Length / D;
            var scores = new double[count];
            var means = new double[count * model.LatentDimension];
            var deviations = new double[means.Length];
            model.LogDensity(rows, scores);
            model.Encode(rows, means, deviations);
            double[][] reconstructions = [.. model.Reconstruct(rows).Chunk(D)];
            Assert.Equal(means, model.Encode(rows));
            return [.. Enumerable.Range(0, count).Select(n => new Results(
                scores[n],
                string.Join(' ', means.AsSpan(n * model.LatentDimension, model.LatentDimension).ToArray()),
                string.Join(' ', deviations.AsSpan(n * model.LatentDimension, model.LatentDimension).ToArray()),
                string.Join(' ', reconstructions[n])))];
        }
    }
}
