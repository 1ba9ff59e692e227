using TorchSharp;

namespace MLNet.Generative;

/// <summary>Ancestral sampling: z from the prior, or from the mixture of latent codes, then x from p(x|z).</summary>
internal static class VaeSampler
{
    private const int RowsPerBlock = 32;

    /// <summary>Draws rows, in the features' units.</summary>
    public static double[][] Draw(VaeModel model, int count, int seed)
    {
        using var codes = new LatentSource(model.LatentMixture, model.LatentDimension, seed);
        using torch.Generator noise = SeededGenerator.Create(seed, RandomStream.Draws);
        using var latents = new BlockRows(RowsPerBlock, model.LatentDimension);
        var drawn = new float[RowsPerBlock * model.Dimension];
        var rows = new double[count][];
        for (int start = 0; start < count; start += RowsPerBlock)
        {
            // Whole blocks, so that more rows begin with the same rows.
            Draw(codes, latents);
            model.Inference.Draw(latents, noise, drawn);
            int length = Math.Min(RowsPerBlock, count - start);
            for (int i = 0; i < length; i++)
            {
                rows[start + i] = new double[model.Dimension];
                model.Scaling.Invert(drawn.AsSpan(i * model.Dimension, model.Dimension), rows[start + i]);
            }
        }
        return rows;
    }

    private static void Draw(LatentSource codes, BlockRows latents)
    {
        float[] drawn = codes.Draw(latents.Count);
        for (int i = 0; i < latents.Count; i++)
            drawn.AsSpan(i * latents.Width, latents.Width).CopyTo(latents.Row(i));
    }
}
