using CsCheck;
using MathNet.Numerics.Integration;
using Xunit;
using static TorchSharp.torch;

namespace MLNet.Generative.Tests;

/// <summary>Every likelihood's log-density against a plain twin in double, and as a density: it integrates to 1, and its gradient is finite everywhere.</summary>
public sealed class LikelihoodTests : TorchTests
{
    // A rule of this order integrates e^(80 x) over [0, 1] to the last digits.
    private static readonly GaussLegendreRule Rule = new(0, 1, 128);

    [Fact]
    public void Bernoulli_is_its_twin() => IsItsTwin(VaeLikelihood.Bernoulli, Twins.Bernoulli);

    [Fact]
    public void Continuous_Bernoulli_is_its_twin() => IsItsTwin(VaeLikelihood.ContinuousBernoulli, Twins.ContinuousBernoulli);

    [Theory]
    [InlineData(VaeLikelihood.Gaussian)]
    [InlineData(VaeLikelihood.GaussianSharedVariance)]
    [InlineData(VaeLikelihood.GaussianFixedVariance)]
    public void Gaussians_are_their_twin(VaeLikelihood likelihood) =>
        Gen.Select(Gen.Double[-3, 3].Array[3], Gen.Float[-3, 3].Array[3], Gen.Float[-6, 2].Array[3], Gen.Double[0.01, 10].Array[3]).Sample((values, decoded, logVariances, scales) =>
        {
            var scaling = new FeatureScaling([7, -2, 0], scales);
            using DecoderLikelihood created = Twins.Create(likelihood, scaling, likelihood == VaeLikelihood.Gaussian ? logVariances : logVariances[..1], standardDeviation: scales[1]);
            double[] variances = created.NoiseVariances();
            float[] scaled = [.. values.Select(value => (float)value)];
            double expected = Enumerable.Range(0, 3).Sum(j => Twins.Gaussian(scales[j] * scaled[j], scales[j] * decoded[j], variances[j]));
            double magnitude = Enumerable.Range(0, 3).Sum(j => Math.Pow(scales[j] * (scaled[j] - decoded[j]), 2) / variances[j]);
            Assert.Equal(expected, LogDensity(created, scaled, decoded), 1e-5 + 1e-6 * magnitude);

            double unit = FeatureScaling.RootMeanSquare(scales);
            for (int j = 0; j < 3; j++)
            {
                double variance = likelihood switch
                {
                    VaeLikelihood.Gaussian => (Math.Exp(logVariances[j]) + 1e-6) * scales[j] * scales[j],
                    VaeLikelihood.GaussianSharedVariance => Math.Exp(logVariances[0]) * unit * unit + 1e-6 * Math.Pow(scales.Min(), 2),
                    _ => scales[1] * scales[1],
                };
                Assert.Equal(1, variances[j] / variance, 1e-6);
            }
        }, iter: 300);

    [Theory]
    [InlineData(VaeLikelihood.Bernoulli)]
    [InlineData(VaeLikelihood.ContinuousBernoulli)]
    [InlineData(VaeLikelihood.Gaussian)]
    [InlineData(VaeLikelihood.GaussianSharedVariance)]
    [InlineData(VaeLikelihood.GaussianFixedVariance)]
    public void Features_that_were_not_observed_are_left_out_of_the_sum(VaeLikelihood likelihood) =>
        Gen.Select(Gen.Float[0, 1].Array[3], Gen.Float[-3, 3].Array[3], Gen.Bool.Array[3], Gen.Double[0.1, 10].Array[3]).Sample((values, decoded, observed, scales) =>
        {
            FeatureScaling scaling = likelihood is VaeLikelihood.Bernoulli or VaeLikelihood.ContinuousBernoulli ? FeatureScaling.None(3) : new FeatureScaling([0, 0, 0], scales);
            using DecoderLikelihood created = Twins.Create(likelihood, scaling, likelihood == VaeLikelihood.Gaussian ? [-1, 0, 1] : [-1], standardDeviation: 2);
            double[] variances = created.NoiseVariances();
            double Alone(int j) => likelihood switch
            {
                VaeLikelihood.Bernoulli => Twins.Bernoulli(values[j], decoded[j]),
                VaeLikelihood.ContinuousBernoulli => Twins.ContinuousBernoulli(values[j], decoded[j]),
                _ => Twins.Gaussian(scales[j] * values[j], scales[j] * decoded[j], variances[j]),
            };
            double found = created.LogDensity(tensor(values).view(1, 3), tensor(decoded).view(1, 3), tensor(observed).view(1, 3)).item<double>();
            double[] parts = [.. Enumerable.Range(0, 3).Where(j => observed[j]).Select(Alone)];
            Assert.Equal(parts.Sum(), found, 1e-5 * (1 + parts.Sum(Math.Abs)));
        }, iter: 200);

    [Theory]
    [InlineData(0.5, 0.6931)]
    [InlineData(0.1, 1.0103)]
    [InlineData(0.9, 1.0103)]
    [InlineData(0.3, 0.7506)]
    public void The_normaliser_of_the_continuous_Bernoulli_has_its_known_values(double probability, double expected) =>
        Assert.Equal(expected, ContinuousBernoulliLikelihood.LogNormalizer(tensor(Math.Log(probability / (1 - probability)))).item<double>(), 5e-5);

