using MathNet.Numerics.LinearAlgebra;
using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLNet.Generative.Tests;

/// <summary>What training maximises: sums over features, means over rows and samples, and β on the KL divergence alone.</summary>
public sealed class ObjectiveTests : TorchTests
{
    private static readonly LinearGaussian Distribution = LinearGaussian.Random(
        seed: 6, Vector<double>.Build.Dense([1, 2, 3, 4]), Vector<double>.Build.Dense([1, 0.5, 2, 0.1]), 5, 1);

    private static readonly double[] Rows = Distribution.Draw(64, seed: 2);

    [Theory]
    [InlineData(1, 1f)]
    [InlineData(64, 1f)]
    [InlineData(64, 3f)]
    public void It_sums_over_features_and_averages_over_rows(int count, float beta)
    {
        // A posterior this narrow leaves next to no sampling noise.
        const double LogVariance = -20;
        double[] rows = Rows[..(4 * count)];
        double expected = rows.Chunk(4).Average(row =>
        {
            Vector<double> code = Distribution.Encoder * (Vector<double>.Build.Dense(row) - Distribution.Mean);
            Vector<double> decoded = Distribution.Loadings * code + Distribution.Mean;
            double kl = code.Sum(mean => 0.5 * (mean * mean + Math.Exp(LogVariance) - 1 - LogVariance));
            return Enumerable.Range(0, 4).Sum(j => Twins.Gaussian(row[j], decoded[j], Distribution.NoiseVariances[j])) - beta * kl;
        });
        VaeModel model = Distribution.ToModel(VaeLikelihood.Gaussian, FeatureScaling.None(4), Distribution.Encoder, Vector<double>.Build.Dense(2, Math.Exp(LogVariance)));
        Assert.Equal(expected, Estimate(model, rows, seed: 1, beta).Objective, 2e-3);
    }

    [Fact]
    public void With_noise_its_mean_is_the_score()
    {
        VaeModel model = Distribution.ToModel(VaeLikelihood.Gaussian, FeatureScaling.None(4));
        double expected = model.Evaluate(Rows, 1).Elbo;
        foreach (VaeObjective kind in Enum.GetValues<VaeObjective>())
        {
            double[] estimates = [.. Enumerable.Range(0, 500).Select(seed => Estimate(model, Rows, seed, objective: kind).Objective)];
            double error = Math.Sqrt(Variance(estimates) / estimates.Length);
            Assert.True(error < 0.02);
            Assert.InRange(Math.Abs(estimates.Average() - expected) / error, 0, 4);
        }
    }

    [Fact]
    public void Beta_weighs_the_divergence_alone()
    {
        VaeModel model = Distribution.ToModel(VaeLikelihood.Gaussian, FeatureScaling.None(4));
        (double objective, double reconstruction, double[] kl) = Estimate(model, Rows, seed: 3, beta: 1);
        (double weighted, double sameReconstruction, double[] sameKl) = Estimate(model, Rows, seed: 3, beta: 4);
        Assert.Equal(reconstruction, sameReconstruction);
        Assert.Equal(kl, sameKl);
        Assert.Equal(reconstruction - kl.Sum(), objective, 1e-12);
        Assert.Equal(reconstruction - 4 * kl.Sum(), weighted, 1e-12);
        Assert.Equal(reconstruction, Estimate(model, Rows, seed: 3, beta: 0).Objective, 1e-12);
    }

    [Theory]
    [InlineData(VaeObjective.ClosedFormKl)]
    [InlineData(VaeObjective.SampledKl)]
    public void More_samples_for_each_row_divide_the_variance(VaeObjective objective)
    {
        VaeModel model = Distribution.ToModel(VaeLikelihood.Gaussian, FeatureScaling.None(4));
        double one = Variance([.. Enumerable.Range(0, 400).Select(seed => Estimate(model, Rows, seed, objective: objective).Objective)]);
        double sixteen = Variance([.. Enumerable.Range(0, 400).Select(seed => Estimate(model, Rows, seed, objective: objective, samples: 16).Objective)]);
        // The logarithm of such a ratio has a standard error of 0.1.
        Assert.InRange(one / sixteen, 16 * Math.Exp(-0.4), 16 * Math.Exp(0.4));
    }

    [Fact]
    public void The_closed_form_has_less_variance_than_samples_where_the_reconstruction_says_little()
    {
        // A decoder that ignores the code: all variance is that of the divergence.
        var ignorant = new LinearGaussian(Matrix<double>.Build.Dense(4, 2, 0), Distribution.Mean, Distribution.NoiseVariances);
        VaeModel model = ignorant.ToModel(VaeLikelihood.Gaussian, FeatureScaling.None(4), Distribution.Encoder, Vector<double>.Build.Dense(2, 0.3));
        double[] closed = [.. Enumerable.Range(0, 50).Select(seed => Estimate(model, Rows, seed).Objective)];
        double[] sampled = [.. Enumerable.Range(0, 50).Select(seed => Estimate(model, Rows, seed, objective: VaeObjective.SampledKl).Objective)];
        Assert.Equal(0, Variance(closed), 1e-12);
        Assert.True(Variance(sampled) > 1e-4);
    }

    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }

    private static (double Objective, double Reconstruction, double[] Kl) Estimate(
        VaeModel model, double[] rows, int seed, float beta = 1, VaeObjective objective = VaeObjective.ClosedFormKl, int samples = 1)
    {
        using DisposeScope scope = NewDisposeScope();
        using Generator generator = SeededGenerator.Create(seed);
        var options = new VaeEstimator.Options { Objective = objective, SamplesPerRow = samples };
        var plan = new TrainingPlan(model.Architecture, model.Scaling, [], []);
        using ParameterSet parameters = ParameterSet.From(model.Architecture, CPU, model.Weights);
        using EvidenceLowerBound bound = EvidenceLowerBound.Create(plan, parameters, options, CPU);
        Tensor batch = tensor(rows, [rows.Length / model.Dimension, model.Dimension]).to(float32);
        EvidenceLowerBoundTerms terms = bound.Estimate(new TrainingBatch(batch, null), beta, generator);
        return (terms.Objective, terms.Reconstruction, [.. terms.KlPerDimension]);
    }
}
