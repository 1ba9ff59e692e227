namespace MLNet.Generative;

/// <summary>
/// What the loader reads of a shared library before anything else: the segments, and the list of tagged values that says where the tables lie.
/// The section headers, which compilers write for other tools, are not used.
/// </summary>
/// <remarks>Layout and numbers: System V Application Binary Interface, chapters 4 and 5. Only 64-bit little-endian x86-64 libraries are read.</remarks>
internal sealed class DynamicSegment
{
    private const int HeaderSize = 64, SegmentSize = 56, EntrySize = 16;
    private const uint Load = 1, Dynamic = 2;

    private readonly BoundedBytes _bytes;
    private readonly List<(ulong Address, ulong Offset, ulong Size)> _loaded = [];
    private readonly List<(ulong Tag, ulong Value)> _entries = [];

    /// <summary>Reads the segments and the tagged values.</summary>
    /// <param name="bytes">The file.</param>
    /// <exception cref="InvalidDataException">The file is not such a library.</exception>
    public DynamicSegment(BoundedBytes bytes)
    {
        _bytes = bytes;
        CheckHeader();
        ReadSegments();
    }

    /// <summary>The values of a tag.</summary>
    /// <param name="tag">The tag.</param>
    public IEnumerable<ulong> ValuesOf(ulong tag) => _entries.Where(entry => entry.Tag == tag).Select(entry => entry.Value);

    /// <summary>The only value of a tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <exception cref="InvalidDataException">There is none, or there are several.</exception>
    public ulong ValueOf(ulong tag) => ValuesOf(tag).Count() == 1
        ? ValuesOf(tag).Single()
        : throw new InvalidDataException($"The library has {ValuesOf(tag).Count()} dynamic entries with tag 0x{tag:x} where one was expected.");

    /// <summary>The place in the file of the table whose address is the only value of a tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <exception cref="InvalidDataException">No segment is loaded from there.</exception>
    public long PlaceOf(ulong tag)
    {
        ulong address = ValueOf(tag);
        foreach ((ulong start, ulong offset, ulong size) in _loaded)
        {
            if (address >= start && address - start < size)
                return (long)(offset + (address - start));
        }
        throw new InvalidDataException($"No part of the file is loaded at the address 0x{address:x}, which its dynamic entry with tag 0x{tag:x} names.");
    }

    private void CheckHeader()
    {
        const uint magic = 0x464c457f;
        const ushort sharedObject = 3, x64 = 62;
        ReadOnlySpan<byte> header = _bytes.Slice(0, HeaderSize);
        if (_bytes.UInt32(0) != magic)
            throw new InvalidDataException("The file is not in the format ELF.");
        if (header[4] != 2 || header[5] != 1 || _bytes.UInt16(18) != x64)
            throw new InvalidDataException("The file is not for 64-bit little-endian x86-64 processors.");
        if (_bytes.UInt16(16) != sharedObject)
            throw new InvalidDataException("The file is not a shared library.");
        if (_bytes.UInt16(54) != SegmentSize)
            throw new InvalidDataException($"The entries of the segment table have {_bytes.UInt16(54)} bytes, not {SegmentSize}.");
    }

    private void ReadSegments()
    {
        ulong table = _bytes.UInt64(32);
        int count = _bytes.UInt16(56);
        int dynamicSegments = 0;
        for (int i = 0; i < count; i++)
        {
            long segment = Within(table) + (long)i * SegmentSize;
            uint type = _bytes.UInt32(segment);
            ulong offset = _bytes.UInt64(segment + 8), address = _bytes.UInt64(segment + 16), size = _bytes.UInt64(segment + 32);
            if (type is not (Load or Dynamic))
                continue;
            _bytes.Slice(Within(offset), Within(size));
            if (type == Load)
                _loaded.Add((address, offset, size));
            else if (dynamicSegments++ == 0)
                ReadEntries((long)offset, (long)size);
        }
        if (dynamicSegments != 1)
            throw new InvalidDataException($"The library has {dynamicSegments} dynamic segments, not one.");
    }

    private void ReadEntries(long offset, long size)
    {
        for (long entry = offset; entry + EntrySize <= offset + size; entry += EntrySize)
        {
            ulong tag = _bytes.UInt64(entry);
            if (tag == 0)
                return;
            _entries.Add((tag, _bytes.UInt64(entry + 8)));
        }
        throw new InvalidDataException("The list of dynamic entries has no end.");
    }

    /// <summary>A number that names a place or a length in the file, as a signed number.</summary>
    private static long Within(ulong value) => value <= int.MaxValue
        ? (long)value
        : throw new InvalidDataException($"The file names a place or a length of {value} bytes, more than it has.");
}
