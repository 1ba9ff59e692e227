using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Rows that are allowed but hard: few, constant, duplicated, of extreme scales, or with fewer features than latents.</summary>
public sealed class DifficultRowsTests : TorchTests
{
    private const int D = SmallVae.Dimension;

    public static TheoryData<VaeLikelihood> Learned => [VaeLikelihood.Gaussian, VaeLikelihood.GaussianSharedVariance];

    [Theory]
    [MemberData(nameof(VaeDeterminismTests.AllLikelihoods), MemberType = typeof(VaeDeterminismTests))]
    public void One_row(VaeLikelihood likelihood)
    {
        VaeFit fit = VaeLearner.Fit(SmallVae.Grey.AsMemory(0, D), D, SmallVae.Options(options => (options.Likelihood, options.ValidationFraction) = (likelihood, 0.9f)));
        Assert.Equal(20, fit.Summary.Epochs.Count);
        Assert.True(double.IsFinite(fit.Model.Evaluate(SmallVae.Grey.AsSpan(0, D)).Elbo));
        Assert.All(fit.Model.Sample(50, seed: 1), row => Assert.All(row, value => Assert.True(double.IsFinite(value))));
    }

    [Theory]
    [MemberData(nameof(Learned))]
    public void Constant_and_duplicated_features_are_bounded_by_the_floor_of_the_variance(VaeLikelihood likelihood)
    {
        // The second feature is constant, and the third a copy of the first: a decoder with two latents can give all three exactly.
        double[] rows = [.. SmallVae.Rows.Chunk(D).SelectMany(row => (double[])[row[0], 7, row[0]])];
        VaeFit fit = VaeLearner.Fit(rows, 3, SmallVae.Options(options =>
            (options.Likelihood, options.HiddenLayers, options.NumberOfEpochs, options.LearningRate) = (likelihood, [], 400, 0.02)));

        double variance = rows.Chunk(3).Average(row => row[0] * row[0]) - Math.Pow(rows.Chunk(3).Average(row => row[0]), 2);
        double floor = GaussianDensity.VarianceFloor * variance;
        Assert.All(fit.Model.NoiseVariances, found => Assert.True(found > 0.999 * floor));
        double bound = fit.Model.Evaluate(rows).Elbo;
        Assert.InRange(bound, -10, -1.5 * Math.Log(2 * Math.PI * floor));
        Assert.True(fit.Model.NoiseVariances[1] < 0.05 * variance);
        Assert.Contains(fit.Summary.Notes, note => note.Contains("1 of 3 features are constant, the first of them feature 1", StringComparison.Ordinal));
        Assert.Equal(7, fit.Model.Reconstruct(rows)[1], 0.3 * Math.Sqrt(variance));
    }

    [Fact]
    public void Weights_at_the_floor_still_give_finite_scores()
    {
        using DecoderLikelihood likelihood = Twins.Create(VaeLikelihood.Gaussian, new FeatureScaling([0], [10]), [-100]);
        Assert.Equal(1e-4, likelihood.NoiseVariances()[0], 1e-10);
    }

    [Theory]
    [InlineData(1e-100)]
    [InlineData(1e-30)]
    [InlineData(1e30)]
    [InlineData(1e100)]
    public void Extreme_scales_change_nothing_but_the_units(double scale)
    {
        // A power of two near the scale, so that scaling itself rounds nothing.
        double factor = Math.Pow(2, Math.Round(Math.Log2(scale)));
        double[] rows = [.. SmallVae.Rows.Select(value => value * factor)];
        VaeFit expected = SmallVae.Fit();
        VaeFit found = VaeLearner.Fit(rows, D, SmallVae.Options());
        Assert.All(expected.Model.Weights.Zip(found.Model.Weights), pair => Assert.Equal(pair.First, pair.Second));
        Assert.Equal(expected.Model.Evaluate(SmallVae.Rows).Elbo - D * Math.Log(factor), found.Model.Evaluate(rows).Elbo, 1e-9);
        Assert.All(expected.Model.Sample(10, 1).Zip(found.Model.Sample(10, 1)), pair => Assert.Equal(pair.First.Select(value => value * factor), pair.Second));
    }

    [Fact]
    public void Large_offsets_change_nothing()
    {
        // Multiples of 2^-10: adding a power of two loses none of their digits.
        double[] rows = [.. SmallVae.Rows.Select(value => Math.Round(value * 1024) / 1024)];
        double[] moved = [.. rows.Select(value => value + Math.Pow(2, 30))];
        double expected = VaeLearner.Fit(rows, D, SmallVae.Options()).Model.Evaluate(rows).Elbo;
        Assert.Equal(expected, VaeLearner.Fit(moved, D, SmallVae.Options()).Model.Evaluate(moved).Elbo, 1e-3);
    }

    [Fact]
    public void More_latents_than_features()
    {
        VaeFit fit = VaeLearner.Fit(SmallVae.Grey, D, SmallVae.Options(options => (options.LatentDimension, options.NumberOfEpochs) = (12, 5)));
        Assert.Equal(12, fit.Model.Encode(SmallVae.Grey.AsSpan(0, D)).Length);
        Assert.Equal(12, fit.Summary.KlDivergencePerDimension.Count);
        Assert.Contains(fit.Summary.Notes, note => note.Contains("more latent dimensions (12) than features (5)", StringComparison.Ordinal));
        Assert.True(double.IsFinite(fit.Model.Evaluate(SmallVae.Grey).Elbo));
    }

    [Fact]
    public void A_batch_larger_than_the_data_is_all_of_it()
    {
        VaeFit exact = SmallVae.Fit(options => options.BatchSize = 200);
        VaeFit larger = SmallVae.Fit(options => options.BatchSize = int.MaxValue);
        Assert.All(exact.Model.Weights.Zip(larger.Model.Weights), pair => Assert.Equal(pair.First, pair.Second));
    }

    [Fact]
    public void The_likelihood_is_chosen_by_the_values()
    {
        double[] bits = [.. SmallVae.Grey.Select(value => value > 0.5 ? 1.0 : 0)];
        Assert.Equal(VaeLikelihood.Bernoulli, VaeLearner.Fit(bits, D, SmallVae.Options()).Model.Likelihood);
        VaeFit grey = VaeLearner.Fit(SmallVae.Grey, D, SmallVae.Options());
        Assert.Equal(VaeLikelihood.Gaussian, grey.Model.Likelihood);
        Assert.Contains(grey.Summary.Notes, note => note.StartsWith("Likelihood Gaussian was chosen", StringComparison.Ordinal));
        Assert.Equal(VaeLikelihood.Bernoulli, VaeLearner.Fit(SmallVae.Grey, D, SmallVae.Options(options => options.DynamicBinarization = true)).Model.Likelihood);
    }
}
