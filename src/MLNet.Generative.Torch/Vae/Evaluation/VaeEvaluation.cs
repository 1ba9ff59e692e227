using System.Globalization;
using TorchSharp;

namespace MLNet.Generative;

/// <summary>Measures a model on rows: the evidence lower bound and its parts, and the importance-weighted bound.</summary>
internal static class VaeEvaluation
{
    private const double ActiveVariance = 1e-2;

    /// <summary>Measures.</summary>
    public static VaeMetrics Evaluate(VaeModel model, ReadOnlySpan<double> rows, int count, int importanceSamples, int seed)
    {
        if (count == 0)
            throw new ArgumentException("There are no rows to evaluate.", nameof(rows));

        int latents = model.LatentDimension;
        var kl = new double[latents];
        var means = new double[latents];
        var squares = new double[latents];
        double reconstruction = 0;
        double bound = 0;
        var block = new VaeBlock(model);
        var bounds = new double[BlockInference.RowsPerBlock];
        using torch.Generator generator = SeededGenerator.Create(seed, RandomStream.Importance);
        for (int start = 0; start < count; start += BlockInference.RowsPerBlock)
        {
            int length = block.Load(rows, start, count);
            block.Encode();
            block.Score();
            model.Inference.ImportanceWeightedBound(block.Scaled, importanceSamples, generator, bounds);
            for (int i = 0; i < length; i++)
            {
                if (!double.IsFinite(block.LogDensity(i)))
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Row {start + i} has a value that is not finite, too large, or not possible under likelihood {model.Likelihood}. Remove the row, or replace the value."), nameof(rows));
                reconstruction += block.Reconstruction(i);
                bound += bounds[i];
                ReadOnlySpan<double> divergence = block.KlPerDimension(i);
                for (int l = 0; l < latents; l++)
                {
                    double mean = block.Means[i * latents + l];
                    kl[l] += divergence[l];
                    means[l] += mean;
                    squares[l] += mean * mean;
                }
            }
        }

        int active = Enumerable.Range(0, latents).Count(l => squares[l] / count - means[l] / count * (means[l] / count) > ActiveVariance);
        return new VaeMetrics(count, reconstruction / count, Array.ConvertAll(kl, sum => sum / count), active, bound / count, importanceSamples);
    }
}
