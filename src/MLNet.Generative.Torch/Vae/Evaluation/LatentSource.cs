using TorchSharp;

namespace MLNet.Generative;

/// <summary>Where the codes of new rows come from: the prior N(0, I), or a mixture. The same seed gives the same codes one after another, however many are asked for at a time.</summary>
/// <param name="mixture">The mixture; <see langword="null"/> for the prior.</param>
/// <param name="latentDimension">L, the number of latent dimensions.</param>
/// <param name="seed">The seed.</param>
internal sealed class LatentSource(GaussianMixtureModel? mixture, int latentDimension, int seed) : IDisposable
{
    private readonly torch.Generator _prior = SeededGenerator.Create(seed, RandomStream.Prior);
    private readonly Random _random = new(seed);

    /// <summary>Draws the next codes.</summary>
    /// <param name="count">How many.</param>
    /// <returns>L numbers for each code.</returns>
    public float[] Draw(int count)
    {
        if (mixture is null)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            return RandomTensors.Normal([count * latentDimension], torch.CPU, _prior).data<float>().ToArray();
        }

        var codes = new float[count * latentDimension];
        var code = new double[latentDimension];
        for (int i = 0; i < codes.Length; i += latentDimension)
        {
            mixture.Sample(_random, code);
            for (int l = 0; l < latentDimension; l++)
                codes[i + l] = (float)code[l];
        }
        return codes;
    }

    public void Dispose() => _prior.Dispose();
}
