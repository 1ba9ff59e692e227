using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative.Tests;

/// <summary>Random data and random mixtures to check properties on.</summary>
internal static class RandomMixtures
{
    /// <summary>Rows from three blobs, row-major.</summary>
    public static double[] Rows(Random random, int count, int dimension)
    {
        var rows = new double[count * dimension];
        for (int n = 0; n < count; n++)
        {
            int blob = random.Next(3);
            for (int j = 0; j < dimension; j++)
                rows[n * dimension + j] = 2.5 * ((blob + j) % 3) + Normal.Sample(random, 0, 1);
        }
        return rows;
    }

    /// <summary>A mixture in the same region.</summary>
    public static GaussianMixtureModel Model(Random random, int components, int dimension)
    {
        double[] weights = [.. Enumerable.Range(0, components).Select(_ => 0.2 + random.NextDouble())];
        double sum = weights.Sum();
        var means = new Vector<double>[components];
        var covariances = new Matrix<double>[components];
        for (int k = 0; k < components; k++)
        {
            means[k] = Vector<double>.Build.Dense(dimension, _ => 5 * random.NextDouble());
            Matrix<double> root = Matrix<double>.Build.Dense(dimension, dimension, (_, _) => Normal.Sample(random, 0, 0.5));
            covariances[k] = root * root.Transpose() + Matrix<double>.Build.DenseIdentity(dimension);
        }
        return new GaussianMixtureModel(Array.ConvertAll(weights, weight => weight / sum), means, covariances);
    }
}
