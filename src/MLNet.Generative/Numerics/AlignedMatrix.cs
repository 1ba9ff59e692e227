using System.Runtime.InteropServices;

namespace MLNet.Generative;

/// <summary>
/// Memory for a matrix that is read at every step of a recursion. It starts where a vector's cache line does: a vector across two lines takes two loads, which
/// slows products that load one for each multiply-add.
/// </summary>
internal sealed class AlignedMatrix
{
    private const int BytesPerLine = 64;

    private readonly double[] _values;
    private readonly int _start;
    private readonly int _length;

    /// <summary>Makes a matrix of zeros.</summary>
    /// <param name="length">The number of its places.</param>
    public AlignedMatrix(int length)
    {
        _length = length;
        // Pinned, so that it stays where it is.
        _values = GC.AllocateArray<double>(length + BytesPerLine / sizeof(double), pinned: true);
        long address = Marshal.UnsafeAddrOfPinnedArrayElement(_values, 0);
        _start = (int)(-address & (BytesPerLine - 1)) / sizeof(double);
    }

    /// <summary>The places.</summary>
    public Span<double> Values => _values.AsSpan(_start, _length);
}
