using System.Runtime.CompilerServices;

namespace MLNet.Generative;

/// <summary>
/// Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 4th edition, section 8.5).
/// </summary>
/// <remarks>
/// Slower than tridiagonalisation, but small eigenvalues of a positive definite matrix keep their relative accuracy next to huge ones (Demmel and Veselić 1992):
/// that is what a floor under the eigenvalues needs. It runs only where a covariance is about to fall below its floor.
/// </remarks>
internal static class JacobiEigenvalues
{
    private const int MaximumNumberOfSweeps = 60;
    private const double RelativeTolerance = 1e-15;

    /// <summary>Diagonalises <paramref name="matrix"/>, n × n row-major, in place: eigenvalues end on its diagonal.</summary>
    /// <param name="matrix">The symmetric matrix.</param>
    /// <param name="n">Its order.</param>
    /// <param name="negligible">Entries outside the diagonal that are not larger count as 0.</param>
    /// <returns>The eigenvectors, in columns, n × n row-major.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double[] Diagonalize(double[] matrix, int n, double negligible)
    {
        var vectors = new double[n * n];
        for (int i = 0; i < n; i++)
            vectors[i * n + i] = 1;
        for (int sweep = 0; sweep < MaximumNumberOfSweeps; sweep++)
        {
            bool rotated = false;
            for (int p = 0; p < n - 1; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    double entry = Math.Abs(matrix[p * n + q]);
                    if (entry <= negligible || entry <= RelativeTolerance * Math.Sqrt(Math.Abs(matrix[p * n + p])) * Math.Sqrt(Math.Abs(matrix[q * n + q])))
                        continue;
                    Rotate(matrix, vectors, n, p, q);
                    rotated = true;
                }
            }
            if (!rotated)
                break;
        }
        return vectors;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rotate(double[] matrix, double[] vectors, int n, int p, int q)
    {
        double entry = matrix[p * n + q];
        double tau = (matrix[q * n + q] - matrix[p * n + p]) / (2 * entry);
        double tangent = tau >= 0 ? 1 / (tau + Hypotenuse(tau)) : -1 / (-tau + Hypotenuse(tau));
        double cosine = 1 / Math.Sqrt(1 + tangent * tangent);
        double sine = tangent * cosine;

        matrix[p * n + p] -= tangent * entry;
        matrix[q * n + q] += tangent * entry;
        matrix[p * n + q] = matrix[q * n + p] = 0;
        for (int i = 0; i < n; i++)
        {
            if (i != p && i != q)
            {
                double a = matrix[i * n + p], b = matrix[i * n + q];
                matrix[i * n + p] = matrix[p * n + i] = cosine * a - sine * b;
                matrix[i * n + q] = matrix[q * n + i] = sine * a + cosine * b;
            }
            double v = vectors[i * n + p], w = vectors[i * n + q];
            vectors[i * n + p] = cosine * v - sine * w;
            vectors[i * n + q] = sine * v + cosine * w;
        }
    }

    // √(1 + τ²), also where τ² overflows.
    private static double Hypotenuse(double tau) => Math.Abs(tau) > 1e100 ? Math.Abs(tau) : Math.Sqrt(1 + tau * tau);
}
