using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The importance-weighted bound where everything is known: z ~ N(0, 1), x | z ~ N(z, 1), and x = 1.5, for which log p(x) = log N(1.5; 0, 2).</summary>
public sealed class ImportanceWeightedBoundTests : TorchTests
{
    private const double LogDensity = -1.82801212;
    private const double LowerBoundOfPrior = -2.54393853;
    private const int Repetitions = 60;

    private static readonly LinearGaussian Example = new(
        Matrix<double>.Build.Dense(1, 1, 1), Vector<double>.Build.Dense(1), Vector<double>.Build.Dense(1, 1));

    // One row, many times over: 20 blocks.
    private static readonly double[] Rows = [.. Enumerable.Repeat(1.5, 640)];

    [Fact]
    public void The_example_is_what_it_says()
    {
        Assert.Equal(LogDensity, Example.LogDensity([1.5]), 1e-8);
        Assert.Equal(0.75, Example.Encoder[0, 0] * 1.5, 1e-12);
        Assert.Equal(0.5, Example.PosteriorVariances[0], 1e-12);
    }

    [Fact]
    public void With_the_posterior_as_proposal_every_sample_gives_the_log_density()
    {
        VaeModel model = Example.ToModel(VaeLikelihood.GaussianFixedVariance, FeatureScaling.None(1));
        Assert.Equal(LogDensity, model.LogDensity([1.5]), 1e-6);
        foreach (int samples in (int[])[1, 2, 31, 32, 33, 64, 100])
        {
            // Single rows: no mean can hide a variance.
            for (int seed = 0; seed < 10; seed++)
                Assert.Equal(LogDensity, model.Evaluate([1.5], samples, seed).ImportanceWeightedLogLikelihood, 2e-6);
        }
    }

    [Fact]
    public void With_the_prior_as_proposal_the_bound_rises_to_the_log_density_as_it_should()
    {
        VaeModel model = ModelWithPriorAsProposal();
        Assert.Equal(LowerBoundOfPrior, model.LogDensity([1.5]), 1e-6);

        // The expectations of L_K, and the standard errors with which they are known.
        (int Samples, double Expected, double Error)[] table = [(1, LowerBoundOfPrior, 0), (2, -2.0996, 0.0013), (5, -1.9096, 0.0006), (10, -1.8648, 0.0004), (50, -1.8347, 0.0004)];
        double previous = double.NegativeInfinity;
        foreach ((int samples, double expected, double error) in table)
        {
            (double mean, double ownError) = Measure(model, samples);
            Assert.True(ownError < 0.01);
            Assert.InRange(Math.Abs(mean - expected) / Math.Sqrt(error * error + ownError * ownError), 0, 4);
            Assert.True(mean > previous);
            Assert.True(mean < LogDensity + 4 * ownError);
            previous = mean;
        }
    }

    [Fact]
    public void Samples_that_are_taken_in_several_calls_count_the_same()
    {
        // 32 samples fit into one call: 33 need a second one with a single sample, which must weigh 1/33.
        VaeModel model = ModelWithPriorAsProposal();
        (double one, double errorOfOne) = Measure(model, 32);
        (double two, double errorOfTwo) = Measure(model, 33);
        Assert.InRange(Math.Abs(one - two), 0, 0.002 + 4 * Math.Sqrt(errorOfOne * errorOfOne + errorOfTwo * errorOfTwo));
    }

    [Fact]
    public void The_seed_decides_the_samples()
    {
        VaeModel model = ModelWithPriorAsProposal();
        double first = model.Evaluate(Rows, 5, seed: 1).ImportanceWeightedLogLikelihood;
        Assert.Equal(first, model.Evaluate(Rows, 5, seed: 1).ImportanceWeightedLogLikelihood);
        Assert.NotEqual(first, model.Evaluate(Rows, 5, seed: 2).ImportanceWeightedLogLikelihood);
    }

    private static VaeModel ModelWithPriorAsProposal() => Example.ToModel(
        VaeLikelihood.GaussianFixedVariance, FeatureScaling.None(1), encoder: Matrix<double>.Build.Dense(1, 1, 0), posteriorVariances: Vector<double>.Build.Dense(1, 1));

    private static (double Mean, double Error) Measure(VaeModel model, int samples)
    {
        double[] means = [.. Enumerable.Range(0, Repetitions).Select(seed => model.Evaluate(Rows, samples, seed).ImportanceWeightedLogLikelihood)];
        double mean = means.Average();
        return (mean, Math.Sqrt(means.Sum(value => (value - mean) * (value - mean)) / (Repetitions - 1) / Repetitions));
    }
}
