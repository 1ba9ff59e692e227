using CsCheck;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLNet.Generative.Tests;

/// <summary>The divergence of N(μ, diag σ²) from N(0, I): known values, and the two estimators against each other.</summary>
public sealed class KlDivergenceTests : TorchTests
{
    [Theory]
    [InlineData(new[] { 1.0 }, new[] { 0.0 }, 0.5)]
    [InlineData(new[] { 0.0 }, new[] { 1.0 }, 0.3591409)]
    [InlineData(new[] { 1.0, -2.0 }, new[] { 0.5, -1.0 }, 2.7583004)]
    [InlineData(new[] { 0.0, 0.0 }, new[] { 0.0, 0.0 }, 0)]
    public void Known_values(double[] mean, double[] logVariance, double expected) =>
        Assert.Equal(expected, ClosedFormKlDivergence.Of(tensor(mean), tensor(logVariance)).sum().item<double>(), 1e-7);

    [Fact]
    public void It_is_that_of_the_formula_and_never_negative_in_32_bits() =>
        Gen.Select(Gen.Float[-5, 5], Gen.OneOf(Gen.Float[-20, 20], Gen.Float[-1e-4f, 1e-4f])).Sample((mean, logVariance) =>
        {
            double expected = 0.5 * (mean * (double)mean + Math.Exp(logVariance) - 1 - logVariance);
            float found = ClosedFormKlDivergence.Of(tensor(mean), tensor(logVariance)).item<float>();
            Assert.Equal(expected, found, 1e-7 + 1e-6 * expected);
            Assert.True(found >= 0);
        }, iter: 2000);

    [Fact]
    public void The_mean_of_the_sampled_divergence_is_the_closed_form()
    {
        const int Samples = 200_000;
        (Tensor mean, Tensor logVariance) = Posterior();
        using Generator generator = SeededGenerator.Create(seed: 1);
        Tensor noise = RandomTensors.Normal([Samples, 1, 3], CPU, generator).to(float64);
        Tensor latents = mean + exp(0.5 * logVariance) * noise;

        // One sample at a time gives the spread, all of them the mean.
        Tensor each = 0.5 * (latents * latents - noise * noise - logVariance);
        double[] errors = each.std(0).data<double>().Select(deviation => deviation / Math.Sqrt(Samples)).ToArray();
        double[] sampled = new SampledKlDivergence().PerDimension(mean, logVariance, noise, latents).data<double>().ToArray();
        double[] closed = new ClosedFormKlDivergence().PerDimension(mean, logVariance, noise, latents).data<double>().ToArray();
        for (int l = 0; l < 3; l++)
        {
            Assert.True(errors[l] < 0.01);
            Assert.InRange(Math.Abs(sampled[l] - closed[l]) / errors[l], 0, 4);
        }
    }

    [Fact]
    public void The_gradients_of_both_agree_in_expectation()
    {
        (double[] closed, _) = Gradients(new ClosedFormKlDivergence(), repetitions: 1);
        (double[] sampled, double[] errors) = Gradients(new SampledKlDivergence(), repetitions: 400);
        // dKL/dμ = μ and dKL/d log σ² = ½ (σ² − 1).
        Assert.All(closed.Zip([1, -2, 0.1, 0.5 * (Math.Exp(0.5) - 1), 0.5 * (Math.Exp(-1) - 1), 0]), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
        for (int i = 0; i < closed.Length; i++)
        {
            Assert.True(errors[i] < 0.01);
            Assert.InRange(Math.Abs(sampled[i] - closed[i]) / errors[i], 0, 4);
        }
    }

    private static (Tensor Mean, Tensor LogVariance) Posterior() => (tensor((double[])[1, -2, 0.1], [1, 3]), tensor((double[])[0.5, -1, 0], [1, 3]));

    // The mean and its standard error over repetitions, of 1,000 samples each: three derivatives by the mean, three by the log-variance.
    private static (double[] Mean, double[] Error) Gradients(KlDivergence divergence, int repetitions)
    {
        using Generator generator = SeededGenerator.Create(seed: 5);
        var all = new double[repetitions][];
        for (int r = 0; r < repetitions; r++)
        {
            using DisposeScope scope = NewDisposeScope();
            (Tensor mean, Tensor logVariance) = Posterior();
            mean.requires_grad_(true);
            logVariance.requires_grad_(true);
            Tensor noise = RandomTensors.Normal([1000, 1, 3], CPU, generator).to(float64);
            divergence.PerDimension(mean, logVariance, noise, mean + exp(0.5 * logVariance) * noise).sum().backward();
            all[r] = [.. mean.grad!.data<double>(), .. logVariance.grad!.data<double>()];
        }
        double[] average = [.. Enumerable.Range(0, 6).Select(i => all.Average(gradient => gradient[i]))];
        double[] error = [.. Enumerable.Range(0, 6).Select(i => Math.Sqrt(all.Average(gradient => Math.Pow(gradient[i] - average[i], 2)) / repetitions))];
        return (average, error);
    }
}
