namespace MLNet.Generative;

/// <summary>Finds covariances that are thin sheets beside the data's: what sits there has a likelihood as large as the floor allows, which says nothing.</summary>
internal static class ThinCovariance
{
    /// <summary>A covariance is thin if in some direction its variance is less than this share of the data's.</summary>
    public const double SmallestShareOfData = 1e-4;

    /// <summary>With more features than this, diagonal covariances are compared feature by feature: a full covariance of the data would cost more than the fit.</summary>
    public const int LargestDimensionWithCovariance = 256;

    /// <summary>Whether a covariance is thin.</summary>
    /// <remarks>
    /// The smallest generalised eigenvalue of (Σ, Σ_data) is at least t exactly if Σ − t Σ_data is positive definite. The floor is added to Σ_data: where the
    /// data themselves have no spread, a covariance at the floor is fine.
    /// </remarks>
    public static bool IsThin(CovarianceFactorization covariance, DataMoments moments, double[] floors)
    {
        int dimension = floors.Length;
        if (moments.Covariance is not { } data)
            return Enumerable.Range(0, dimension).Any(j => covariance[j, j] <= SmallestShareOfData * (moments.Variances[j] + floors[j]));

        var difference = new double[dimension * dimension];
        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j < dimension; j++)
                difference[i * dimension + j] = covariance[i, j] - SmallestShareOfData * (data[i * dimension + j] + (i == j ? floors[i] : 0));
        }
        return !CholeskyFactor.TryFactor(difference, dimension);
    }
}
