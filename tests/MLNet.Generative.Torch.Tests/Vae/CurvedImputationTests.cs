using TorchSharp;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>
/// Imputation by decoders that are not linear, with one latent dimension: E[x_j | x_obs] = ∫ E[x_j|z] p(x_obs|z) p(z) dz / ∫ p(x_obs|z) p(z) dz, by brute force on a fine grid of codes.
/// </summary>
public sealed class CurvedImputationTests : TorchTests
{
    private const int Samples = 10_000;
    private const int D = SmallVae.Dimension;

    private static readonly double[] Grid = [.. Enumerable.Range(0, 9601).Select(i => (i - 4800) * 0.002)];

    // Sampling errors of importance weights, in standard deviations of E[x_j|z] given the known values, and the 32 bits of the networks.
    private const double Tolerance = 0.05;
    private const double Rounding = 1e-4;

    [Theory]
    [InlineData(VaeLikelihood.Bernoulli, false)]
    [InlineData(VaeLikelihood.Bernoulli, true)]
    [InlineData(VaeLikelihood.ContinuousBernoulli, false)]
    [InlineData(VaeLikelihood.Gaussian, false)]
    [InlineData(VaeLikelihood.GaussianSharedVariance, false)]
    [InlineData(VaeLikelihood.GaussianFixedVariance, false)]
    public void Imputed_values_are_ratios_of_integrals(VaeLikelihood likelihood, bool isBinary)
    {
        // Of greater contrast, without which the code of a single latent dimension says nothing about values in the unit interval.
        double[] rows = [.. SmallVae.Grey.Select(value => isBinary ? value > 0.5 ? 1.0 : 0 : Math.Clamp(6 * value - 2.5, 0.01, 0.99))];
        VaeModel model = VaeLearner.Fit(rows, D, SmallVae.Options(options =>
            (options.Likelihood, options.LatentDimension, options.NumberOfEpochs, options.FixedStandardDeviation, options.LearningRate) = (likelihood, 1, 150, 0.05, 1e-2))).Model;
        double spread = AssertExact(model, Holes.Punch(rows[..(40 * D)], 0.4, seed: 3));
        // The decoder says something, or nothing would have been tested.
        Assert.True(spread > 0.05);
    }

    [Fact]
    public void Two_modes_that_explain_a_row_equally_well_both_count()
    {
        // x = (|z|, z, max(0, z)): |z| = 2 leaves open on which side z is, and the encoder says the right.
        const double Noise = 0.1;
        var architecture = new VaeArchitecture(3, 1, [], [2], VaeActivation.Relu, VaeLikelihood.GaussianFixedVariance, Noise);
        float[][] weights = [[0, 0, 0], [2], [0, 0, 0], [-6], [1, -1], [0, 0], [1, 1, 1, -1, 1, 0], [0, 0, 0]];
        var model = new VaeModel(architecture, FeatureScaling.None(3), weights, ScoringNoise.Create(seed: 3, elboSamples: 2, scoringSamples: 1, 1), torch.CPU);
        double[] found = model.Impute([2, double.NaN, double.NaN], Samples);
        Assert.Equal(0, found[1], 0.1);
        Assert.Equal(1, found[2], 0.05);
        // Two known values, or one, in the weight of 100 that their precision has against the prior's 1.
        Assert.Equal(2 * 200.0 / 201, model.Impute([2, double.NaN, 2], Samples)[1], 0.003);
        Assert.Equal(-2 * 100.0 / 101, model.Impute([2, double.NaN, 0], Samples)[1], 0.003);
    }

    [Fact]
    public void Without_a_known_value_they_are_the_means_of_the_model()
    {
        VaeModel model = SmallVae.Fit(options => options.LatentDimension = 1).Model;
        AssertExact(model, [.. Enumerable.Repeat(double.NaN, D)]);
    }

    private static double AssertExact(VaeModel model, double[] rows)
    {
        double[] means = model.Decode(Grid);
        double[] variances = [.. model.NoiseVariances];
        double[] found = model.Impute(rows, Samples);
        var spreads = new List<double>();
        for (int n = 0; n < rows.Length / D; n++)
        {
            double[] row = rows[(n * D)..(n * D + D)];
            double[] logWeights = [.. Grid.Select((z, i) => LogJoint(model.Likelihood, variances, row, means.AsSpan(i * D, D), z))];
            double largest = logWeights.Max();
            double[] weights = [.. logWeights.Select(value => Math.Exp(value - largest))];
            double total = weights.Sum();
            for (int j = 0; j < D; j++)
            {
                if (!double.IsNaN(row[j]))
                    continue;
                double mean = weights.Select((weight, i) => weight * means[i * D + j]).Sum() / total;
                double deviation = Math.Sqrt(weights.Select((weight, i) => weight * Math.Pow(means[i * D + j] - mean, 2)).Sum() / total);
                Assert.InRange(Math.Abs(found[n * D + j] - mean) / model.Scaling.Scales[j], 0, Rounding + Tolerance * deviation / model.Scaling.Scales[j]);
                spreads.Add(Math.Abs(mean - means[4800 * D + j]));
            }
        }
        return spreads.Max();
    }

    private static double LogJoint(VaeLikelihood likelihood, double[] variances, double[] row, ReadOnlySpan<double> means, double z)
    {
        double sum = -0.5 * z * z;
        for (int j = 0; j < D; j++)
        {
            if (double.IsNaN(row[j]))
                continue;
            sum += likelihood switch
            {
                VaeLikelihood.Bernoulli => Twins.Bernoulli(row[j], Math.Log(means[j] / (1 - means[j]))),
                VaeLikelihood.ContinuousBernoulli => Twins.ContinuousBernoulli(row[j], LogitOf(means[j])),
                _ => Twins.Gaussian(row[j], means[j], variances[j]),
            };
        }
        return sum;
    }

    // Inverts the mean 1 / (1 − e^−a) − 1 / a by halving.
    private static double LogitOf(double mean)
    {
        (double low, double high) = (-1000, 1000);
        for (int i = 0; i < 60; i++)
        {
            double middle = (low + high) / 2;
            double value = Math.Abs(middle) < 1e-4 ? 0.5 + middle / 12 : -1 / double.ExpM1(-middle) - 1 / middle;
            if (value < mean)
                low = middle;
            else
                high = middle;
        }
        return low;
    }
}
