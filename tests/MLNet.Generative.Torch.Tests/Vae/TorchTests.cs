using TorchSharp;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>
/// Tests of tensors, with libtorch on one thread: networks this small gain nothing from more, and threads that wait for each other on a busy machine can stall. libtorch's number of
/// threads, its global generator and its count of tensors belong to the whole process, so these tests run alone, one after another.
/// </summary>
[Collection(nameof(ProcessWideState))]
public abstract class TorchTests : IDisposable
{
    private readonly int _threads;
    private readonly DisposeScope _scope;

    protected TorchTests()
    {
        LibTorch.EnsureLoaded();
        _threads = torch.get_num_threads();
        torch.set_num_threads(1);
        _scope = torch.NewDisposeScope();
    }

    public void Dispose()
    {
        _scope.Dispose();
        torch.set_num_threads(_threads);
        GC.SuppressFinalize(this);
    }
}
