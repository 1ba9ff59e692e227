using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Training on rows with missing values.</summary>
public sealed class MissingFeaturesTests : TorchTests
{
    private const int D = SmallVae.Dimension;

    [Fact]
    public void Holes_cost_little_where_means_in_their_place_cost_much()
    {
        var truth = LinearGaussian.Random(seed: 8, Vector<double>.Build.Dense(10, j => j - 4), Vector<double>.Build.Dense(10, j => 0.25 * (1 + j)), 40, 20);
        double[] complete = truth.Draw(2000, seed: 4);
        double[] holes = Holes.Punch(complete, 0.25, seed: 6);
        double[] unseen = truth.Draw(1000, seed: 5);

        double best = Density(truth, unseen);
        double ofComplete = Density(Learn(complete), unseen);
        double ofHoles = Density(Learn(holes), unseen);
        double ofMeans = Density(Learn(Holes.FillWithMeans(holes, truth.Dimension)), unseen);

        Assert.InRange(ofComplete, best - 0.03, best);
        // One encoder for all patterns of holes cannot be exact: that is what is lost, beside a quarter of the values.
        Assert.InRange(ofHoles, best - 0.25, best);
        Assert.True(ofMeans < best - 0.5);
    }

    [Theory]
    [InlineData(VaeLikelihood.Bernoulli, false)]
    [InlineData(VaeLikelihood.Bernoulli, true)]
    [InlineData(VaeLikelihood.ContinuousBernoulli, false)]
    [InlineData(VaeLikelihood.Gaussian, false)]
    [InlineData(VaeLikelihood.GaussianSharedVariance, false)]
    [InlineData(VaeLikelihood.GaussianFixedVariance, false)]
    public void Every_likelihood_learns_from_incomplete_rows_and_is_measured_on_them(VaeLikelihood likelihood, bool isBinarized)
    {
        double[] holes = Holes.Punch(SmallVae.Grey, 0.3, seed: 1);
        VaeEstimator.Options options = SmallVae.Options(options =>
            (options.Likelihood, options.DynamicBinarization, options.ValidationFraction, options.FixedStandardDeviation, options.NumberOfEpochs) = (likelihood, isBinarized, 0.2f, 0.1, 60));
        VaeFit fit = VaeLearner.Fit(holes, D, options);

        VaeEpoch[] epochs = [.. fit.Summary.Epochs];
        Assert.Equal(60, epochs.Length);
        Assert.All(epochs, epoch => Assert.True(double.IsFinite(epoch.Objective) && double.IsFinite(epoch.ValidationObjective!.Value)));
        Assert.True(epochs[^1].Objective > epochs[0].Objective);
        Assert.Equal(fit.Model.Weights, VaeLearner.Fit(holes, D, options).Model.Weights);
        Assert.All(fit.Model.Weights, weights => Assert.All(weights, weight => Assert.True(float.IsFinite(weight))));
    }

    [Fact]
    public void A_feature_is_standardised_over_the_values_that_are_known()
    {
        double[] rows = [double.NaN, 1, 4, double.NaN, 8, 5, 6, double.NaN];
        var scaling = FeatureScaling.Standardize(rows, 2, out IReadOnlyList<int> constant);
        Assert.Empty(constant);
        Assert.Equal([6, 3], scaling.Means, (expected, found) => Math.Abs(expected - found) < 1e-12);
        Assert.Equal([Math.Sqrt(8.0 / 3), 2], scaling.Scales, (expected, found) => Math.Abs(expected - found) < 1e-12);

        FeatureScaling.Standardize([double.NaN, 1, 7, 2, 7, double.NaN], 2, out constant);
        Assert.Equal([0], constant);
    }

    [Fact]
    public void The_likelihood_is_chosen_by_the_values_that_are_known()
    {
        double[] bits = Holes.Punch([.. SmallVae.Grey.Select(value => value > 0.5 ? 1.0 : 0)], 0.2, seed: 1);
        Assert.Equal(VaeLikelihood.Bernoulli, VaeLearner.Fit(bits, D, SmallVae.Options()).Model.Likelihood);
        Assert.Equal(VaeLikelihood.Gaussian, VaeLearner.Fit(Holes.Punch(SmallVae.Grey, 0.2, seed: 1), D, SmallVae.Options()).Model.Likelihood);
    }

