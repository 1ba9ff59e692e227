using TorchSharp;

namespace MLNet.Generative;

/// <summary>Ancestral sampling: z from the prior, or from the mixture of latent codes, then x from p(x|z).</summary>
internal static class VaeSampler
{
    /// <summary>Draws rows, in the features' units.</summary>
    public static double[][] Draw(VaeModel model, int count, int seed)
    {
        using var codes = new LatentSource(model.LatentMixture, model.LatentDimension, seed);
        using torch.Generator noise = SeededGenerator.Create(seed, RandomStream.Draws);
        var drawn = new float[BlockInference.RowsPerBlock * model.Dimension];
        var rows = new double[count][];
        for (int start = 0; start < count; start += BlockInference.RowsPerBlock)
        {
            // Whole blocks, so that more rows begin with the same rows.
            model.Inference.Draw(codes.Draw(BlockInference.RowsPerBlock), noise, drawn);
            int length = Math.Min(BlockInference.RowsPerBlock, count - start);
            for (int i = 0; i < length; i++)
            {
                rows[start + i] = new double[model.Dimension];
                model.Scaling.Invert(drawn.AsSpan(i * model.Dimension, model.Dimension), rows[start + i]);
            }
        }
        return rows;
    }
}
