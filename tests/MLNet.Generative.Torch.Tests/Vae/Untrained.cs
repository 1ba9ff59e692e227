using TorchSharp;

namespace MLNet.Generative.Tests;

/// <summary>Autoencoders with random weights: enough where only the arithmetic matters.</summary>
internal static class Untrained
{
    /// <summary>An autoencoder; its decoder's hidden layers are the encoder's in reverse.</summary>
    public static VaeModel Create(int dimension, int latentDimension, int[] hiddenLayers, VaeLikelihood likelihood, int scoringSamples = 1, int elboSamples = 16)
    {
        LibTorch.EnsureLoaded();
        var architecture = new VaeArchitecture(dimension, latentDimension, hiddenLayers, [.. hiddenLayers.Reverse()], VaeActivation.Relu, likelihood, 0.7);
        var random = new Random(1);
        float[][] weights = [.. architecture.Parameters().Select(shape => Draw(random, shape))];
        FeatureScaling scaling = architecture.IsGaussian
            ? new FeatureScaling([.. Enumerable.Range(0, dimension).Select(_ => random.NextDouble())], [.. Enumerable.Range(0, dimension).Select(_ => 0.1 + random.NextDouble())])
            : FeatureScaling.None(dimension);
        return new VaeModel(architecture, scaling, weights, ScoringNoise.Create(1, elboSamples, scoringSamples, latentDimension), torch.CPU);
    }

    /// <summary>Rows between 0 and 1.</summary>
    public static double[] Rows(int count, int dimension, int seed = 2)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count * dimension).Select(_ => (double)random.NextSingle())];
    }

    private static float[] Draw(Random random, ParameterShape shape)
    {
        double bound = shape.InitialBound > 0 ? 2 * shape.InitialBound : 0.5;
        return [.. Enumerable.Range(0, (int)shape.Count).Select(_ => (float)((2 * random.NextDouble() - 1) * bound))];
    }
}
