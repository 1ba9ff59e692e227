using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests.Covariances;

/// <summary>What the letters of a structure promise, checked on covariances as they come, whoever made them.</summary>
internal static class StructureAssert
{
    /// <summary>Fails unless the covariances are symmetric, positive definite and of the structure.</summary>
    /// <param name="letters">Volume, shape and orientation.</param>
    /// <param name="covariances">Σ_k.</param>
    /// <param name="tolerance">Relative, for well-conditioned covariances; the others lose in proportion to their condition.</param>
    public static void HaveStructure(string letters, IReadOnlyList<Matrix<double>> covariances, double tolerance = 1e-9)
    {
        int dimension = covariances[0].RowCount;
        double[][] eigenvalues = [.. covariances.Select(covariance => (double[])[.. covariance.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).Order()])];
        foreach ((Matrix<double> covariance, double[] values) in covariances.Zip(eigenvalues))
        {
            Assert.True(covariance.IsSymmetric(), $"{letters}: not symmetric{Environment.NewLine}{covariance}");
            Assert.True(values[0] > 0 && double.IsFinite(values[^1]), $"{letters}: not positive definite{Environment.NewLine}{covariance}");
        }
        tolerance += 1e-14 * eigenvalues.Max(values => values[^1] / values[0]);

        double[] logVolumes = Array.ConvertAll(eigenvalues, values => values.Average(Math.Log));
        Matrix<double>[] shapes = [.. covariances.Zip(logVolumes, (covariance, logVolume) => covariance / Math.Exp(logVolume))];
        if (letters[0] == 'E')
            Assert.All(logVolumes, logVolume => AssertClose(logVolumes[0], logVolume, tolerance, $"{letters}: volumes differ"));
        if (letters[1] == 'I')
            Assert.All(covariances, covariance => Assert.True(covariance.Equals(Matrix<double>.Build.DenseDiagonal(dimension, dimension, covariance[0, 0])), $"{letters}: not spherical{Environment.NewLine}{covariance}"));
        if (letters[1] == 'E')
        {
            foreach ((double[] values, double logVolume) in eigenvalues.Zip(logVolumes))
            {
                for (int j = 0; j < dimension; j++)
                    AssertClose(Math.Log(eigenvalues[0][j]) - logVolumes[0], Math.Log(values[j]) - logVolume, tolerance, $"{letters}: shapes differ");
            }
        }
        if (letters[1] == 'E' && letters[2] != 'V')
            Assert.All(shapes, shape => Assert.True((shape - shapes[0]).FrobeniusNorm() <= tolerance * shapes[0].FrobeniusNorm(), $"{letters}: shapes along the axes differ"));
        if (letters[2] == 'I')
            Assert.All(covariances, covariance => Assert.True(covariance.Equals(Matrix<double>.Build.DenseOfDiagonalVector(covariance.Diagonal())), $"{letters}: not diagonal{Environment.NewLine}{covariance}"));
        if (letters[2] == 'E')
        {
            foreach (Matrix<double> a in shapes)
            {
                foreach (Matrix<double> b in shapes)
                    Assert.True((a * b - b * a).FrobeniusNorm() <= 1e-9 * a.FrobeniusNorm() * b.FrobeniusNorm(), $"{letters}: axes differ by {(a * b - b * a).FrobeniusNorm() / (a.FrobeniusNorm() * b.FrobeniusNorm()):g2}");
            }
        }
    }

    private static void AssertClose(double expected, double actual, double tolerance, string message) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance, $"{message} by {Math.Abs(expected - actual):g3}, more than {tolerance:g3}");
}
