using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>What the learner and a model refuse, and what they say.</summary>
public sealed class VaeLearnerBadInputTests : TorchTests
{
    private const int D = SmallVae.Dimension;

    [Fact]
    public void Rows_of_a_wrong_length()
    {
        Refuses<ArgumentException>("There are 0 values", () => VaeLearner.Fit(ReadOnlyMemory<double>.Empty, D, SmallVae.Options()));
        Refuses<ArgumentException>("There are 7 values, which is not one or more rows of 5 features", () => VaeLearner.Fit(new double[7], D, SmallVae.Options()));
        Refuses<ArgumentOutOfRangeException>("dimension", () => VaeLearner.Fit(new double[7], 0, SmallVae.Options()));
        Assert.Throws<ArgumentNullException>(() => VaeLearner.Fit(new double[7], 1, null!));
    }

    [Theory]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void A_value_that_is_infinite(double value, string text)
    {
        double[] rows = [.. SmallVae.Grey];
        rows[3 * D + 2] = value;
        foreach (VaeLikelihood likelihood in Enum.GetValues<VaeLikelihood>())
            Refuses<InvalidOperationException>($"Row 3, feature 2 is {text}.", () => VaeLearner.Fit(rows, D, SmallVae.Options(options => options.Likelihood = likelihood)));
    }

    [Fact]
    public void A_feature_that_is_missing_in_every_row()
    {
        double[] rows = [.. SmallVae.Grey.Select((value, i) => i % D == 3 ? double.NaN : value)];
        foreach (VaeLikelihood likelihood in Enum.GetValues<VaeLikelihood>())
            Refuses<InvalidOperationException>("All 200 rows have a missing value (NaN) in feature 3, ", () => VaeLearner.Fit(rows, D, SmallVae.Options(options => options.Likelihood = likelihood)));
        Refuses<InvalidOperationException>("feature 0", () => VaeLearner.Fit(Enumerable.Repeat(double.NaN, D).ToArray(), D, SmallVae.Options()));
    }

