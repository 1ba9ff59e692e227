using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// Random numbers of our own: libtorch's global generator belongs to the user, and is neither seeded nor drawn from. Every draw names its generator.
/// </summary>
/// <remarks>
/// <para>With TorchSharp 0.107, these take a generator and use it: <c>torch.randn</c>, <c>rand</c>, <c>randint</c>, <c>randperm</c>, <c>normal</c>, <c>bernoulli</c>,
/// <c>multinomial</c> and <c>poisson</c>; on tensors, <c>uniform_</c>, <c>normal_</c>, <c>bernoulli_</c>, <c>exponential_</c>, <c>random_</c> and their kin.
/// <c>rand_like</c>, <c>randn_like</c>, dropout, and the constructors and initialisers of modules take none: they draw from the global one.</para>
/// <para>A generator lives on the CPU, whatever device is asked for: for a GPU, draw on the CPU and move the numbers, which are then the same on every device.</para>
/// </remarks>
internal static class SeededGenerator
{
    /// <summary>Makes a generator.</summary>
    /// <param name="seed">The seed. libtorch's generator on the CPU has 32 bits of it.</param>
    /// <param name="stream">Tells apart the generators of one seed: initial weights, order of rows, noise. Each stream is another sequence.</param>
    /// <returns>The generator, which the caller disposes.</returns>
    public static torch.Generator Create(int seed, int stream = 0) => Create(seed, stream, part: 0);

    /// <summary>Makes a generator for one part of a stream, so that a part needs nothing of those before it: that of an epoch, for example, which a resumed training begins with.</summary>
    /// <param name="seed">The seed. libtorch's generator on the CPU has 32 bits of it.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="part">The number of the part; 0 is the stream's beginning.</param>
    /// <returns>The generator, which the caller disposes.</returns>
    public static torch.Generator Create(int seed, int stream, int part)
    {
        LibTorch.EnsureLoaded();
        uint mixed = Mix(seed, stream);
        return new torch.Generator(part == 0 ? mixed : Mix((int)mixed, part));
    }

    /// <summary>A seed for each pair of seed and stream: neighbours differ in half of their bits (the last steps of SplitMix64; Steele, Lea and Flood, 2014).</summary>
    private static uint Mix(int seed, int stream)
    {
        ulong mixed = ((ulong)(uint)stream << 32 | (uint)seed) + 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return (uint)((mixed ^ (mixed >> 31)) >> 32);
    }
}
