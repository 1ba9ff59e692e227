using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative;

/// <summary>Checks the parameters that a user gives for a mixture, and says what is wrong with them.</summary>
internal static class MixtureParameters
{
    private const double WeightTolerance = 1e-9;

    /// <summary>A copy of the weights, once they are known to be probabilities.</summary>
    public static double[] CheckWeights(double[] weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Length == 0)
            throw new ArgumentException("A mixture has at least one component.", nameof(weights));
        for (int k = 0; k < weights.Length; k++)
        {
            if (!(weights[k] >= 0) || double.IsInfinity(weights[k]))
                throw new ArgumentException($"Weight {k} is {weights[k]}. Weights are finite and not negative.", nameof(weights));
        }
        double sum = weights.Sum();
        if (Math.Abs(sum - 1) > WeightTolerance)
            throw new ArgumentException($"The weights sum to {sum}, not 1. Divide each by the sum.", nameof(weights));
        return (double[])weights.Clone();
    }

    /// <summary>The components, once their means and covariances are known to be what they should.</summary>
    public static Gaussian[] MakeComponents(int count, IReadOnlyList<Vector<double>> means, IReadOnlyList<Matrix<double>> covariances)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(covariances);
        if (means.Count != count)
            throw new ArgumentException($"There are {count} weights but {means.Count} means.", nameof(means));
        if (covariances.Count != count)
            throw new ArgumentException($"There are {count} weights but {covariances.Count} covariances.", nameof(covariances));

        for (int k = 0; k < count; k++)
        {
            if (means[k] is null)
                throw new ArgumentException($"Mean {k} is null.", nameof(means));
            if (covariances[k] is null)
                throw new ArgumentException($"Covariance {k} is null.", nameof(covariances));
        }

        int dimension = means[0].Count;
        var components = new Gaussian[count];
        for (int k = 0; k < count; k++)
        {
            Matrix<double> covariance = covariances[k];
            if (means[k].Count != dimension || means[k].Any(value => !double.IsFinite(value)))
                throw new ArgumentException($"Mean {k} is not {dimension} finite numbers.", nameof(means));
            if (covariance.RowCount != dimension || covariance.ColumnCount != dimension)
                throw new ArgumentException($"Covariance {k} is {covariance.RowCount} × {covariance.ColumnCount}; the means have {dimension} features.", nameof(covariances));
            if (!IsSymmetric(covariance))
                throw new ArgumentException($"Covariance {k} is not symmetric.", nameof(covariances));
            CovarianceFactorization factorization = CovarianceFactorization.Full(covariance.ToRowMajorArray(), dimension)
                ?? throw new ArgumentException($"Covariance {k} is not positive definite.", nameof(covariances));
            components[k] = new Gaussian(means[k].ToArray(), factorization);
        }
        return components;
    }

    private static bool IsSymmetric(Matrix<double> matrix)
    {
        for (int i = 0; i < matrix.RowCount; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (!(Math.Abs(matrix[i, j] - matrix[j, i]) <= 1e-9 * Math.Sqrt(Math.Abs(matrix[i, i] * matrix[j, j]))))
                    return false;
            }
        }
        return true;
    }
}
