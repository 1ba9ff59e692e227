using MathNet.Numerics.LinearAlgebra;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>With weights that make the encoder the exact posterior, the bound is log p(x) for every row: density, units and sampling noise, without any training.</summary>
public sealed class LinearScoreTests : TorchTests
{
    [Theory]
    [InlineData("iris", 1)]
    [InlineData("iris", 2)]
    [InlineData("iris", 3)]
    [InlineData("faithful", 1)]
    public void The_maximum_likelihood_weights_give_the_exact_log_density(string name, int latents)
    {
        (double[] rows, int dimension) = name == "iris" ? (ClassicData.Iris, 4) : (ClassicData.Faithful, 2);
        var reference = ProbabilisticPca.Fit(rows, dimension, latents);
        FeatureScaling scaling = FeatureScaling.Standardize(rows, dimension, out _);
        foreach (VaeLikelihood likelihood in (VaeLikelihood[])[VaeLikelihood.Gaussian, VaeLikelihood.GaussianSharedVariance, VaeLikelihood.GaussianFixedVariance])
        {
            VaeModel model = reference.Distribution.ToModel(likelihood, scaling);
            AssertExact(model, reference.Distribution, rows);
            VaeMetrics metrics = model.Evaluate(rows);
            Assert.Equal(reference.Objective, metrics.Elbo, 1e-5);
            Assert.Equal(reference.Kl, metrics.KlDivergence, 1e-5);
            Assert.Equal(reference.Reconstruction, metrics.Reconstruction, 1e-5);
            Assert.All(metrics.KlDivergencePerDimension.Zip(reference.KlPerLatent), kl => Assert.Equal(kl.Second, kl.First, 1e-5));
            // The proposal is the posterior itself: every importance weight is the same.
            Assert.Equal(reference.Objective, metrics.ImportanceWeightedLogLikelihood, 1e-5);
            Assert.All(model.NoiseVariances, variance => Assert.Equal(1, variance / reference.NoiseVariance, 1e-6));
        }
    }

    [Theory]
    [InlineData(VaeLikelihood.Gaussian, 1, 0)]
    [InlineData(VaeLikelihood.Gaussian, 1e-3, 0)]
    [InlineData(VaeLikelihood.Gaussian, 1e6, 0)]
    [InlineData(VaeLikelihood.Gaussian, 10, 1e8)]
    [InlineData(VaeLikelihood.Gaussian, 1e100, 0)]
    [InlineData(VaeLikelihood.Gaussian, 1e-100, 0)]
    [InlineData(VaeLikelihood.GaussianSharedVariance, 1e-3, 0)]
    [InlineData(VaeLikelihood.GaussianSharedVariance, 1e6, 1e8)]
    [InlineData(VaeLikelihood.GaussianFixedVariance, 1e-3, 0)]
    [InlineData(VaeLikelihood.GaussianFixedVariance, 1e6, -1e8)]
    public void Scales_and_offsets_of_features_cost_no_digits(VaeLikelihood likelihood, double scale, double offset)
    {
        bool hasOneVariance = likelihood != VaeLikelihood.Gaussian;
        Vector<double> deviations = scale * Vector<double>.Build.Dense(hasOneVariance ? [1, 1, 1, 1, 1] : [1, 0.3, 20, 4, 0.01]);
        var exact = LinearGaussian.Random(seed: 8, offset + Vector<double>.Build.Dense([0, 1, -2, 3, 4]) * scale, deviations.PointwisePower(2), 30, 4, 0.5);
        double[] rows = exact.Draw(500, seed: 4);
        AssertExact(exact.ToModel(likelihood, FeatureScaling.Standardize(rows, 5, out _)), exact, rows);
    }

    [Fact]
    public void A_feature_in_other_units_changes_the_log_density_by_the_logarithm_of_their_ratio()
    {
        double[] factors = [1e-3, 1e6, 0.1, 37];
        LinearGaussian iris = ProbabilisticPca.Fit(ClassicData.Iris, 4, 2).Distribution;
        var converted = Vector<double>.Build.Dense(factors);
        // A dense matrix of loadings times a diagonal: the same distribution in other units.
        var other = new LinearGaussian(
            Matrix<double>.Build.DenseOfDiagonalVector(converted) * iris.Loadings, iris.Mean.PointwiseMultiply(converted), iris.NoiseVariances.PointwiseMultiply(converted.PointwisePower(2)));
        double[] rows = [.. ClassicData.Iris.Select((value, i) => value * factors[i % 4])];
        VaeModel before = iris.ToModel(VaeLikelihood.Gaussian, FeatureScaling.Standardize(ClassicData.Iris, 4, out _));
        VaeModel after = other.ToModel(VaeLikelihood.Gaussian, FeatureScaling.Standardize(rows, 4, out _));

        double shift = -factors.Sum(Math.Log);
        for (int n = 0; n < 150; n++)
            Assert.Equal(before.LogDensity(ClassicData.Iris.AsSpan(4 * n, 4)) + shift, after.LogDensity(rows.AsSpan(4 * n, 4)), 1e-5);
    }

    [Fact]
    public void The_networks_units_are_not_seen_from_outside()
    {
        LinearGaussian exact = LinearGaussian.Random(seed: 2, Vector<double>.Build.Dense([5, -3, 0.5]), Vector<double>.Build.Dense([1, 0.2, 3]), 8, 2);
        double[] rows = exact.Draw(100, seed: 1);
        VaeModel plain = exact.ToModel(VaeLikelihood.Gaussian, FeatureScaling.None(3));
        VaeModel scaled = exact.ToModel(VaeLikelihood.Gaussian, new FeatureScaling([4, 7, -1], [0.25, 30, 2]));
        AssertExact(plain, exact, rows);
        AssertExact(scaled, exact, rows);
        AssertClose(plain.Encode(rows), scaled.Encode(rows), 1e-5);
        AssertClose(plain.Reconstruct(rows), scaled.Reconstruct(rows), 1e-5);
    }

    private static void AssertClose(double[] expected, double[] found, double tolerance) =>
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, tolerance));

    private static void AssertExact(VaeModel model, LinearGaussian exact, double[] rows)
    {
        var bounds = new double[rows.Length / exact.Dimension];
        model.LogDensity(rows, bounds);
        for (int n = 0; n < bounds.Length; n++)
            Assert.Equal(exact.LogDensity(rows.AsSpan(n * exact.Dimension, exact.Dimension)), bounds[n], 1e-5);
    }
}
