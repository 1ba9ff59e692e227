namespace MLNet.Generative;

/// <summary>A mixture in a model file.</summary>
internal static class GaussianMixtureFormat
{
    // *** Binary format ***
    // int: covariance type
    // int: K, number of components
    // int: D, number of features
    // double[K]: weights
    // for each component:
    //     double[D]: mean
    //     bool: whether the covariance is diagonal
    //     double[D] or double[D·D]: variances, or the covariance row by row

    public static void Write(BinaryWriter writer, GaussianMixtureModel model)
    {
        writer.Write((int)model.CovarianceType);
        writer.Write(model.NumberOfComponents);
        writer.Write(model.Dimension);
        WriteDoubles(writer, model.Weights);
        foreach (Gaussian component in model.Components)
        {
            WriteDoubles(writer, component.Mean);
            writer.Write(component.Covariance.IsDiagonal);
            WriteDoubles(writer, component.Covariance.Covariance);
        }
    }

    public static GaussianMixtureModel Read(BlockReader reader)
    {
        CovarianceType type = reader.ReadEnum<CovarianceType>("the covariance type");
        int components = reader.ReadSize(1, "the number of components");
        int dimension = reader.ReadSize(1, "the number of features");
        double[] weights = reader.ReadFinite(components, "the weights");
        reader.Check(Array.TrueForAll(weights, weight => weight >= 0), "a weight is negative");

        var gaussians = new Gaussian[components];
        for (int k = 0; k < components; k++)
        {
            double[] mean = reader.ReadFinite(dimension, "a mean");
            CovarianceFactorization? covariance = reader.ReadBoolean()
                ? CovarianceFactorization.Diagonal(reader.ReadFinite(dimension, "a covariance"))
                : CovarianceFactorization.Full(reader.ReadFinite((long)dimension * dimension, "a covariance"), dimension);
            reader.Check(covariance is not null, "a covariance is not positive definite");
            gaussians[k] = new Gaussian(mean, covariance!);
        }
        return new GaussianMixtureModel(weights, gaussians, type);
    }

    private static void WriteDoubles(BinaryWriter writer, IEnumerable<double> values)
    {
        foreach (double value in values)
            writer.Write(value);
    }
}
