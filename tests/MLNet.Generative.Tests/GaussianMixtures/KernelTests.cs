using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The vectorised E- and M-step against the plain twin, on random mixtures of every shape: ragged tiles, odd dimensions, many blocks.</summary>
public sealed class KernelTests
{
    [Fact]
    public void One_step_equals_the_textbook()
    {
        Gen.Select(Gen.Int[1, 11], Gen.Int[1, 5], Gen.Int[1, 400], Gen.Int[0, int.MaxValue - 1]).Sample((dimension, components, extraRows, seed) =>
        {
            var random = new Random(seed);
            int count = components * (dimension + 2) + extraRows;
            double[] rows = RandomMixtures.Rows(random, count, dimension);
            double[] weights = [.. Enumerable.Range(0, count).Select(_ => 0.5 + random.NextDouble())];
            GaussianMixtureModel start = RandomMixtures.Model(random, components, dimension);

            GaussianMixtureFit fit = GaussianMixtureLearner.Fit(
                rows, dimension, new GaussianMixtureEstimator.Options { InitialModel = start, NumberOfComponents = components, MaximumNumberOfIterations = 1 }, weights);
            (GaussianMixtureModel expected, double logLikelihood) = ReferenceMixture.Step(ToVectors(rows, dimension), weights, start);

            Assert.Equal(logLikelihood, fit.Summary.LogLikelihoodTrace[0], 1e-10 * Math.Abs(logLikelihood));
            if (fit.Summary.Notes.Count > 0)
                return; // The twin has no floor.
            for (int k = 0; k < components; k++)
            {
                Assert.Equal(expected.Weights[k], fit.Model.Weights[k], 1e-11);
                Assert.True((expected.Means[k] - fit.Model.Means[k]).L2Norm() < 1e-9 * (1 + expected.Means[k].L2Norm()));
                Assert.True((expected.Covariances[k] - fit.Model.Covariances[k]).FrobeniusNorm() < 1e-9 * (1 + expected.Covariances[k].FrobeniusNorm()));
            }
        }, iter: 60);
    }

    [Fact]
    public void Density_equals_the_textbook()
    {
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 6], Gen.Int[0, int.MaxValue - 1]).Sample((dimension, components, seed) =>
        {
            var random = new Random(seed);
            GaussianMixtureModel model = RandomMixtures.Model(random, components, dimension);
            double[] row = RandomMixtures.Rows(random, 1, dimension);
            double expected = ReferenceMixture.LogDensity(Vector<double>.Build.DenseOfArray(row), model);
            Assert.Equal(expected, model.LogDensity(row), 1e-10 * (1 + Math.Abs(expected)));
        }, iter: 500);
    }

    [Fact]
    public void Many_blocks_give_the_sum_of_their_rows()
    {
        // 5,000 rows make five blocks, the last one short, merged by an uneven tree.
        var random = new Random(3);
        double[] rows = RandomMixtures.Rows(random, 5_000, 3);
        GaussianMixtureModel start = RandomMixtures.Model(random, 2, 3);
        GaussianMixtureFit fit = GaussianMixtureLearner.Fit(rows, 3, new GaussianMixtureEstimator.Options { InitialModel = start, MaximumNumberOfIterations = 1 });
        (GaussianMixtureModel expected, double logLikelihood) = ReferenceMixture.Step(ToVectors(rows, 3), [.. Enumerable.Repeat(1.0, 5_000)], start);

        Assert.Equal(logLikelihood, fit.Summary.LogLikelihoodTrace[0], 1e-10 * Math.Abs(logLikelihood));
        Assert.Equal(expected.Weights[0], fit.Model.Weights[0], 1e-11);
        Assert.True((expected.Covariances[1] - fit.Model.Covariances[1]).FrobeniusNorm() < 1e-10);
    }

    private static Vector<double>[] ToVectors(double[] rows, int dimension) =>
        [.. Enumerable.Range(0, rows.Length / dimension).Select(n => Vector<double>.Build.DenseOfArray(rows.AsSpan(n * dimension, dimension).ToArray()))];
}
