using Microsoft.ML;
using MLNet.Generative.Acceptance;

namespace MLNet.Generative.Benchmarks;

/// <summary>What the benchmarks of variational autoencoders work on: 784-400-20 and random images, in which one pixel in five is not black, as in MNIST.</summary>
internal static class VaeImages
{
    public const int Dimension = 784;
    public const int Hidden = 400;
    public const int Latent = 20;
    public const int BatchSize = 128;

    /// <summary>The multiply-adds of the encoder's matrix products for one row, which are as many as its weights.</summary>
    public const long EncoderWeights = Dimension * Hidden + 2 * Hidden * Latent;

    /// <summary>The same of the decoder.</summary>
    public const long DecoderWeights = Latent * Hidden + Hidden * Dimension;

    /// <summary>Random images.</summary>
    public static float[][] Draw(int count)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, Dimension).Select(_ => random.Next(5) == 0 ? random.NextSingle() : 0).ToArray())];
    }

    /// <summary>The autoencoder, with one epoch to train.</summary>
    public static VaeEstimator.Options Options() => new()
    {
        LatentDimension = Latent,
        HiddenLayers = [Hidden],
        Likelihood = VaeLikelihood.Bernoulli,
        BatchSize = BatchSize,
        NumberOfEpochs = 1,
        Seed = 1,
    };

    /// <summary>Trains on a view of images.</summary>
    public static VaeTransformer Fit(IDataView images, VaeEstimator.Options options) => new MLContext(seed: 1).Transforms.Vae(options).Fit(images);

    /// <summary>A view of images.</summary>
    public static IDataView View(IReadOnlyList<float[]> images) => ImageSet.ToDataView(new MLContext(seed: 1), images);
}
