namespace MLNet.Generative;

/// <summary>A Gaussian in a model file.</summary>
internal static class GaussianFormat
{
    // *** Binary format ***
    // double[D]: mean
    // bool: whether the covariance is diagonal
    // double[D] or double[D·D]: variances, or the covariance row by row

    public static void Write(BinaryWriter writer, Gaussian gaussian)
    {
        foreach (double value in gaussian.Mean)
            writer.Write(value);
        writer.Write(gaussian.Covariance.IsDiagonal);
        foreach (double value in gaussian.Covariance.Covariance)
            writer.Write(value);
    }

    public static Gaussian Read(BlockReader reader, int dimension)
    {
        double[] mean = reader.ReadFinite(dimension, "a mean");
        CovarianceFactorization? covariance = reader.ReadBoolean()
            ? CovarianceFactorization.Diagonal(reader.ReadFinite(dimension, "a covariance"))
            : ReadFull(reader, dimension);
        reader.Check(covariance is not null, "a covariance is not positive definite");
        return new Gaussian(mean, covariance!);
    }

    // As it was factored before it was written: a covariance may be positive definite but for rounding.
    private static CovarianceFactorization? ReadFull(BlockReader reader, int dimension)
    {
        double[] covariance = reader.ReadFinite((long)dimension * dimension, "a covariance");
        bool hasVariances = Enumerable.Range(0, dimension).All(j => covariance[j * dimension + j] > 0);
        return hasVariances ? StructuredCovariance.Full(covariance, dimension) : null;
    }
}