    [Theory]
    [InlineData(VaeLikelihood.Bernoulli)]
    [InlineData(VaeLikelihood.ContinuousBernoulli)]
    public void A_value_outside_the_unit_interval(VaeLikelihood likelihood)
    {
        foreach (double value in (double[])[-0.5, 1.5])
        {
            double[] rows = [.. SmallVae.Grey];
            rows[^1] = value;
            string message = Assert.Throws<InvalidOperationException>(() => VaeLearner.Fit(rows, D, SmallVae.Options(options => options.Likelihood = likelihood))).Message;
            Assert.Contains(FormattableString.Invariant($"Row 199, feature 4 is {value}, but likelihood {likelihood} is for values from 0 to 1"), message, StringComparison.Ordinal);
            Assert.Contains("use likelihood Gaussian", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Options_out_of_range()
    {
        RefusesOption("LatentDimension", options => options.LatentDimension = 0);
        RefusesOption("Beta", options => options.Beta = -0.1f);
        RefusesOption("Beta", options => options.Beta = float.NaN);
        RefusesOption("Beta", options => options.Beta = float.PositiveInfinity);
        RefusesOption("HiddenLayers[1]", options => options.HiddenLayers = [4, 0]);
        RefusesOption("HiddenLayers", options => options.HiddenLayers = null!);
        RefusesOption("DecoderHiddenLayers[0]", options => options.DecoderHiddenLayers = [-1]);
        RefusesOption("Activation", options => options.Activation = (VaeActivation)9);
        RefusesOption("Likelihood", options => options.Likelihood = (VaeLikelihood)9);
        RefusesOption("Objective", options => options.Objective = (VaeObjective)9);
        RefusesOption("FixedStandardDeviation", options => options.FixedStandardDeviation = 0);
        RefusesOption("FixedStandardDeviation", options => options.FixedStandardDeviation = double.NaN);
        RefusesOption("SamplesPerRow", options => options.SamplesPerRow = 0);
        RefusesOption("ElboSamples", options => options.ElboSamples = 7);
        RefusesOption("ElboSamples", options => options.ElboSamples = 0);
        RefusesOption("ScoringSamples", options => options.ScoringSamples = 0);
        RefusesOption("NumberOfEpochs", options => options.NumberOfEpochs = 0);
        RefusesOption("BatchSize", options => options.BatchSize = 0);
        RefusesOption("LearningRate", options => options.LearningRate = 0);
        RefusesOption("LearningRate", options => options.LearningRate = double.PositiveInfinity);
        RefusesOption("ValidationFraction", options => options.ValidationFraction = 1);
        RefusesOption("ValidationFraction", options => options.ValidationFraction = -0.1f);
        RefusesOption("ValidationFraction", options => options.ValidationFraction = float.NaN);
        RefusesOption("NumberOfThreads", options => options.NumberOfThreads = 0);
        RefusesOption("GpuDeviceId", options => options.GpuDeviceId = -1);
    }

    [Theory]
    [InlineData(VaeLikelihood.ContinuousBernoulli)]
    [InlineData(VaeLikelihood.Gaussian)]
    [InlineData(VaeLikelihood.GaussianSharedVariance)]
    [InlineData(VaeLikelihood.GaussianFixedVariance)]
    public void Dynamic_binarisation_with_another_likelihood(VaeLikelihood likelihood) =>
        RefusesOption("DynamicBinarization", options => (options.DynamicBinarization, options.Likelihood) = (true, likelihood));

    [Fact]
    public void A_noise_too_far_from_the_scale_of_a_feature()
    {
        Refuses<ArgumentException>("The standard deviation of feature 0", () => SmallVae.Fit(options =>
            (options.Likelihood, options.FixedStandardDeviation) = (VaeLikelihood.GaussianFixedVariance, 1e20)));
        double[] rows = [.. SmallVae.Rows.Select((value, i) => i % D == 2 ? value * 1e-30 : value)];
        Refuses<ArgumentException>("feature 2", () => VaeLearner.Fit(rows, D, SmallVae.Options(options => options.Likelihood = VaeLikelihood.GaussianSharedVariance)));
    }

    [Fact]
    public void Arguments_of_a_models_methods()
    {
        VaeModel model = SmallVae.Fit(options => options.NumberOfEpochs = 1).Model;
        double[] row = SmallVae.Rows[..D];
        Refuses<ArgumentException>("There are 7 values", () => model.Encode(new double[7]));
        Refuses<ArgumentException>("There are 7 values", () => model.Reconstruct(new double[7]));
        Refuses<ArgumentException>("means has 3 values; it must have 2", () => model.Encode(row, new double[3], new double[2]));
        Refuses<ArgumentException>("standardDeviations has 1 values; it must have 2", () => model.Encode(row, new double[2], new double[1]));
        Refuses<ArgumentException>("There are 3 values", () => model.Decode(new double[3]));
        Refuses<ArgumentException>("row has 10 values; it must have 5", () => model.LogDensity([.. row, .. row]));
        Refuses<ArgumentException>("logDensities has 2 values; it must have 1", () => model.LogDensity(row, new double[2]));
        Refuses<ArgumentException>("There are 7 values", () => model.LogDensity(new double[7], new double[1]));
        Refuses<ArgumentException>("from has 4", () => model.Interpolate(row.AsSpan(1), row, 3));
        Refuses<ArgumentException>("to has 4", () => model.Interpolate(row, row.AsSpan(1), 3));
        Refuses<ArgumentException>("numberOfSteps", () => model.Interpolate(row, row, 1));
        Refuses<ArgumentException>("row has 4", () => model.Traverse(row.AsSpan(1), 0));
        Refuses<ArgumentException>("latent", () => model.Traverse(row, 2));
        Refuses<ArgumentException>("latent", () => model.Traverse(row, -1));
        Refuses<ArgumentException>("lowest", () => model.Traverse(row, 0, lowest: double.NaN));
        Refuses<ArgumentException>("highest", () => model.Traverse(row, 0, highest: double.PositiveInfinity));
        Refuses<ArgumentException>("numberOfSteps", () => model.Traverse(row, 0, numberOfSteps: 1));
        Refuses<ArgumentException>("count", () => model.Sample(-1, seed: 0));
        Refuses<ArgumentException>("There are 7 values", () => model.Evaluate(new double[7]));
        Refuses<ArgumentException>("no rows", () => model.Evaluate([]));
        Refuses<ArgumentException>("numberOfImportanceSamples", () => model.Evaluate(row, 0));
        Refuses<InvalidOperationException>("Row 2, feature 1 is Infinity", () => model.Evaluate([.. row, .. row, double.NaN, double.PositiveInfinity, 2, 3, 4]));
        Assert.Empty(model.Sample(0, seed: 0));
        Assert.Empty(model.Encode([]));
        Assert.Empty(model.Decode([]));
    }

    [Fact]
    public void Rows_that_cannot_occur_have_no_density()
    {
        VaeModel grey = VaeLearner.Fit(SmallVae.Grey, D, SmallVae.Options(options => options.Likelihood = VaeLikelihood.ContinuousBernoulli)).Model;
        Assert.Equal(double.NegativeInfinity, grey.LogDensity([0, 0.5, 1, 1.01, 0]));
        Assert.True(double.IsFinite(grey.LogDensity([0, 0.5, 1, 1, 0])));
        VaeModel model = SmallVae.Fit().Model;
        Assert.Equal(double.NegativeInfinity, model.LogDensity([0, double.NaN, double.PositiveInfinity, 0, 0]));
        Assert.Equal(double.NegativeInfinity, model.LogDensity([0, 0, double.PositiveInfinity, 0, 0]));
        // Far away, not impossible; past what 32 bits hold it is as good as impossible.
        Assert.InRange(model.LogDensity([0, 0, 1e5, 0, 0]), -1e20, -1e5);
        Assert.False(double.IsNaN(model.LogDensity([0, 0, 1e300, 0, 0])));
    }

    private static void RefusesOption(string name, Action<VaeEstimator.Options> change) =>
        Assert.Contains(name, Assert.ThrowsAny<ArgumentException>(() => SmallVae.Fit(change)).Message, StringComparison.Ordinal);

    private static void Refuses<TException>(string part, Func<object> action)
        where TException : Exception =>
        Assert.Contains(part, Assert.ThrowsAny<TException>(action).Message, StringComparison.Ordinal);

    private static void Refuses<TException>(string part, Action action)
        where TException : Exception =>
        Assert.Contains(part, Assert.ThrowsAny<TException>(action).Message, StringComparison.Ordinal);
}