    [Fact]
    public void The_summary_says_how_many_values_were_missing()
    {
        double[] rows = [.. SmallVae.Rows];
        (rows[3], rows[4], rows[17]) = (double.NaN, double.NaN, double.NaN);
        VaeFit fit = VaeLearner.Fit(rows, D, SmallVae.Options());
        Assert.Contains("3 values are missing, in 2 of 200 rows: they were left out of the reconstruction term.", fit.Summary.Notes);
        Assert.DoesNotContain(SmallVae.Fit().Summary.Notes, note => note.Contains("missing", StringComparison.Ordinal));
    }

    [Fact]
    public void Rows_without_any_value_are_as_if_they_were_not_there()
    {
        double[] nothing = [.. Enumerable.Repeat(double.NaN, D)];
        double[] holes = [.. SmallVae.Rows];
        holes[7] = double.NaN;
        double[] more = [.. nothing, .. holes[..(20 * D)], .. nothing, .. nothing, .. holes[(20 * D)..], .. nothing];
        VaeFit expected = VaeLearner.Fit(holes, D, SmallVae.Options());
        VaeFit found = VaeLearner.Fit(more, D, SmallVae.Options());
        Assert.Equal(expected.Model.Weights, found.Model.Weights);
        Assert.Contains("4 of 204 rows have no value at all, and were left out of the training.", found.Summary.Notes);
    }

    [Fact]
    public void What_belongs_to_rows_is_left_out_with_them()
    {
        var missing = MissingFeatures.Find([double.NaN, double.NaN, 1, double.NaN, double.NaN, double.NaN, 2, 3], 2, FeatureNames.None);
        Assert.Equal([0, 2], missing.EmptyRows);
        Assert.Equal([11, 13], missing.WithoutEmptyRows(new double[] { 10, 11, 12, 13 }, 1).ToArray());
        double[] complete = [1, 2];
        Assert.Equal(complete.AsMemory(), MissingFeatures.Find(complete, 2, FeatureNames.None).WithoutEmptyRows(complete.AsMemory(), 2));
    }

    [Fact]
    public void A_missing_feature_adds_nothing_to_the_reconstruction_and_is_zero_for_the_encoder()
    {
        double[] zeros = [.. SmallVae.Grey];
        double[] holes = [.. SmallVae.Grey];
        for (int i = 2; i < holes.Length; i += 11)
            (zeros[i], holes[i]) = (0, double.NaN);
        // With weights that do not move, an epoch tells of the same posteriors; only the reconstruction is less of a loss.
        VaeEstimator.Options options = SmallVae.Options(options =>
            (options.Likelihood, options.NumberOfEpochs, options.LearningRate) = (VaeLikelihood.Bernoulli, 1, 1e-30));
        VaeEpoch ofZeros = VaeLearner.Fit(zeros, D, options).Summary.Epochs[0];
        VaeEpoch ofHoles = VaeLearner.Fit(holes, D, options).Summary.Epochs[0];
        Assert.Equal(ofZeros.KlDivergence, ofHoles.KlDivergence, 1e-9);
        // Each hole takes log(1 + e^a) away, which is near log 2 at the start.
        double perRow = holes.Count(double.IsNaN) / 200.0;
        Assert.InRange((ofHoles.Reconstruction - ofZeros.Reconstruction) / perRow, 0.4, 1);
    }

    private static LinearGaussian Learn(double[] rows) => LinearGaussian.Of(VaeLearner.Fit(rows, 10, new VaeEstimator.Options
    {
        LatentDimension = 2,
        HiddenLayers = [32],
        DecoderHiddenLayers = [],
        Likelihood = VaeLikelihood.Gaussian,
        NumberOfEpochs = 150,
        BatchSize = 100,
        LearningRate = 3e-3,
        Seed = 1,
        NumberOfThreads = 1,
    }).Model);

    private static double Density(LinearGaussian distribution, double[] rows) => rows.Chunk(distribution.Dimension).Average(row => distribution.LogDensity(row));
}
