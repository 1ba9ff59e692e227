using TorchSharp;

namespace MLNet.Generative;

/// <summary>Sources of random numbers of our own: libtorch's global one is neither read nor changed.</summary>
internal static class SeededGenerator
{
    /// <summary>Makes a generator.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="stream">Which of several independent generators of that seed, from 0.</param>
    /// <param name="device">The device whose random numbers it gives.</param>
    public static torch.Generator Create(int seed, int stream, torch.Device device) =>
        new(((ulong)stream << 32) | (uint)seed, device);
}
