using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Generative;

/// <summary>
/// Rows in memory of libtorch's own, in one of the shapes that native calls have: kept from block to block, so that a pass allocates it once. A row's place is written directly; behind it are
/// the zeros that the network's padded parameters want (<see cref="PaddedParameters"/>). For one thread.
/// </summary>
internal sealed class BlockRows : IDisposable
{
    /// <summary>The number of rows of a call where there are many: enough for the products to run at speed, and few enough to stay in the cache.</summary>
    public const int Many = 512;

    /// <summary>The number of rows of a call where there are few. libtorch has kernels of their own for fewer than 4 rows, and for small products whose rows are no multiple of 8.</summary>
    public const int Few = 8;

    private readonly Tensor _values;
    private readonly int _pitch;
    private Tensor? _observed;

    public BlockRows(int count, int width)
    {
        LibTorch.EnsureLoaded();
        Count = count;
        Width = width;
        _pitch = PaddedParameters.Pad(width);
        _values = zeros([count, _pitch], float32, CPU).DetachFromDisposeScope();
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>The number of values in a row.</summary>
    public int Width { get; }

    /// <summary>Whether some features of some row are not known.</summary>
    public bool HasHoles { get; private set; }

    /// <summary>The values of a row.</summary>
    public Span<float> Row(int place) => MemoryMarshal.Cast<byte, float>(_values.bytes).Slice(place * _pitch, Width);

    /// <summary>Which features of a row are known, to be written; those of all other rows are, until they are written too.</summary>
    public Span<bool> Observed(int place)
    {
        _observed ??= empty([Count, Width], @bool, CPU).DetachFromDisposeScope();
        Span<bool> all = MemoryMarshal.Cast<byte, bool>(_observed.bytes);
        if (!HasHoles)
            all.Fill(true);
        HasHoles = true;
        return all.Slice(place * Width, Width);
    }

    /// <summary>Forgets which features were known.</summary>
    public void CloseHoles() => HasHoles = false;

    /// <summary>Takes rows of another block, and zeros where there are no more.</summary>
    /// <param name="source">The other block.</param>
    /// <param name="start">The place of the first row there.</param>
    /// <param name="length">The number of rows.</param>
    public void Copy(BlockRows source, int start, int length)
    {
        CloseHoles();
        Span<float> from = MemoryMarshal.Cast<byte, float>(source._values.bytes);
        Span<float> to = MemoryMarshal.Cast<byte, float>(_values.bytes);
        from.Slice(start * _pitch, length * _pitch).CopyTo(to);
        to[(length * _pitch)..].Clear();
        for (int i = 0; i < length && source.HasHoles; i++)
            source.Observed(start + i).CopyTo(Observed(i));
    }

    /// <summary>Puts zeros in all places from one on, so that what they hold from before cannot matter.</summary>
    public void ClearFrom(int place)
    {
        if (place < Count)
            MemoryMarshal.Cast<byte, float>(_values.bytes)[(place * _pitch)..].Clear();
    }

    /// <summary>The rows on a device, with their padding.</summary>
    public Tensor PaddedOn(Device device) => device.type == DeviceType.CPU ? _values : _values.to(device);

    /// <summary>The first rows on a device, without padding.</summary>
    public Tensor ValuesOn(Device device, long count) => PaddedOn(device).narrow(0, 0, count).narrow(1, 0, Width).contiguous();

    /// <summary>Which features of the first rows are known, on a device; <see langword="null"/> if all are.</summary>
    public Tensor? ObservedOn(Device device, long count) => HasHoles ? _observed!.narrow(0, 0, count).to(device) : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _values.Dispose();
        _observed?.Dispose();
    }
}
