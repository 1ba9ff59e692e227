using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>Random models with Gaussian emissions, and sequences to learn them from.</summary>
internal static class RandomSequences
{
    /// <summary>A model whose states overlap a little.</summary>
    public static HmmModel Model(Random random, int states, int dimension)
    {
        double[,] a = new double[states, states];
        for (int i = 0; i < states; i++)
        {
            double[] row = [.. Enumerable.Range(0, states).Select(j => (i == j ? 2 : 0) + 0.1 + random.NextDouble())];
            for (int j = 0; j < states; j++)
                a[i, j] = row[j] / row.Sum();
        }
        double[] pi = [.. Enumerable.Range(0, states).Select(_ => 0.1 + random.NextDouble())];
        return HmmModel.Gaussian(
            Array.ConvertAll(pi, value => value / pi.Sum()),
            a,
            [.. Enumerable.Range(0, states).Select(k => Vector<double>.Build.Dense(dimension, j => 2.5 * ((k + j) % states) + random.NextDouble()))],
            [.. Enumerable.Range(0, states).Select(_ =>
            {
                Matrix<double> root = Matrix<double>.Build.Dense(dimension, dimension, (_, _) => Normal.Sample(random, 0, 0.4));
                return (root * root.Transpose()) + (0.3 * Matrix<double>.Build.DenseIdentity(dimension));
            })]);
    }

    /// <summary>Sequences of these lengths from such a model.</summary>
    public static double[][] Draw(int seed, int states, int dimension, params int[] lengths)
    {
        var random = new Random(seed);
        HmmModel model = Model(random, states, dimension);
        return [.. lengths.Select(length => model.Sample(length, random).Sequence)];
    }

    /// <summary>Every number of a model, in a fixed order.</summary>
    public static double[] NumbersOf(HmmModel model)
    {
        var emission = (GaussianEmission)model.Emissions;
        return
        [
            .. model.InitialProbabilities,
            .. model.TransitionMatrix.ToRowMajorArray(),
            .. emission.Means.SelectMany(mean => mean),
            .. emission.Covariances.SelectMany(covariance => covariance.ToRowMajorArray()),
        ];
    }
}
