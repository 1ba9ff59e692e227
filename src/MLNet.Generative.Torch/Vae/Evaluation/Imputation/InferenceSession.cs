using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// Native work with trained weights: no gradients, and no tensor left when it ends. It keeps the owner of the weights alive: libtorch is given bare handles, and a model of which nothing more
/// is needed than this call may otherwise be collected while the call lasts.
/// </summary>
internal readonly ref struct InferenceSession
{
    private readonly object _owner;
    private readonly IDisposable _noGradients;
    private readonly DisposeScope _scope;

    public InferenceSession(object owner)
    {
        LibTorchThreads.Adopt();
        _owner = owner;
        _noGradients = torch.no_grad();
        _scope = torch.NewDisposeScope();
    }

    public void Dispose()
    {
        _scope.Dispose();
        _noGradients.Dispose();
        GC.KeepAlive(_owner);
    }
}
