using System.Runtime.CompilerServices;

namespace MLNet.Generative;

/// <summary>
/// The Cholesky factor of a small symmetric positive definite matrix, in place and without allocation: A = L Lᵀ with L lower triangular.
/// Matrices are row-major n × n spans.
/// </summary>
/// <remarks>Golub and Van Loan, Matrix Computations (4th edition), algorithm 4.2.1. Kept here because rows with missing values factor one matrix per row and component.</remarks>
internal static class CholeskyFactor
{
    // A pivot that rounding has taken away, as a share of its diagonal entry.
    private const double SmallestPivot = 1e-14;

    /// <summary>Overwrites the lower triangle of <paramref name="matrix"/> with its factor L and zeroes the rest.</summary>
    /// <returns><see langword="false"/> if the matrix is not positive definite; its content is then undefined.</returns>
    public static bool TryFactor(Span<double> matrix, int n) => Factor(matrix, n, raisePivots: false);

    /// <summary>
    /// The same for a matrix that is positive definite but for rounding, such as a part of a covariance: a pivot that is not positive is raised to a tiny
    /// share of its diagonal entry.
    /// </summary>
    public static void FactorRaised(Span<double> matrix, int n) => Factor(matrix, n, raisePivots: true);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool Factor(Span<double> matrix, int n, bool raisePivots)
    {
        for (int i = 0; i < n; i++)
        {
            Span<double> rowI = matrix.Slice(i * n, n);
            for (int j = 0; j <= i; j++)
            {
                ReadOnlySpan<double> rowJ = matrix.Slice(j * n, n);
                double sum = rowI[j];
                double smallest = raisePivots ? SmallestPivot * sum : 0;
                for (int t = 0; t < j; t++)
                    sum -= rowI[t] * rowJ[t];
                if (j < i)
                    rowI[j] = sum / rowJ[j];
                else if (sum > smallest && double.IsFinite(sum))
                    rowI[i] = Math.Sqrt(sum);
                else if (raisePivots)
                    rowI[i] = Math.Sqrt(smallest);
                else
                    return false;
            }
            rowI[(i + 1)..].Clear();
        }
        return true;
    }

    /// <summary>Overwrites the lower triangular <paramref name="factor"/> with its inverse.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Invert(Span<double> factor, int n)
    {
        for (int i = 0; i < n; i++)
        {
            double inverse = 1 / factor[i * n + i];
            for (int j = 0; j < i; j++)
            {
                double sum = 0;
                for (int t = j; t < i; t++)
                    sum += factor[i * n + t] * factor[t * n + j];
                factor[i * n + j] = -sum * inverse;
            }
            factor[i * n + i] = inverse;
        }
    }

    /// <summary>Overwrites <paramref name="vector"/> b with the solution of L y = b.</summary>
    public static void SolveLower(ReadOnlySpan<double> factor, int n, Span<double> vector)
    {
        for (int i = 0; i < n; i++)
        {
            double sum = vector[i];
            for (int j = 0; j < i; j++)
                sum -= factor[i * n + j] * vector[j];
            vector[i] = sum / factor[i * n + i];
        }
    }

    /// <summary>Overwrites <paramref name="vector"/> b with the solution of Lᵀ y = b.</summary>
    public static void SolveLowerTransposed(ReadOnlySpan<double> factor, int n, Span<double> vector)
    {
        for (int i = n - 1; i >= 0; i--)
        {
            double sum = vector[i];
            for (int j = i + 1; j < n; j++)
                sum -= factor[j * n + i] * vector[j];
            vector[i] = sum / factor[i * n + i];
        }
    }

    /// <summary>A = L Lᵀ.</summary>
    public static double[] Square(ReadOnlySpan<double> factor, int n)
    {
        var matrix = new double[n * n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int t = 0; t <= j; t++)
                    sum += factor[i * n + t] * factor[j * n + t];
                matrix[i * n + j] = matrix[j * n + i] = sum;
            }
        }
        return matrix;
    }

    /// <summary>log |A| = 2 Σ log L_ii.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double LogDeterminant(ReadOnlySpan<double> factor, int n)
    {
        double sum = 0;
        for (int i = 0; i < n; i++)
            sum += Math.Log(factor[i * n + i]);
        return 2 * sum;
    }
}
