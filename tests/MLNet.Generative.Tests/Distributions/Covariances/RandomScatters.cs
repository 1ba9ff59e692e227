using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative.Tests.Covariances;

/// <summary>Weights n_k and scatters W_k of many kinds to maximise on.</summary>
internal static class RandomScatters
{
    /// <summary>Draws Wishart scatters whose covariances are of a random kind: unrelated, nearly equal, with common axes, or far longer in some directions than in others.</summary>
    public static (double[] Weights, Matrix<double>[] Scatters) Draw(Random random, int components, int dimension)
    {
        int kind = random.Next(4);
        double stretch = kind == 3 ? 2.5 : 1;
        Matrix<double> shared = Root(random, dimension, stretch);
        Matrix<double> axes = Normals(random, dimension, dimension).QR().Q;
        double scale = Math.Pow(10, 6 * random.NextDouble() - 3);
        bool hasEqualWeights = random.Next(3) == 0;
        var weights = new double[components];
        var scatters = new Matrix<double>[components];
        for (int k = 0; k < components; k++)
        {
            weights[k] = hasEqualWeights ? 40 : Math.Pow(10, 0.5 + 2 * random.NextDouble());
            Matrix<double> root = kind switch
            {
                0 => Root(random, dimension, stretch),
                1 => shared + 0.01 * Normals(random, dimension, dimension),
                2 => axes * Matrix<double>.Build.DenseDiagonal(dimension, dimension, _ => Math.Exp(Normal.Sample(random, 0, 1))),
                _ => random.Next(2) == 0 ? shared : Root(random, dimension, stretch),
            };
            // Few more rows than features, so that the scatters of one covariance differ.
            Matrix<double> rows = Normals(random, dimension, dimension + 1 + random.Next(20));
            Matrix<double> moved = scale * root * rows;
            scatters[k] = moved * moved.Transpose() * (weights[k] / rows.ColumnCount);
            scatters[k] = (scatters[k] + scatters[k].Transpose()) / 2;
        }
        return (weights, scatters);
    }

    private static Matrix<double> Root(Random random, int dimension, double stretch) =>
        Normals(random, dimension, dimension).QR().Q * Matrix<double>.Build.DenseDiagonal(dimension, dimension, _ => Math.Exp(Normal.Sample(random, 0, stretch)));

    private static Matrix<double> Normals(Random random, int rows, int columns) =>
        Matrix<double>.Build.Dense(rows, columns, (_, _) => Normal.Sample(random, 0, 1));
}
