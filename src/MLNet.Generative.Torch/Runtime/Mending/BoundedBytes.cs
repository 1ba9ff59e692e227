using System.Buffers.Binary;

namespace MLNet.Generative;

/// <summary>Little-endian numbers at places in a file that the file itself names: no place outside it is ever read.</summary>
/// <param name="bytes">The file.</param>
internal readonly struct BoundedBytes(byte[] bytes)
{
    /// <summary>A 16-bit number.</summary>
    /// <param name="offset">Its place.</param>
    public ushort UInt16(long offset) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(offset, sizeof(ushort)));

    /// <summary>A 32-bit number.</summary>
    /// <param name="offset">Its place.</param>
    public uint UInt32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(offset, sizeof(uint)));

    /// <summary>A 64-bit number.</summary>
    /// <param name="offset">Its place.</param>
    public ulong UInt64(long offset) => BinaryPrimitives.ReadUInt64LittleEndian(Slice(offset, sizeof(ulong)));

    /// <summary>A part of the file.</summary>
    /// <param name="offset">Its place.</param>
    /// <param name="length">Its length.</param>
    /// <exception cref="InvalidDataException">The part is not wholly in the file.</exception>
    public ReadOnlySpan<byte> Slice(long offset, long length) =>
        offset >= 0 && length >= 0 && offset <= bytes.Length - length
            ? bytes.AsSpan((int)offset, (int)length)
            : throw new InvalidDataException($"The file names a part of {length} bytes at {offset}, but has only {bytes.Length} bytes.");
}
