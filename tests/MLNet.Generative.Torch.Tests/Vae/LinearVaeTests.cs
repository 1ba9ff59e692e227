using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Without hidden layers and with one shared variance, an autoencoder is probabilistic principal component analysis: training must reach its known optimum, and cannot pass it.</summary>
public sealed class LinearVaeTests : TorchTests
{
    // Scores of a linear model have no sampling error, only that of 32 bits.
    private const double Rounding = 1e-4;

    [Fact]
    public void The_reference_has_the_published_numbers()
    {
        Check(ClassicData.Iris, 4, 1, noise: 0.11413908, logDensity: -3.13779639, kl: 1.802717, reconstruction: -1.335079);
        Check(ClassicData.Iris, 4, 2, noise: 0.05068215, logDensity: -2.69975187, kl: 2.988361, reconstruction: 0.288609);
        Check(ClassicData.Faithful, 2, 1, noise: 0.24331889, logDensity: -4.74189980, kl: 3.317405, reconstruction: -1.424495);
        LinearGaussian iris = ProbabilisticPca.Fit(ClassicData.Iris, 4, 2).Distribution;
        Assert.Equal(-1.776763, iris.LogDensity(Row(0)), 1e-6);
        Assert.Equal(-3.504122, iris.LogDensity(Row(50)), 1e-6);
        Assert.Equal(-7.171742, iris.LogDensity(Row(100)), 1e-6);
        Assert.Equal(0.012067, iris.PosteriorVariances[0], 1e-6);
        Assert.Equal(0.210253, iris.PosteriorVariances[1], 1e-6);

        static void Check(double[] rows, int dimension, int latents, double noise, double logDensity, double kl, double reconstruction)
        {
            var reference = ProbabilisticPca.Fit(rows, dimension, latents);
            Assert.Equal(noise, reference.NoiseVariance, 1e-8);
            Assert.Equal(logDensity, reference.Objective, 1e-8);
            Assert.Equal(logDensity, rows.Chunk(dimension).Average(row => reference.Distribution.LogDensity(row)), 1e-8);
            Assert.Equal(kl, reference.Kl, 1e-6);
            Assert.Equal(reconstruction, reference.Reconstruction, 1e-6);
        }
    }

    [Theory]
    [InlineData("iris", 1)]
    [InlineData("iris", 2)]
    [InlineData("faithful", 1)]
    public void Training_reaches_the_optimum_and_does_not_pass_it(string name, int latents)
    {
        (double[] rows, int dimension) = name == "iris" ? (ClassicData.Iris, 4) : (ClassicData.Faithful, 2);
        var reference = ProbabilisticPca.Fit(rows, dimension, latents);
        VaeFit fit = VaeLearner.Fit(rows, dimension, LinearTraining.Options(latents));

        VaeMetrics metrics = fit.Model.Evaluate(rows, 1);
        Assert.InRange(metrics.Elbo, reference.Objective - 0.01, reference.Objective + Rounding);
        Assert.Equal(reference.Kl, metrics.KlDivergence, 0.03);
        Assert.Equal(reference.Reconstruction, metrics.Reconstruction, 0.03);
        Assert.All(fit.Model.NoiseVariances, variance => Assert.Equal(1, variance / reference.NoiseVariance, 0.03));
        Assert.Equal(latents, metrics.NumberOfActiveUnits);
    }

    [Fact]
    public void The_bound_of_each_row_comes_close_to_its_log_density()
    {
        LinearGaussian exact = ProbabilisticPca.Fit(ClassicData.Iris, 4, 2).Distribution;
        VaeModel model = VaeLearner.Fit(ClassicData.Iris, 4, LinearTraining.Options(2, epochs: 1500)).Model;
        double[] differences = [.. Enumerable.Range(0, 150).Select(n => model.LogDensity(Row(n)) - exact.LogDensity(Row(n)))];
        Assert.True(Math.Sqrt(differences.Average(difference => difference * difference)) < 0.05);
        Assert.All(differences, difference => Assert.InRange(Math.Abs(difference), 0, 0.2));
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(6, 1e-3, 50, 2500, VaeObjective.ClosedFormKl)]
    [InlineData(7, 1e-3, 50, 3500, VaeObjective.SampledKl)]
    public void Small_steps_lead_to_the_same_optimum(int seed, double learningRate, int batchSize, int epochs, VaeObjective objective) =>
        Seed_step_batch_and_estimator_do_not_change_the_optimum(seed, learningRate, batchSize, epochs, objective);

    [Theory]
    [InlineData(2, 2e-2, 1000, 1500, VaeObjective.ClosedFormKl)]
    [InlineData(3, 1e-2, 50, 800, VaeObjective.ClosedFormKl)]
    [InlineData(4, 1e-2, 32, 500, VaeObjective.ClosedFormKl)]
    [InlineData(5, 1e-2, 1000, 2000, VaeObjective.SampledKl)]
    public void Seed_step_batch_and_estimator_do_not_change_the_optimum(int seed, double learningRate, int batchSize, int epochs, VaeObjective objective)
    {
        var reference = ProbabilisticPca.Fit(ClassicData.Iris, 4, 2);
        VaeEstimator.Options options = LinearTraining.Options(2, epochs: epochs, seed: seed);
        (options.LearningRate, options.BatchSize, options.Objective) = (learningRate, batchSize, objective);
        double bound = VaeLearner.Fit(ClassicData.Iris, 4, options).Model.Evaluate(ClassicData.Iris, 1).Elbo;
        Assert.InRange(bound, reference.Objective - 0.01, reference.Objective + Rounding);
    }

    // The eigenvalues, over the noise: 84.0, 4.82, 1.55 and 0.47. A latent whose eigenvalue is near the threshold takes long to find its place.
    [Theory]
    [InlineData(2, 1500)]
    [InlineData(4, 1500)]
    [InlineData(6, 1500)]
    [InlineData(60, 1500)]
    [InlineData(110, 3000)]
    public void A_latent_is_in_use_if_its_eigenvalue_exceeds_beta_times_the_noise(double beta, int epochs)
    {
        const double Noise = 0.05;
        var reference = ProbabilisticPca.FitLoadings(ClassicData.Iris, 4, 4, Noise, beta);
        VaeEstimator.Options options = LinearTraining.Options(4, VaeLikelihood.GaussianFixedVariance, epochs);
        options.FixedStandardDeviation = Math.Sqrt(Noise);
        options.Beta = (float)beta;
        VaeMetrics metrics = VaeLearner.Fit(ClassicData.Iris, 4, options).Model.Evaluate(ClassicData.Iris, 1);

        double objective = metrics.Reconstruction - beta * metrics.KlDivergence;
        Assert.InRange(objective, reference.Objective - 0.02, reference.Objective + Rounding);
        Assert.All(metrics.KlDivergencePerDimension.OrderDescending().Zip(reference.KlPerLatent), kl => Assert.Equal(kl.Second, kl.First, 0.02));
        Assert.Equal(reference.Eigenvalues.Count(eigenvalue => eigenvalue > beta * Noise), metrics.NumberOfActiveUnits);
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData(0.7, 8000)]
    [InlineData(1, 8000)]
    [InlineData(1.25, 8000)]
    public void A_third_latent_is_in_use_only_below_its_threshold(double beta, int epochs) =>
        A_latent_is_in_use_if_its_eigenvalue_exceeds_beta_times_the_noise(beta, epochs);

    private static ReadOnlySpan<double> Row(int index) => ClassicData.Iris.AsSpan(index * 4, 4);
}
