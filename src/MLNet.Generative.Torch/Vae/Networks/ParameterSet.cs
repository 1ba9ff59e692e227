using System.Runtime.InteropServices;
using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// The parameters of a network on a device: one flat vector, and a tensor by name for each of its parts. They belong to no dispose scope: whoever makes the set disposes it, or leaves it
/// to the finalisers.
/// </summary>
internal sealed class ParameterSet : IDisposable
{
    // Each part starts where a cache line does, as a tensor of its own would: matrix products change the last bits with the alignment of their operands.
    private const int Alignment = 16;

    private readonly Dictionary<string, torch.Tensor> _parts = [];
    private readonly IReadOnlyList<ParameterShape> _shapes;
    private readonly torch.Tensor _flat;

    private ParameterSet(IReadOnlyList<ParameterShape> shapes, Func<long, torch.Tensor> create, bool learns)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _shapes = shapes;
        Segments = [.. Layout(shapes)];
        _flat = create(Segments[^1].Start + Padded(Segments[^1].Length)).DetachFromDisposeScope();
        foreach ((ParameterShape shape, (long start, long length)) in shapes.Zip(Segments))
        {
            // Detached, so that gradients end at each part: there is never one of the whole vector to put together.
            torch.Tensor part = _flat.narrow(0, start, length).view([.. shape.Shape]).detach().requires_grad_(learns);
            _parts.Add(shape.Name, part.DetachFromDisposeScope());
        }
    }

    /// <summary>Where each parameter lies in the flat vector, in the architecture's order.</summary>
    public IReadOnlyList<(long Start, long Length)> Segments { get; }

    /// <summary>All parameters, in the architecture's order.</summary>
    public IEnumerable<torch.Tensor> Tensors => _shapes.Select(shape => _parts[shape.Name]);

    /// <summary>Where the parameters are.</summary>
    public torch.Device Device => _flat.device;

    /// <summary>All parameters one after another, with zeros between them. They are seen by whoever uses the tensors, at once.</summary>
    public torch.Tensor Flat => _flat;

    /// <summary>The values of <see cref="Flat"/> where they lie. Only on the CPU.</summary>
    public Span<float> Values => MemoryMarshal.Cast<byte, float>(_flat.bytes);

    /// <summary>A parameter.</summary>
    public torch.Tensor this[string name] => _parts[name];

    /// <summary>Draws initial parameters, ready to be learned.</summary>
    public static ParameterSet Draw(VaeArchitecture architecture, torch.Device device, torch.Generator generator)
    {
        ParameterShape[] shapes = [.. architecture.Parameters()];
        // Drawn on the CPU, so that a seed means the same start on every device.
        torch.Tensor DrawAll(long length)
        {
            torch.Tensor flat = torch.zeros(length, torch.float32, torch.CPU);
            foreach ((ParameterShape shape, (long start, long count)) in shapes.Zip(Layout(shapes)))
                flat.narrow(0, start, count).uniform_(-shape.InitialBound, shape.InitialBound, generator);
            return flat.to(device);
        }
        return new ParameterSet(shapes, DrawAll, learns: true);
    }

    /// <summary>Parameters with given values, for use only.</summary>
    /// <param name="architecture">What they are parameters of.</param>
    /// <param name="device">Where they go.</param>
    /// <param name="values">The values of each, in the architecture's order.</param>
    public static ParameterSet From(VaeArchitecture architecture, torch.Device device, IReadOnlyList<float[]> values) => From([.. architecture.Parameters()], device, values);

    /// <summary>The same with shapes of one's own.</summary>
    public static ParameterSet From(IReadOnlyList<ParameterShape> shapes, torch.Device device, IReadOnlyList<float[]> values)
    {
        var set = new ParameterSet(shapes, length => torch.zeros(length, torch.float32, device), learns: false);
        set.CopyFrom(values);
        return set;
    }

    /// <summary>A copy on the same device, for use only.</summary>
    public ParameterSet Copy() => new(_shapes, _ => _flat.detach().clone(), learns: false);

    /// <summary>As many zeros on the same device, for use only.</summary>
    public ParameterSet Zeros() => new(_shapes, _ => torch.zeros_like(_flat), learns: false);

    /// <summary>The values of all parameters, copied.</summary>
    public float[][] ToArrays()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return [.. Tensors.Select(parameter => parameter.detach().cpu().data<float>().ToArray())];
    }

    /// <summary>Replaces the values of all parameters.</summary>
    /// <param name="values">The values of each, in the architecture's order.</param>
    public void CopyFrom(IReadOnlyList<float[]> values)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGradients = torch.no_grad();
        foreach (((long start, long length), float[] part) in Segments.Zip(values))
            _flat.narrow(0, start, length).copy_(torch.tensor(part, torch.float32, torch.CPU));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (torch.Tensor part in _parts.Values)
            part.Dispose();
        _flat.Dispose();
    }

    private static IEnumerable<(long Start, long Length)> Layout(IEnumerable<ParameterShape> shapes)
    {
        long start = 0;
        foreach (ParameterShape shape in shapes)
        {
            yield return (start, shape.Count);
            start = checked(start + Padded(shape.Count));
        }
    }

    private static long Padded(long count) => (count + Alignment - 1) / Alignment * Alignment;
}
