namespace MLNet.Generative;

/// <summary>Steps that the covariance structures share: from variances and matrices to factored covariances and back.</summary>
internal static class StructuredCovariance
{
    /// <summary>A diagonal covariance that the floor has passed.</summary>
    public static CovarianceFactorization Diagonal(double[] variances) => CovarianceFactorization.Diagonal(variances) ?? throw NotFinite();

    /// <summary>A full covariance that the floor has passed.</summary>
    public static CovarianceFactorization Full(double[] covariance, int dimension)
    {
        if (Array.Exists(covariance, value => !double.IsFinite(value)))
            throw NotFinite();
        return CovarianceFactorization.Full(covariance, dimension) ?? CovarianceFactorization.FullRaised(covariance, dimension);
    }

    /// <summary>The same covariance for all components.</summary>
    public static CovarianceFactorization[] Shared(CovarianceFactorization covariance, int count)
    {
        var covariances = new CovarianceFactorization[count];
        Array.Fill(covariances, covariance);
        return covariances;
    }

    /// <summary>λ_k = |Σ_k|^(1/D) of each covariance; <see langword="null"/> for none.</summary>
    public static double[]? Volumes(IReadOnlyList<CovarianceFactorization>? covariances) =>
        covariances is null ? null : [.. covariances.Select(covariance => Math.Exp(covariance.LogDeterminant / covariance.Dimension))];

    /// <summary>Marks the components of which a variance is at its floor.</summary>
    public static void MarkAtFloor(double[][] variances, double[] floors, Span<bool> floored)
    {
        // A bound that holds may be missed by the last bits of a product.
        const double NextToFloor = 1 + 1e-12;
        for (int k = 0; k < variances.Length; k++)
        {
            for (int j = 0; j < floors.Length; j++)
                floored[k] |= variances[k][j] <= floors[j] * NextToFloor;
        }
    }

    private static InvalidOperationException NotFinite() =>
        new("A variance is not a finite positive number although the floor has passed it. Rescale the features, for example with NormalizeMeanVariance.");
}
