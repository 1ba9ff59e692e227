using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative;

/// <summary>The mixture of latent codes in a model file.</summary>
internal static class LatentMixtureFormat
{
    // *** Binary format ***
    // int: K, number of components, 0 for no mixture; for each:
    //     double: weight
    //     double[L]: mean
    //     double[L·L]: covariance, row by row

    public static void Write(BinaryWriter writer, GaussianMixtureModel? mixture)
    {
        writer.Write(mixture?.NumberOfComponents ?? 0);
        if (mixture is null)
            return;
        (IReadOnlyList<Vector<double>> means, IReadOnlyList<Matrix<double>> covariances) = (mixture.Means, mixture.Covariances);
        for (int k = 0; k < mixture.NumberOfComponents; k++)
        {
            writer.Write(mixture.Weights[k]);
            foreach (double value in means[k].AsArray().Concat(covariances[k].ToRowMajorArray()))
                writer.Write(value);
        }
    }

    public static GaussianMixtureModel? Read(BlockReader reader, int latentDimension)
    {
        int components = reader.ReadSize(0, "the number of components of the latent mixture");
        if (components == 0)
            return null;
        var weights = new double[components];
        var means = new Vector<double>[components];
        var covariances = new Matrix<double>[components];
        for (int k = 0; k < components; k++)
        {
            weights[k] = reader.ReadFinite("a weight of the latent mixture");
            means[k] = Vector<double>.Build.Dense(reader.ReadFinite(latentDimension, "a mean of the latent mixture"));
            covariances[k] = Matrix<double>.Build.DenseOfRowMajor(
                latentDimension, latentDimension, reader.ReadFinite((long)latentDimension * latentDimension, "a covariance of the latent mixture"));
        }
        try
        {
            return new GaussianMixtureModel(weights, means, covariances);
        }
        catch (ArgumentException exception)
        {
            reader.Check(false, $"the latent mixture is none: {exception.Message}");
            throw;
        }
    }
}
