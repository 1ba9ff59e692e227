using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace MLNet.Generative;

/// <summary>
/// The smallest covariance that a component may have. In units in which feature j has standard deviation √f_j, no eigenvalue falls below 1, where
/// f_j = max(<see cref="Relative"/> · variance of the data, resolution² of the input type at the component's mean).
/// </summary>
/// <remarks>
/// Without a floor the likelihood of a Gaussian mixture has no maximum: a component on a single row has infinite density (Bishop 2006, section 9.2.1).
/// With it, raising the small eigenvalues to 1 is the maximum under the constraint (Ingrassia 2004), so that the objective still never falls.
/// A covariance that meets the constraint is returned bit by bit as it was.
/// </remarks>
internal sealed class CovarianceFloor(double[] dataVariances, InputPrecision precision)
{
    /// <summary>The floor as a share of the data's variance in each feature.</summary>
    public const double Relative = 1e-6;

    /// <summary>f of every feature for a component with this mean.</summary>
    public double[] At(ReadOnlySpan<double> mean)
    {
        var floors = new double[dataVariances.Length];
        for (int j = 0; j < floors.Length; j++)
        {
            double resolution = precision.ResolutionAt(mean[j]);
            floors[j] = Math.Max(Relative * dataVariances[j], resolution * resolution);
        }
        return floors;
    }

    /// <summary>f of every feature for several components that share a covariance: the largest of theirs.</summary>
    public double[] At(IEnumerable<double[]> means)
    {
        var floors = new double[dataVariances.Length];
        foreach (double[] mean in means)
        {
            double[] own = At(mean);
            for (int j = 0; j < floors.Length; j++)
                floors[j] = Math.Max(floors[j], own[j]);
        }
        return floors;
    }

    /// <summary>Raises variances to their floors, in place.</summary>
    /// <returns>Whether any was below.</returns>
    public static bool RaiseDiagonal(Span<double> variances, ReadOnlySpan<double> floors)
    {
        bool raised = false;
        for (int j = 0; j < variances.Length; j++)
        {
            if (variances[j] >= floors[j])
                continue;
            variances[j] = floors[j];
            raised = true;
        }
        return raised;
    }

    /// <summary>Raises the eigenvalues of a full covariance matrix, in place.</summary>
    /// <returns>Whether any was below its floor.</returns>
    public static bool RaiseFull(double[] covariance, ReadOnlySpan<double> floors)
    {
        int dimension = floors.Length;
        var scale = new double[dimension];
        for (int j = 0; j < dimension; j++)
            scale[j] = Math.Sqrt(floors[j]);

        var scaled = new double[covariance.Length];
        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j < dimension; j++)
                scaled[i * dimension + j] = covariance[i * dimension + j] / scale[i] / scale[j];
        }
        if (AllEigenvaluesExceedOne(scaled, dimension))
            return false;

        Evd<double> decomposition = new DenseMatrix(dimension, dimension, scaled).Evd(Symmetricity.Symmetric);
        Vector<double> eigenvalues = decomposition.EigenValues.Real();
        if (eigenvalues.Minimum() >= 1)
            return false;

        Matrix<double> vectors = decomposition.EigenVectors;
        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int e = 0; e < dimension; e++)
                    sum += Math.Max(1, eigenvalues[e]) * vectors[i, e] * vectors[j, e];
                covariance[i * dimension + j] = covariance[j * dimension + i] = sum * scale[i] * scale[j];
            }
        }
        return true;
    }

    // Cheap where the floor is inactive, which is nearly always: A − I has a Cholesky factor exactly if every eigenvalue of A exceeds 1.
    private static bool AllEigenvaluesExceedOne(ReadOnlySpan<double> matrix, int dimension)
    {
        double[] shifted = matrix.ToArray();
        for (int j = 0; j < dimension; j++)
            shifted[j * dimension + j] -= 1;
        return CholeskyFactor.TryFactor(shifted, dimension);
    }
}
