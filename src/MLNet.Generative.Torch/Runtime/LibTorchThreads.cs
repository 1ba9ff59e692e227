using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// Sets libtorch's number of threads, which is one for the whole process, and sets it back. libtorch gives it to each thread that uses it for the first time; a thread that has its number
/// keeps it until it sets another itself, so that trainings at the same time do not disturb each other.
/// </summary>
internal sealed class LibTorchThreads : IDisposable
{
    private static readonly Lock Gate = new();

    // Trainings may overlap: what was there before the first of them is set back by each, or the last to end would set what another has chosen.
    private static int s_users;
    private static int s_before;

    private bool _isUser;

    private LibTorchThreads(bool isUser) => _isUser = isUser;

    /// <summary>
    /// Gives the calling thread the process's number of libtorch's threads, on which the last bits of matrix products depend. Without it a thread that is new to libtorch may compute its
    /// first products with another.
    /// </summary>
    /// <returns>The number.</returns>
    public static int Adopt() => torch.get_num_threads();

    /// <summary>Uses a number of threads until the result is disposed of.</summary>
    /// <param name="numberOfThreads">The number of threads; <see langword="null"/> to change nothing.</param>
    public static LibTorchThreads Use(int? numberOfThreads)
    {
        if (numberOfThreads is not { } wanted)
        {
            Adopt();
            return new LibTorchThreads(isUser: false);
        }
        lock (Gate)
        {
            if (s_users++ == 0)
                s_before = torch.get_num_threads();
            torch.set_num_threads(wanted);
        }
        return new LibTorchThreads(isUser: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isUser)
            return;
        _isUser = false;
        lock (Gate)
        {
            s_users--;
            torch.set_num_threads(s_before);
        }
    }
}
