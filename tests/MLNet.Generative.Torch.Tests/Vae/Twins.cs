using TorchSharp;

namespace MLNet.Generative.Tests;

/// <summary>The likelihoods of one feature in plain double arithmetic, and those under test without a network around them.</summary>
internal static class Twins
{
    /// <summary>x log σ(a) + (1 − x) log σ(−a).</summary>
    public static double Bernoulli(double x, double logit) => -x * Softplus(-logit) - (1 - x) * Softplus(logit);

    /// <summary>The same with the normaliser C = 2 atanh(1 − 2λ) / (1 − 2λ) of λ = σ(a).</summary>
    public static double ContinuousBernoulli(double x, double logit) =>
        Bernoulli(x, logit) + (Math.Abs(logit) < 1e-4 ? Math.Log(2) + logit * logit / 12 : Math.Log(logit / Math.Tanh(logit / 2)));

    /// <summary>log N(x; m, v).</summary>
    public static double Gaussian(double x, double mean, double variance) => -0.5 * (Math.Log(2 * Math.PI * variance) + (x - mean) * (x - mean) / variance);

    /// <summary>0, and numbers of all sizes and both signs, on both sides of where a series takes over.</summary>
    public static IEnumerable<float> Logits(float largest) =>
        new float[] { 0, 1e-30f, 1e-6f, 1e-3f, 0.03f, 0.0499f, 0.0501f, 0.07f, 0.5f, 1, 3, 10, 25, 50, 80, 200, 1e4f, 1e30f }
            .Where(logit => logit <= largest).SelectMany(logit => (float[])[logit, -logit]);

    /// <summary>A likelihood of a decoder with these variances.</summary>
    public static DecoderLikelihood Create(VaeLikelihood likelihood, FeatureScaling scaling, float[]? logVariances = null, double standardDeviation = 1)
    {
        var architecture = new VaeArchitecture(scaling.Means.Length, 1, [], [], VaeActivation.Relu, likelihood, standardDeviation);
        IEnumerable<float[]> weights = architecture.Parameters().Select(shape => shape.Name == "likelihood.logVariance" ? logVariances! : new float[shape.Count]);
        return DecoderLikelihood.Create(architecture, scaling, ParameterSet.From(architecture, torch.CPU, [.. weights]), torch.CPU);
    }

    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));
}
