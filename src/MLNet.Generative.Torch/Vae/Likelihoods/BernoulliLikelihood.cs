using System.Runtime.InteropServices;
using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// x_j is 1 with probability σ(a_j), where a is the decoder's output: log p(x|z) = Σ_j x_j a_j − log(1 + e^{a_j}). For 0 &lt; x_j &lt; 1 the same formula is the
/// negative cross-entropy, which is no density.
/// </summary>
internal sealed class BernoulliLikelihood : DecoderLikelihood
{
    public override bool HasWrittenGradient => true;

    public override torch.Tensor LogDensity(torch.Tensor rows, torch.Tensor decoded, torch.Tensor? observed = null) =>
        SumOverFeatures(-CrossEntropy(rows, decoded), observed);

    /// <summary>log(1 + e^a) − x a for each feature.</summary>
    /// <param name="rows">x, rows × D.</param>
    /// <param name="logits">a, … × rows × D.</param>
    internal static torch.Tensor CrossEntropy(torch.Tensor rows, torch.Tensor logits) =>
        torch.nn.functional.binary_cross_entropy_with_logits(logits, rows.expand(logits.shape), reduction: torch.nn.Reduction.None);

    /// <inheritdoc/>
    /// <remarks>The gradient is x − σ(a).</remarks>
    public override (torch.Tensor LogDensity, torch.Tensor Gradient)? WithGradient(torch.Tensor rows, torch.Tensor decoded, torch.Tensor? observed, double scale)
    {
        if (observed is null && decoded.device.type == DeviceType.CPU)
            return InOnePass(rows.contiguous(), decoded.contiguous(), (float)scale);
        using Scalar factor = scale;
        return (LogDensity(rows, decoded, observed), OnlyObserved((rows - torch.sigmoid(decoded)) * factor, observed));
    }

    private static (torch.Tensor LogDensity, torch.Tensor Gradient) InOnePass(torch.Tensor rows, torch.Tensor decoded, float scale)
    {
        torch.Tensor gradient = torch.empty(decoded.shape, torch.float32, torch.CPU);
        int width = (int)rows.shape[1];
        int count = (int)rows.shape[0];
        var densities = new double[decoded.numel() / width];
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(rows.bytes);
        ReadOnlySpan<float> logits = MemoryMarshal.Cast<byte, float>(decoded.bytes);
        Span<float> slopes = MemoryMarshal.Cast<byte, float>(gradient.bytes);
        // On one thread: others would take longer to wake than the work takes.
        for (int i = 0; i < densities.Length; i++)
            densities[i] = BernoulliKernel.LogDensity(values.Slice(i % count * width, width), logits.Slice(i * width, width), scale, slopes.Slice(i * width, width));
        return (torch.tensor(densities, [.. decoded.shape[..^1]], torch.float64, torch.CPU), gradient);
    }

    /// <summary>x − σ(a) and σ(a) σ(−a).</summary>
    public override (torch.Tensor Score, torch.Tensor Information) ScoreAndInformation(torch.Tensor rows, torch.Tensor decoded)
    {
        torch.Tensor mean = torch.sigmoid(decoded.to(torch.float64));
        return (rows - mean, mean * torch.sigmoid(-decoded.to(torch.float64)));
    }

    // libtorch's own logistic function gives other last bits at the end of a tensor than within it.
    public override torch.Tensor Mean(torch.Tensor decoded) => torch.exp(-decoded).Plus(Number.Of(1)).reciprocal();

    public override torch.Tensor Draw(torch.Tensor decoded, torch.Generator generator) =>
        RandomTensors.Uniform(decoded.shape, decoded.device, generator).lt(Mean(decoded)).to(torch.float32);

    public override (double Lowest, double Highest) Support => (0, 1);
}
