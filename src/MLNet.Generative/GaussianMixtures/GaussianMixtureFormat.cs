namespace MLNet.Generative;

/// <summary>A mixture in a model file.</summary>
internal static class GaussianMixtureFormat
{
    // *** Binary format ***
    // int: covariance type
    // int: K, number of components
    // int: D, number of features
    // double[K]: weights
    // Gaussian[K]: components

    public static void Write(BinaryWriter writer, GaussianMixtureModel model)
    {
        writer.Write((int)model.CovarianceType);
        writer.Write(model.NumberOfComponents);
        writer.Write(model.Dimension);
        foreach (double weight in model.Weights)
            writer.Write(weight);
        foreach (Gaussian component in model.Components)
            GaussianFormat.Write(writer, component);
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
            gaussians[k] = GaussianFormat.Read(reader, dimension);
        return new GaussianMixtureModel(weights, gaussians, type);
    }
}
