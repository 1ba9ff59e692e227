using TorchSharp;

namespace MLNet.Generative;

/// <summary>Sets libtorch's number of threads, which is one for the whole process, and sets it back.</summary>
internal sealed class LibTorchThreads : IDisposable
{
    private readonly int? _before;

    private LibTorchThreads(int? before) => _before = before;

    /// <summary>Uses a number of threads until the result is disposed of.</summary>
    /// <param name="numberOfThreads">The number of threads; <see langword="null"/> to change nothing.</param>
    public static LibTorchThreads Use(int? numberOfThreads)
    {
        if (numberOfThreads is not { } wanted || torch.get_num_threads() == wanted)
            return new LibTorchThreads(null);
        int before = torch.get_num_threads();
        torch.set_num_threads(wanted);
        return new LibTorchThreads(before);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_before is { } before)
            torch.set_num_threads(before);
    }
}
