namespace MLNet.Generative;

/// <summary>
/// A covariance matrix Σ = L Lᵀ with everything that densities and draws need of it, computed once. Components that share a covariance share this object.
/// </summary>
internal sealed class CovarianceFactorization
{
    private CovarianceFactorization(int dimension, bool isDiagonal, double[] covariance, double[] factor, double[] inverse, double[] packed, double logDeterminant)
    {
        Dimension = dimension;
        IsDiagonal = isDiagonal;
        Covariance = covariance;
        Factor = factor;
        InverseFactor = inverse;
        PackedInverseFactor = packed;
        LogDeterminant = logDeterminant;
        LogNormalizer = -0.5 * (dimension * Math.Log(2 * Math.PI) + logDeterminant);
    }

    public int Dimension { get; }

    /// <summary>Whether Σ is diagonal; all arrays then hold the D diagonal entries only.</summary>
    public bool IsDiagonal { get; }

    /// <summary>Σ, row-major.</summary>
    public double[] Covariance { get; }

    /// <summary>L, lower triangular, row-major; or standard deviations.</summary>
    public double[] Factor { get; }

    /// <summary>W = L⁻¹, lower triangular, row-major; or inverse standard deviations.</summary>
    public double[] InverseFactor { get; }

    /// <summary>W in the order of <see cref="MahalanobisKernel"/>.</summary>
    public double[] PackedInverseFactor { get; }

    /// <summary>log |Σ|.</summary>
    public double LogDeterminant { get; }

    /// <summary>−½ (D log 2π + log |Σ|): the log-density at the mean.</summary>
    public double LogNormalizer { get; }

    /// <summary>
    /// The eigenvectors, in columns, row-major, where the covariance was made from them and others have the same; <see langword="null"/> elsewhere. Learning goes on from
    /// them; model files leave them out.
    /// </summary>
    public double[]? Axes { get; private init; }

    /// <summary>Factors a full covariance matrix, D × D.</summary>
    /// <returns><see langword="null"/> if the matrix is not positive definite.</returns>
    public static CovarianceFactorization? Full(double[] covariance, int dimension)
    {
        double[] factor = (double[])covariance.Clone();
        return CholeskyFactor.TryFactor(factor, dimension) ? OfFactor(covariance, factor, dimension) : null;
    }

    /// <summary>Factors a full covariance matrix that is positive definite but for rounding.</summary>
    public static CovarianceFactorization FullRaised(double[] covariance, int dimension)
    {
        double[] factor = (double[])covariance.Clone();
        CholeskyFactor.FactorRaised(factor, dimension);
        return OfFactor(covariance, factor, dimension);
    }

    /// <summary>Factors a diagonal covariance matrix given by its D variances.</summary>
    /// <returns><see langword="null"/> if a variance is not positive and finite.</returns>
    public static CovarianceFactorization? Diagonal(double[] variances)
    {
        double logDeterminant = 0;
        var factor = new double[variances.Length];
        var inverse = new double[variances.Length];
        for (int j = 0; j < variances.Length; j++)
        {
            if (!(variances[j] > 0) || !double.IsFinite(variances[j]))
                return null;
            factor[j] = Math.Sqrt(variances[j]);
            inverse[j] = 1 / factor[j];
            logDeterminant += Math.Log(variances[j]);
        }
        return new CovarianceFactorization(variances.Length, true, variances, factor, inverse, inverse, logDeterminant);
    }

    /// <summary>Σ_ij.</summary>
    public double this[int i, int j] =>
        IsDiagonal ? (i == j ? Covariance[i] : 0) : Covariance[i * Dimension + j];

    /// <summary>The squared Mahalanobis distances of a tile's rows from <paramref name="mean"/>.</summary>
    public void Distances(RowTile tile, ReadOnlySpan<double> mean, Span<double> distances)
    {
        if (IsDiagonal)
            MahalanobisKernel.Diagonal(tile, mean, PackedInverseFactor, distances);
        else
            MahalanobisKernel.Full(tile, mean, PackedInverseFactor, distances);
    }

    /// <summary>The same covariance, with the axes that it was made from.</summary>
    public CovarianceFactorization WithAxes(double[] axes) =>
        new(Dimension, IsDiagonal, Covariance, Factor, InverseFactor, PackedInverseFactor, LogDeterminant) { Axes = axes };

    /// <summary>The covariance of some of the features. Axes go along: they are those of these features.</summary>
    public CovarianceFactorization Part(int[] features)
    {
        if (IsDiagonal)
            return Diagonal(Array.ConvertAll(features, j => Covariance[j]))!;
        double[] part = [.. features.SelectMany(i => features, (i, j) => this[i, j])];
        CovarianceFactorization covariance = Full(part, features.Length) ?? FullRaised(part, features.Length);
        return Axes is null ? covariance : covariance.WithAxes(Axes);
    }

    /// <summary>Σ times a factor, row-major, or its diagonal.</summary>
    public double[] Times(double factor, bool ofDiagonal)
    {
        if (IsDiagonal == ofDiagonal)
            return Array.ConvertAll(Covariance, value => value * factor);
        var product = new double[ofDiagonal ? Dimension : Dimension * Dimension];
        for (int j = 0; j < Dimension; j++)
            product[ofDiagonal ? j : j * Dimension + j] = this[j, j] * factor;
        return product;
    }

    /// <summary>Σ⁻¹ = WᵀW of a full covariance, row-major.</summary>
    public double[] Inverse()
    {
        var inverse = new double[Covariance.Length];
        for (int i = 0; i < Dimension; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = 0;
                for (int t = i; t < Dimension; t++)
                    sum += InverseFactor[t * Dimension + i] * InverseFactor[t * Dimension + j];
                inverse[i * Dimension + j] = inverse[j * Dimension + i] = sum;
            }
        }
        return inverse;
    }

    private static CovarianceFactorization OfFactor(double[] covariance, double[] factor, int dimension)
    {
        double logDeterminant = CholeskyFactor.LogDeterminant(factor, dimension);
        double[] inverse = (double[])factor.Clone();
        CholeskyFactor.Invert(inverse, dimension);
        return new CovarianceFactorization(dimension, false, covariance, factor, inverse, MahalanobisKernel.PackFactor(inverse, dimension), logDeterminant);
    }
}
