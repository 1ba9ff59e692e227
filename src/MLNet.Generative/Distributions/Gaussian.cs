using MathNet.Numerics.Distributions;

namespace MLNet.Generative;

/// <summary>
/// A Gaussian distribution N(x | μ, Σ) = (2π)^(−D/2) |Σ|^(−1/2) exp(−½ (x−μ)ᵀ Σ⁻¹ (x−μ)) of D features (Bishop 2006, eq. 2.43): density, draws,
/// marginals and conditionals. Immutable.
/// </summary>
internal sealed class Gaussian(double[] mean, CovarianceFactorization covariance)
{
    /// <summary>μ.</summary>
    public double[] Mean { get; } = mean;

    /// <summary>Σ.</summary>
    public CovarianceFactorization Covariance { get; } = covariance;

    /// <summary>D.</summary>
    public int Dimension => Mean.Length;

    /// <summary>log N of a complete row. <paramref name="scratch"/> holds D doubles.</summary>
    public double LogDensity(ReadOnlySpan<double> row, Span<double> scratch)
    {
        double distance = Covariance.IsDiagonal
            ? RowDistance.Diagonal(row, Mean, Covariance.PackedInverseFactor)
            : RowDistance.Full(row, Mean, Covariance.PackedInverseFactor, scratch);
        return Covariance.LogNormalizer - 0.5 * distance;
    }

    /// <summary>
    /// log N of the marginal over the features <paramref name="observed"/>; 0 if there is none. <paramref name="scratch"/> holds m + m² doubles
    /// for m observed features.
    /// </summary>
    public double MarginalLogDensity(ReadOnlySpan<double> row, ReadOnlySpan<int> observed, Span<double> scratch)
    {
        int m = observed.Length;
        Span<double> difference = scratch[..m];
        for (int i = 0; i < m; i++)
            difference[i] = row[observed[i]] - Mean[observed[i]];

        double distance = 0;
        double logDeterminant = 0;
        if (Covariance.IsDiagonal)
        {
            for (int i = 0; i < m; i++)
            {
                double variance = Covariance.Covariance[observed[i]];
                distance += difference[i] * difference[i] / variance;
                logDeterminant += Math.Log(variance);
            }
        }
        else
        {
            Span<double> factor = scratch.Slice(m, m * m);
            CopySubmatrix(observed, observed, factor);
            CholeskyFactor.FactorRaised(factor, m);
            CholeskyFactor.SolveLower(factor, m, difference);
            logDeterminant = CholeskyFactor.LogDeterminant(factor, m);
            foreach (double y in difference)
                distance += y * y;
        }
        return -0.5 * (m * Math.Log(2 * Math.PI) + logDeterminant + RowDistance.Limit(distance));
    }

    /// <summary>Draws a row: μ + L z with z standard normal.</summary>
    public void Sample(Random random, Span<double> row)
    {
        int dimension = Dimension;
        for (int j = 0; j < dimension; j++)
            row[j] = Normal.Sample(random, 0, 1);

        double[] factor = Covariance.Factor;
        // From the last feature up, because feature i needs z of the features before it.
        for (int i = dimension - 1; i >= 0; i--)
        {
            double value = Mean[i];
            if (Covariance.IsDiagonal)
            {
                value += factor[i] * row[i];
            }
            else
            {
                for (int j = 0; j <= i; j++)
                    value += factor[i * dimension + j] * row[j];
            }
            row[i] = value;
        }
    }

    /// <summary>The distribution of the features <paramref name="kept"/>, in that order.</summary>
    public Gaussian Marginal(ReadOnlySpan<int> kept)
    {
        var mean = new double[kept.Length];
        for (int i = 0; i < kept.Length; i++)
            mean[i] = Mean[kept[i]];
        if (Covariance.IsDiagonal)
        {
            var variances = new double[kept.Length];
            for (int i = 0; i < kept.Length; i++)
                variances[i] = Covariance.Covariance[kept[i]];
            return new Gaussian(mean, CovarianceFactorization.Diagonal(variances)!);
        }
        var covariance = new double[kept.Length * kept.Length];
        CopySubmatrix(kept, kept, covariance);
        return new Gaussian(mean, CovarianceFactorization.FullRaised(covariance, kept.Length));
    }

    /// <summary>
    /// The distribution of the features <paramref name="free"/> given those of <paramref name="known"/>: mean μ_f + Σ_fk Σ_kk⁻¹ (x_k − μ_k),
    /// covariance Σ_ff − Σ_fk Σ_kk⁻¹ Σ_kf (Bishop 2006, eq. 2.81 and 2.82).
    /// </summary>
    public Gaussian Condition(ReadOnlySpan<int> known, ReadOnlySpan<double> values, ReadOnlySpan<int> free)
    {
        if (Covariance.IsDiagonal)
            return Marginal(free);

        int m = known.Length, n = free.Length;
        var factor = new double[m * m];
        CopySubmatrix(known, known, factor);
        CholeskyFactor.FactorRaised(factor, m);

        var difference = new double[m];
        for (int i = 0; i < m; i++)
            difference[i] = values[i] - Mean[known[i]];
        CholeskyFactor.SolveLower(factor, m, difference);

        // Row i of gains is L⁻¹ Σ_k,free[i]: products of its rows with each other and with L⁻¹ (x_k − μ_k) are what both formulas need.
        var gains = new double[n * m];
        CopySubmatrix(free, known, gains);
        for (int i = 0; i < n; i++)
            CholeskyFactor.SolveLower(factor, m, gains.AsSpan(i * m, m));

        var mean = new double[n];
        var covariance = new double[n * n];
        CopySubmatrix(free, free, covariance);
        for (int i = 0; i < n; i++)
        {
            mean[i] = Mean[free[i]] + Dot(gains.AsSpan(i * m, m), difference);
            for (int j = 0; j < n; j++)
                covariance[i * n + j] -= Dot(gains.AsSpan(Math.Max(i, j) * m, m), gains.AsSpan(Math.Min(i, j) * m, m));
        }
        return new Gaussian(mean, CovarianceFactorization.FullRaised(covariance, n));
    }

    private void CopySubmatrix(ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, Span<double> target)
    {
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < columns.Length; j++)
                target[i * columns.Length + j] = Covariance[rows[i], columns[j]];
        }
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }
}
