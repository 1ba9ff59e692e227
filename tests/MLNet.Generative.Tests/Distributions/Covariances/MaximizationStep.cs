using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests.Covariances;

/// <summary>The M-step of a structure, on matrices.</summary>
internal static class MaximizationStep
{
    /// <summary>Σ_k of every component, with a floor far below them.</summary>
    public static Matrix<double>[] Run(CovarianceStructure structure, double[] weights, Matrix<double>[] scatters, Matrix<double>[]? current = null)
    {
        int dimension = scatters[0].RowCount;
        double[] ToArray(Matrix<double> matrix) => structure.IsDiagonal ? matrix.Diagonal().AsArray() : matrix.ToRowMajorArray();
        WeightedScatter[] sums = [.. scatters.Select((scatter, k) => new WeightedScatter(weights[k], new double[dimension], ToArray(scatter)))];
        var floor = new CovarianceFloor(new double[dimension], [.. Enumerable.Repeat(1e-30, dimension)], InputPrecision.Double);
        var floored = new bool[weights.Length];
        CovarianceFactorization[]? factors = current is null ? null : Array.ConvertAll(current, covariance =>
            (structure.IsDiagonal ? CovarianceFactorization.Diagonal(ToArray(covariance)) : CovarianceFactorization.Full(ToArray(covariance), dimension))!);

        CovarianceFactorization[] covariances = structure.Maximize(sums, 0, floor, floored, factors);
        Assert.DoesNotContain(true, floored);
        return Array.ConvertAll(covariances, covariance => Matrix<double>.Build.Dense(dimension, dimension, (i, j) => covariance[i, j]));
    }
}
