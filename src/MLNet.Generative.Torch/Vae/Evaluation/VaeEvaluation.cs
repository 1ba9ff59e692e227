using System.Globalization;
using TorchSharp;

namespace MLNet.Generative;

/// <summary>Measures a model on rows: the evidence lower bound and its parts, and the importance-weighted bound.</summary>
internal static class VaeEvaluation
{
    /// <summary>Measures.</summary>
    public static VaeMetrics Evaluate(VaeModel model, ReadOnlySpan<double> rows, int count, int importanceSamples, int seed, Action checkCancelled)
    {
        if (count == 0)
            throw new ArgumentException("There are no rows to evaluate.", nameof(rows));

        int latents = model.LatentDimension;
        var kl = new double[latents];
        var active = new ActiveUnits(latents);
        double reconstruction = 0;
        double bound = 0;
        using var block = new VaeBlock(model, count);
        using torch.Generator generator = SeededGenerator.Create(seed, RandomStream.Importance);
        for (int start = 0; start < count; start += block.Capacity)
        {
            checkCancelled();
            int length = block.Load(rows, start, count);
            block.ScoreElbo(length);
            for (int i = 0; i < length; i++)
            {
                if (!double.IsFinite(block.LogDensity(i)))
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Row {start + i} is too far from the training data for 32 bits. Remove the row, or scale the values."), nameof(rows));
                reconstruction += block.Reconstruction(i);
                ReadOnlySpan<double> divergence = block.KlPerDimension(i);
                for (int l = 0; l < latents; l++)
                    kl[l] += divergence[l];
                active.Add(block.Means.AsSpan(i * latents, latents));
            }
            block.ScoreImportanceWeighted(length, importanceSamples, generator);
            for (int i = 0; i < length; i++)
                bound += block.LogDensity(i);
        }

        return new VaeMetrics(count, reconstruction / count, Array.ConvertAll(kl, sum => sum / count), active.Count(), bound / count, importanceSamples);
    }
}