    [Fact]
    public void The_continuous_Bernoulli_integrates_to_one_and_has_its_mean()
    {
        using DecoderLikelihood likelihood = Twins.Create(VaeLikelihood.ContinuousBernoulli, FeatureScaling.None(1));
        foreach (float logit in Twins.Logits(largest: 80))
        {
            double total = 0;
            double mean = 0;
            for (int i = 0; i < Rule.Order; i++)
            {
                float x = (float)Rule.GetAbscissa(i);
                total += Rule.GetWeight(i) * Math.Exp(LogDensity(likelihood, [x], [logit]));
                mean += Rule.GetWeight(i) * x * Math.Exp(Twins.ContinuousBernoulli(x, logit));
            }
            Assert.Equal(1, total, 2e-5);
            Assert.Equal(mean, likelihood.Mean(tensor(logit)).item<float>(), 5e-6);
        }
    }

    [Theory]
    [InlineData(VaeLikelihood.Gaussian)]
    [InlineData(VaeLikelihood.GaussianSharedVariance)]
    [InlineData(VaeLikelihood.GaussianFixedVariance)]
    public void Gaussians_integrate_to_one_in_the_features_own_units(VaeLikelihood likelihood)
    {
        var scaling = new FeatureScaling([500], [30]);
        using DecoderLikelihood created = Twins.Create(likelihood, scaling, [-1.5f], standardDeviation: 12);
        double deviation = Math.Sqrt(created.NoiseVariances()[0]);
        double center = 500 + 30 * 0.7;
        double total = 0;
        for (int i = 0; i < Rule.Order; i++)
        {
            double x = center + deviation * (20 * Rule.GetAbscissa(i) - 10);
            total += 20 * deviation * Rule.GetWeight(i) * Math.Exp(LogDensity(created, [(float)((x - 500) / 30)], [0.7f]));
        }
        Assert.Equal(1, total, 1e-5);
    }

    [Theory]
    [InlineData(VaeLikelihood.Bernoulli)]
    [InlineData(VaeLikelihood.ContinuousBernoulli)]
    public void The_gradient_is_the_value_less_its_mean_for_every_logit(VaeLikelihood likelihood)
    {
        using DecoderLikelihood created = Twins.Create(likelihood, FeatureScaling.None(1));
        foreach (float logit in Twins.Logits(largest: 1e30f))
        {
            foreach (float x in (float[])[0, 0.3f, 1])
            {
                Tensor decoded = tensor((float[])[logit]).requires_grad_(true);
                created.LogDensity(tensor((float[])[x]), decoded).backward();
                // The continuous Bernoulli's logits end at ±1,000.
                bool isBeyond = likelihood == VaeLikelihood.ContinuousBernoulli && Math.Abs(logit) > 1000;
                Assert.Equal(isBeyond ? 0 : x - created.Mean(decoded.detach()).item<float>(), decoded.grad!.item<float>(), 5e-6);
            }
        }
    }

    [Fact]
    public void Nothing_outside_its_support_is_supported()
    {
        using DecoderLikelihood bernoulli = Twins.Create(VaeLikelihood.Bernoulli, FeatureScaling.None(1));
        using DecoderLikelihood continuous = Twins.Create(VaeLikelihood.ContinuousBernoulli, FeatureScaling.None(1));
        using DecoderLikelihood gaussian = Twins.Create(VaeLikelihood.Gaussian, FeatureScaling.None(1), [0]);
        double[] unitInterval = [0, -0.0, 1, 0.5, double.Epsilon];
        double[] realNumbers = [-double.Epsilon, Math.BitIncrement(1), -1, 2, 1e300];
        double[] never = [double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        foreach (DecoderLikelihood likelihood in (DecoderLikelihood[])[bernoulli, continuous])
        {
            Assert.All(unitInterval, value => Assert.True(Supports(likelihood, value)));
            Assert.All(realNumbers, value => Assert.False(Supports(likelihood, value)));
        }
        Assert.All([.. unitInterval, .. realNumbers], value => Assert.True(Supports(gaussian, value)));
        Assert.All(never, value => Assert.False(Supports(bernoulli, value) || Supports(continuous, value) || Supports(gaussian, value)));
    }

    private static bool Supports(DecoderLikelihood likelihood, double value) => value >= likelihood.Support.Lowest && value <= likelihood.Support.Highest;

    private static void IsItsTwin(VaeLikelihood likelihood, Func<double, double, double> twin)
    {
        using DecoderLikelihood created = Twins.Create(likelihood, FeatureScaling.None(3));
        Gen<float> logits = Gen.OneOf(Gen.Float[-3, 3], Gen.Float[-80, 80], Gen.Float[-0.06f, 0.06f]);
        Gen.Select(Gen.Float[0, 1].Array[3], logits.Array[3]).Sample((values, decoded) =>
        {
            double expected = values.Zip(decoded).Sum(pair => twin(pair.First, pair.Second));
            Assert.Equal(expected, LogDensity(created, values, decoded), 1e-6 * (1 + decoded.Sum(Math.Abs)));
        }, iter: 2000);
    }

    private static double LogDensity(DecoderLikelihood likelihood, float[] values, float[] decoded) => likelihood.LogDensity(tensor(values), tensor(decoded)).item<double>();
}
