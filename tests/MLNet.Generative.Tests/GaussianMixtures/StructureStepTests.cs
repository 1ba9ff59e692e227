using MathNet.Numerics.LinearAlgebra;
using MLNet.Generative.Testing;
using MLNet.Generative.Tests.Covariances;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>One EM step through the public learner beside responsibilities, weights and means by the textbook, and the slow optimiser for the covariances.</summary>
public sealed class StructureStepTests
{
    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void One_step_is_the_maximum_given_the_responsibilities(CovarianceType type)
    {
        string letters = type.ToLetters(2);
        for (int seed = 0; seed < 6; seed++)
        {
            var random = new Random(seed);
            int components = 1 + random.Next(3), dimension = 1 + random.Next(3);
            double[] rows = RandomMixtures.Rows(random, 80, dimension);
            double[] rowWeights = [.. Enumerable.Range(0, 80).Select(_ => 0.5 + random.NextDouble())];
            GaussianMixtureModel start = RandomMixtures.Model(random, components, dimension);

            GaussianMixtureModel model = GaussianMixtureLearner.Fit(rows, dimension, new GaussianMixtureEstimator.Options
            {
                InitialModel = start,
                NumberOfComponents = components,
                CovarianceType = type,
                MaximumNumberOfIterations = 1,
                Tolerance = 0,
            }, rowWeights).Model;

            // With full covariances the step gives the scatters of the components, and their weights and means, which no structure changes.
            (GaussianMixtureModel full, _) = ReferenceMixture.Step([.. rows.Chunk(dimension).Select(row => Vector<double>.Build.DenseOfArray(row))], rowWeights, start);
            double[] weights = [.. full.Weights.Select(weight => weight * rowWeights.Sum())];
            Matrix<double>[] scatters = [.. full.Covariances.Zip(weights, (covariance, weight) => covariance * weight)];
            for (int k = 0; k < components; k++)
            {
                Assert.Equal(full.Weights[k], model.Weights[k], 1e-10);
                Assert.True((full.Means[k] - model.Means[k]).L2Norm() < 1e-9);
            }

            StructureAssert.HaveStructure(letters, model.Covariances);
            (double expected, Matrix<double>[] covariances) = SlowStructureOptimizer.Maximize(letters, weights, scatters, random, starts: 8);
            double actual = SlowStructureOptimizer.Objective(weights, scatters, model.Covariances);
            Assert.Equal(expected, actual, 1e-7 * (1 + Math.Abs(expected)));
            for (int k = 0; k < components; k++)
            {
                // The optimiser knows the place of a maximum only to the root of what it knows its height to.
                double distance = (covariances[k] - model.Covariances[k]).FrobeniusNorm();
                Assert.True(distance < 1e-4 * covariances[k].FrobeniusNorm(), $"{letters}, seed {seed}, component {k}: {distance}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void A_converged_fit_of_iris_cannot_be_climbed(CovarianceType type)
    {
        string letters = type.ToLetters(4);
        GaussianMixtureModel model = GaussianMixtureLearner.Fit(ClassicData.Iris, 4, new GaussianMixtureEstimator.Options
        {
            NumberOfComponents = 2,
            CovarianceType = type,
            Tolerance = 1e-14,
            MaximumNumberOfIterations = 20_000,
        }).Model;
        StructureAssert.HaveStructure(letters, model.Covariances);

        // Where EM stands still the expected log-likelihood is at its maximum (Dempster, Laird and Rubin 1977).
        (GaussianMixtureModel full, _) = ReferenceMixture.Step([.. ClassicData.Iris.Chunk(4).Select(row => Vector<double>.Build.DenseOfArray(row))], [.. Enumerable.Repeat(1.0, 150)], model);
        double[] weights = [.. full.Weights.Select(weight => weight * 150)];
        Matrix<double>[] scatters = [.. full.Covariances.Zip(weights, (covariance, weight) => covariance * weight)];
        (double start, double end) = SlowStructureOptimizer.Climb(letters, weights, scatters, model.Covariances);
        Assert.Equal(start, end, 1e-5);
        Assert.True(start >= SlowStructureOptimizer.Maximize(letters, weights, scatters, new Random(1), starts: 8).Objective - 1e-5);
    }
}
