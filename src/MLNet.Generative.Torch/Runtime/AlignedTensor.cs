using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// Tensors with given values in memory of libtorch's own. TorchSharp wraps managed arrays where they lie, and matrix products change the last bits with the alignment of their
/// operands; libtorch's memory always has the same alignment.
/// </summary>
internal static class AlignedTensor
{
    /// <summary>Copies values.</summary>
    /// <param name="values">The values, row after row.</param>
    /// <param name="shape">The tensor's shape.</param>
    /// <param name="device">The device.</param>
    public static torch.Tensor Copy(float[] values, ReadOnlySpan<long> shape, torch.Device device)
    {
        using torch.Tensor wrapped = torch.tensor(values, shape, torch.float32, torch.CPU);
        return wrapped.to(device, copy: true);
    }
}
