using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// The parameters of a network as tensors on a device, by name. They belong to no dispose scope: whoever makes the set disposes it, or leaves it to the finalisers.
/// </summary>
internal sealed class ParameterSet : IDisposable
{
    private readonly Dictionary<string, torch.Tensor> _parameters = [];
    private readonly IReadOnlyList<ParameterShape> _shapes;

    private ParameterSet(IReadOnlyList<ParameterShape> shapes, Func<ParameterShape, torch.Tensor> create, bool learns)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _shapes = shapes;
        foreach (ParameterShape shape in _shapes)
        {
            torch.Tensor parameter = create(shape).requires_grad_(learns);
            _parameters.Add(shape.Name, parameter.DetachFromDisposeScope());
        }
    }

    /// <summary>All parameters, in the architecture's order.</summary>
    public IEnumerable<torch.Tensor> Tensors => _shapes.Select(shape => _parameters[shape.Name]);

    /// <summary>A parameter.</summary>
    public torch.Tensor this[string name] => _parameters[name];

    /// <summary>Draws initial parameters, ready to be learned.</summary>
    public static ParameterSet Draw(VaeArchitecture architecture, torch.Device device, torch.Generator generator) =>
        new(
            [.. architecture.Parameters()],
            // Drawn on the CPU, so that a seed means the same start on every device.
            shape => torch.empty([.. shape.Shape], torch.float32, torch.CPU).uniform_(-shape.InitialBound, shape.InitialBound, generator).to(device),
            learns: true);

    /// <summary>Parameters with given values, for use only.</summary>
    public static ParameterSet From(VaeArchitecture architecture, torch.Device device, IReadOnlyList<float[]> values) => From([.. architecture.Parameters()], device, values);

    /// <summary>The same with shapes of one's own.</summary>
    public static ParameterSet From(IReadOnlyList<ParameterShape> shapes, torch.Device device, IReadOnlyList<float[]> values)
    {
        int next = 0;
        return new ParameterSet(shapes, shape => AlignedTensor.Copy(values[next++], [.. shape.Shape], device), learns: false);
    }

    /// <summary>A copy on the same device, for use only.</summary>
    public ParameterSet Copy() => new(_shapes, shape => _parameters[shape.Name].detach().clone(), learns: false);

    /// <summary>As many zeros on the same device, for use only.</summary>
    public ParameterSet Zeros() => new(_shapes, shape => torch.zeros_like(_parameters[shape.Name]), learns: false);

    /// <summary>The values of all parameters, copied.</summary>
    public float[][] ToArrays()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return [.. Tensors.Select(parameter => parameter.detach().cpu().data<float>().ToArray())];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (torch.Tensor parameter in _parameters.Values)
            parameter.Dispose();
    }
}
