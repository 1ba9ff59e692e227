using MathNet.Numerics.Distributions;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLNet.Generative.Tests;

/// <summary>Draws from each likelihood have its distribution: their mean, and a Kolmogorov-Smirnov test.</summary>
public sealed class LikelihoodDrawTests : TorchTests
{
    private const int Draws = 20_000;

    // Exceeded by chance once in 1,000.
    private const double Critical = 1.95;

    [Fact]
    public void Of_the_continuous_Bernoulli()
    {
        using DecoderLikelihood likelihood = Twins.Create(VaeLikelihood.ContinuousBernoulli, FeatureScaling.None(1));
        foreach (float logit in Twins.Logits(largest: 80))
        {
            double[] drawn = Draw(likelihood, logit);
            Assert.All(drawn, value => Assert.InRange(value, 0, 1));
            Assert.InRange(KolmogorovSmirnov(drawn, x => logit == 0 ? x : Distribution(logit, x)), 0, Critical);
            Assert.InRange(Math.Abs(drawn.Average() - likelihood.Mean(tensor(logit)).item<float>()) / StandardError(drawn), 0, 4);
        }

        // (e^(a x) − 1) / (e^a − 1), from the side where nothing overflows.
        static double Distribution(double logit, double x) => logit < 0 ? Expm1(logit * x) / Expm1(logit) : 1 - Expm1(-logit * (1 - x)) / Expm1(-logit);

        static double Expm1(double x) => Math.Abs(x) < 1e-5 ? x + x * x / 2 : Math.Exp(x) - 1;
    }

    [Fact]
    public void Of_the_Bernoulli()
    {
        using DecoderLikelihood likelihood = Twins.Create(VaeLikelihood.Bernoulli, FeatureScaling.None(1));
        foreach (float logit in (float[])[0, 0.5f, -2, 4])
        {
            double[] drawn = Draw(likelihood, logit);
            Assert.All(drawn, value => Assert.True(value is 0 or 1));
            Assert.InRange(Math.Abs(drawn.Average() - 1 / (1 + Math.Exp(-logit))) / StandardError(drawn), 0, 4);
        }
        Assert.Equal(0, Draw(likelihood, -200).Sum());
        Assert.Equal(Draws, Draw(likelihood, 200).Sum());
    }

    [Theory]
    [InlineData(VaeLikelihood.Gaussian)]
    [InlineData(VaeLikelihood.GaussianSharedVariance)]
    [InlineData(VaeLikelihood.GaussianFixedVariance)]
    public void Of_the_Gaussians(VaeLikelihood kind)
    {
        var scaling = new FeatureScaling([100], [4]);
        using DecoderLikelihood likelihood = Twins.Create(kind, scaling, [-1], standardDeviation: 3);
        double deviation = Math.Sqrt(likelihood.NoiseVariances()[0]) / 4;
        Assert.InRange(KolmogorovSmirnov(Draw(likelihood, 0.8f), x => Normal.CDF(0.8, deviation, x)), 0, Critical);
    }

    [Fact]
    public void Features_are_drawn_independently()
    {
        using DecoderLikelihood likelihood = Twins.Create(VaeLikelihood.Gaussian, FeatureScaling.None(2), [0, 1]);
        using Generator generator = SeededGenerator.Create(seed: 3);
        float[] drawn = likelihood.Draw(zeros(Draws, 2), generator).data<float>().ToArray();
        double covariance = drawn.Chunk(2).Average(row => (double)row[0] * row[1]);
        // The product has variance v₁ v₂.
        Assert.InRange(Math.Abs(covariance) / Math.Sqrt(Math.E / Draws), 0, 4);
        Assert.Equal(1, drawn.Chunk(2).Average(row => row[0] * row[0]), 0.05);
        Assert.Equal(Math.E, drawn.Chunk(2).Average(row => row[1] * row[1]), 0.12);
    }

    private static double[] Draw(DecoderLikelihood likelihood, float decoded)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = SeededGenerator.Create(seed: 7);
        return [.. likelihood.Draw(full([Draws, 1], decoded), generator).data<float>().Select(value => (double)value)];
    }

    private static double StandardError(double[] values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)) / values.Length);
    }

    // √n times the largest distance between the distribution function of the values and the expected one.
    private static double KolmogorovSmirnov(double[] values, Func<double, double> distribution)
    {
        double[] sorted = [.. values.Order()];
        double largest = sorted.Select((x, i) => Math.Max(distribution(x) - (double)i / sorted.Length, (i + 1.0) / sorted.Length - distribution(x))).Max();
        return largest * Math.Sqrt(sorted.Length);
    }
}
