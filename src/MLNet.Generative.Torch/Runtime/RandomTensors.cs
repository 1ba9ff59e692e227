using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// Random numbers from a generator of our own, always drawn on the CPU: TorchSharp makes generators for the CPU only, and a seed then means the same numbers on every device.
/// </summary>
internal static class RandomTensors
{
    /// <summary>Draws from N(0, 1).</summary>
    public static torch.Tensor Normal(ReadOnlySpan<long> shape, torch.Device device, torch.Generator generator) =>
        torch.randn(shape, torch.float32, torch.CPU, generator: generator).to(device);

    /// <summary>Draws from the uniform distribution on [0, 1).</summary>
    public static torch.Tensor Uniform(ReadOnlySpan<long> shape, torch.Device device, torch.Generator generator) =>
        torch.rand(shape, torch.float32, torch.CPU, generator: generator).to(device);
}
