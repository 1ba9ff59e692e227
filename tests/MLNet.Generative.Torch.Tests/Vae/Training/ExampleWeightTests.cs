using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Rows that count more than others.</summary>
public sealed class ExampleWeightTests : TorchTests
{
    [Fact]
    public void A_row_of_weight_0_is_not_there()
    {
        double[] weights = [.. Enumerable.Range(0, 200).Select(row => row % 3 == 0 ? 0 : 2.0)];
        double[] kept = [.. SmallVae.Rows.Chunk(SmallVae.Dimension).Where((_, row) => row % 3 != 0).SelectMany(row => row)];
        VaeFit weighted = VaeLearner.Fit(SmallVae.Rows, SmallVae.Dimension, SmallVae.Options(), weights);
        VaeFit without = VaeLearner.Fit(kept, SmallVae.Dimension, SmallVae.Options());
        // All others weigh the same.
        Assert.Equal(without.Model.Weights, weighted.Model.Weights);
    }

    [Fact]
    public void A_weight_is_worth_as_many_copies()
    {
        // A linear model has one optimum: with weights it is that of copies.
        double[][] rows = [.. SmallVae.Rows.Chunk(SmallVae.Dimension)];
        double large = rows.Select(row => row[0]).Order().ElementAt(180);
        double[] weights = [.. rows.Select(row => row[0] >= large ? 10 : 0.5)];
        double[] copies = [.. rows.SelectMany(row => Enumerable.Repeat(row, row[0] >= large ? 20 : 1)).SelectMany(row => row)];
        double expected = Linear(copies, []).Model.Evaluate(copies, 1).Elbo;
        double found = Linear(SmallVae.Rows, weights).Model.Evaluate(copies, 1).Elbo;
        double ignored = Linear(SmallVae.Rows, []).Model.Evaluate(copies, 1).Elbo;
        Assert.Equal(expected, found, 0.04);
        Assert.True(ignored < expected - 0.2);
    }

    [Fact]
    public void Statistics_are_weighted_means()
    {
        double[] weights = [.. SmallVae.Rows.Chunk(SmallVae.Dimension).Select(row => 0.01 + Math.Pow(row[0], 4))];
        // With weights that stay as drawn.
        VaeFit fit = VaeLearner.Fit(SmallVae.Rows, SmallVae.Dimension, SmallVae.Options(options => (options.LearningRate, options.NumberOfEpochs, options.SamplesPerRow) = (1e-12, 1, 256)), weights);
        var logDensities = new double[200];
        fit.Model.LogDensity(SmallVae.Rows, logDensities);
        double expected = logDensities.Zip(weights, (value, weight) => value * weight).Sum() / weights.Sum();
        Assert.Equal(expected, fit.Summary.Epochs[0].Objective, 0.02);
        Assert.True(Math.Abs(expected - logDensities.Average()) > 0.05);
    }

    [Fact]
    public void A_column_of_weights_is_read()
    {
        var mlContext = new MLContext(seed: 1);
        double[][] rows = [.. SmallVae.Rows.Chunk(SmallVae.Dimension)];
        IDataView data = mlContext.Data.LoadFromEnumerable(rows.Select((row, n) => new WeightedRow { Features = row, Weight = n % 3 == 0 ? 0 : 1 }));
        VaeTransformer weighted = mlContext.Transforms.Vae(SmallVae.Options(options => options.ExampleWeightColumnName = "Weight")).Fit(data);
        IDataView others = mlContext.Data.FilterRowsByColumn(data, "Weight", lowerBound: 0.5);
        VaeTransformer without = mlContext.Transforms.Vae(SmallVae.Options()).Fit(others);
        Assert.Equal(without.Model.Weights, weighted.Model.Weights);

        Assert.Contains("weight column 'Nothing'", Assert.ThrowsAny<Exception>(() => mlContext.Transforms.Vae(SmallVae.Options(options => options.ExampleWeightColumnName = "Nothing")).Fit(data)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 200, "Weight 0 is -1")]
    [InlineData(double.NaN, 200, "Weight 0 is NaN")]
    [InlineData(double.PositiveInfinity, 200, "Weight 0 is")]
    [InlineData(0, 200, "All weights are 0")]
    [InlineData(1, 199, "199 weights for 200 rows")]
    public void Bad_weights_are_errors(double weight, int count, string expected)
    {
        double[] weights = [.. Enumerable.Repeat(weight, count)];
        ArgumentException exception = Assert.Throws<ArgumentException>(() => VaeLearner.Fit(SmallVae.Rows, SmallVae.Dimension, SmallVae.Options(), weights));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_ratios_of_weights_count_however_large_they_are()
    {
        double[] Objectives(double factor) => [.. VaeLearner.Fit(SmallVae.Rows, SmallVae.Dimension, SmallVae.Options(), Enumerable.Range(1, 200).Select(n => n * factor).ToArray()).Summary.Epochs.Select(epoch => epoch.Objective)];
        double[] expected = Objectives(1);
        Assert.Equal(expected[^1], Objectives(1e305)[^1], 1e-3);
        Assert.Equal(expected[^1], Objectives(1e-300)[^1], 1e-3);
    }

    [Fact]
    public void A_row_of_next_to_no_weight_does_not_hide_how_a_feature_varies()
    {
        double[] rows = [.. SmallVae.Rows];
        rows[0] = 1e9;
        double[] weights = [1e-20, .. Enumerable.Repeat(1.0, 199)];
        FeatureScaling scaling = FeatureScaling.Standardize(rows, SmallVae.Dimension, out IReadOnlyList<int> constant, weights);
        FeatureScaling others = FeatureScaling.Standardize(SmallVae.Rows.AsSpan(SmallVae.Dimension), SmallVae.Dimension, out _);
        Assert.Empty(constant);
        Assert.Equal(others.Scales[0], scaling.Scales[0], 1e-4);
    }

    [Fact]
    public void Errors_number_rows_as_they_were_given()
    {
        double[] rows = [.. SmallVae.Rows];
        rows[7 * SmallVae.Dimension + 1] = double.PositiveInfinity;
        double[] weights = [0, 0, 0, 0, 0, .. Enumerable.Repeat(1.0, 195)];
        Assert.Contains("Row 7, feature 1", Assert.Throws<InvalidOperationException>(() => VaeLearner.Fit(rows, SmallVae.Dimension, SmallVae.Options(), weights)).Message, StringComparison.Ordinal);
        Assert.Contains("5 values", Assert.Throws<ArgumentException>(() => VaeLearner.Fit(rows.AsMemory(0, 5), 2, SmallVae.Options(), new double[] { 1, 1 })).Message, StringComparison.Ordinal);
    }

    private static VaeFit Linear(double[] rows, double[] weights) => VaeLearner.Fit(
        rows,
        SmallVae.Dimension,
        new VaeEstimator.Options { HiddenLayers = [], LatentDimension = 2, Likelihood = VaeLikelihood.Gaussian, LearningRate = 0.02, NumberOfEpochs = rows.Length > 1000 ? 100 : 250, BatchSize = 64, Seed = 1, NumberOfThreads = 1 },
        weights);

    private sealed class WeightedRow
    {
        [VectorType(SmallVae.Dimension)]
        public double[] Features { get; set; } = [];

        public float Weight { get; set; }
    }
}
