namespace MLNet.Generative;

/// <summary>
/// A normal inverse Wishart prior on a Gaussian, in pseudo-frames (Fraley and Raftery 2007): log p(μ, Σ) = −½ s (log |Σ| + tr(Σ⁻¹ V)) − ½ κ (μ − m)ᵀ Σ⁻¹ (μ − m) + constant, where
/// m and V = diag(v) are mean and variances of the data. Its mode with N frames of mean x̄ and scatter S is μ = (κ m + N x̄) / (κ + N) and
/// Σ = (s V + S + κ N / (κ + N) (x̄ − m)(x̄ − m)ᵀ) / (N + s).
/// </summary>
internal sealed class GaussianPrior(DataMoments moments, HmmPrior prior)
{
    private readonly double _meanStrength = prior.MeanStrength;
    private readonly double _covarianceStrength = prior.CovarianceStrength;

    /// <summary>Whether it says nothing.</summary>
    public bool IsFlat => _meanStrength == 0 && _covarianceStrength == 0;

    /// <summary>Whether it has a mode for covariances, even where there are no frames.</summary>
    public bool IsOfCovariances => _covarianceStrength > 0;

    /// <summary>The scatter whose maximum likelihood Gaussian is the mode of the posterior.</summary>
    /// <param name="scatter">The scatter of the frames.</param>
    /// <param name="isDiagonal">Whether it holds its diagonal only.</param>
    public WeightedScatter AddTo(WeightedScatter scatter, bool isDiagonal)
    {
        if (IsFlat)
            return scatter;
        (double weight, double[] mean, double[] matrix) = scatter;
        int dimension = mean.Length;
        double pull = _meanStrength / (_meanStrength + weight);
        var pulled = new double[dimension];
        var difference = new double[dimension];
        for (int j = 0; j < dimension; j++)
        {
            difference[j] = moments.Mean[j] - mean[j];
            pulled[j] = mean[j] + pull * difference[j];
        }

        var sums = (double[])matrix.Clone();
        for (int i = 0; i < dimension; i++)
        {
            sums[isDiagonal ? i : i * dimension + i] += _covarianceStrength * moments.Variances[i];
            if (isDiagonal)
            {
                sums[i] += pull * weight * difference[i] * difference[i];
                continue;
            }
            for (int j = 0; j < dimension; j++)
                sums[i * dimension + j] += pull * weight * difference[i] * difference[j];
        }
        return new WeightedScatter(weight + _covarianceStrength, pulled, sums);
    }

    /// <summary>log p(μ, Σ), but for constants.</summary>
    public double LogDensity(Gaussian gaussian)
    {
        if (IsFlat)
            return 0;
        CovarianceFactorization covariance = gaussian.Covariance;
        double logDeterminant = -2 * covariance.LogNormalizer - gaussian.Dimension * Math.Log(2 * Math.PI);
        double trace = 0, distance = 0;
        int dimension = gaussian.Dimension;
        for (int i = 0; i < dimension; i++)
        {
            double y = 0;
            // Row i of W = L⁻¹: tr(Σ⁻¹ V) = Σ_ij W_ij² v_j, and the distance is |W (μ − m)|².
            for (int j = covariance.IsDiagonal ? i : 0; j <= i; j++)
            {
                double w = covariance.IsDiagonal ? covariance.InverseFactor[i] : covariance.InverseFactor[i * dimension + j];
                trace += w * w * moments.Variances[j];
                y += w * (gaussian.Mean[j] - moments.Mean[j]);
            }
            distance += y * y;
        }
        return -0.5 * (_covarianceStrength * (logDeterminant + trace) + _meanStrength * distance);
    }
}
