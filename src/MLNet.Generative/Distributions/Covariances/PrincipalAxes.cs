using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace MLNet.Generative;

/// <summary>The eigenvectors of a symmetric matrix and its eigenvalues in decreasing order: the axes of an ellipsoid and the variances along them.</summary>
/// <param name="Axes">The eigenvectors, in the columns of a D × D matrix, row-major.</param>
/// <param name="Variances">The eigenvalues, none negative.</param>
internal sealed record PrincipalAxes(double[] Axes, double[] Variances)
{
    // Jacobi rotations keep small eigenvalues accurate next to large ones; from here on they cost too much.
    private const int LargestOrderForRotations = 64;

    /// <summary>Finds them.</summary>
    public static PrincipalAxes Of(double[] matrix, int dimension)
    {
        double[] vectors;
        double[] values;
        if (dimension <= LargestOrderForRotations)
        {
            double[] diagonal = (double[])matrix.Clone();
            vectors = JacobiEigenvalues.Diagonalize(diagonal, dimension, negligible: 0);
            values = [.. Enumerable.Range(0, dimension).Select(j => diagonal[j * dimension + j])];
        }
        else
        {
            Evd<double> decomposition = new DenseMatrix(dimension, dimension, (double[])matrix.Clone()).Evd(Symmetricity.Symmetric);
            vectors = decomposition.EigenVectors.ToRowMajorArray();
            values = [.. decomposition.EigenValues.Select(value => value.Real)];
        }

        int[] order = [.. Enumerable.Range(0, dimension).OrderByDescending(j => values[j])];
        var axes = new double[vectors.Length];
        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j < dimension; j++)
                axes[i * dimension + j] = vectors[i * dimension + order[j]];
        }
        return new PrincipalAxes(axes, Array.ConvertAll(order, j => Math.Max(0, values[j])));
    }

    /// <summary>The matrix with these axes and other variances, D diag(v) Dᵀ.</summary>
    public double[] Compose(double[] variances) => Compose(Axes, variances);

    /// <summary>D diag(v) Dᵀ.</summary>
    public static double[] Compose(double[] axes, double[] variances)
    {
        int dimension = variances.Length;
        var matrix = new double[axes.Length];
        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int e = 0; e < dimension; e++)
                    sum += variances[e] * axes[i * dimension + e] * axes[j * dimension + e];
                matrix[i * dimension + j] = matrix[j * dimension + i] = sum;
            }
        }
        return matrix;
    }
}
