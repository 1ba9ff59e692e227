using System.Text;

namespace MLNet.Generative;

/// <summary>A symbol that a shared library defines, or expects of another.</summary>
/// <param name="Index">Its place in the table.</param>
/// <param name="Name">The place of its name among the strings.</param>
/// <param name="IsDefined">Whether the library itself defines it.</param>
/// <param name="Version">The index of its version.</param>
internal readonly record struct DynamicSymbol(int Index, uint Name, bool IsDefined, ushort Version);

/// <summary>A version that a shared library expects of another.</summary>
/// <param name="Library">The place of the other library's name among the strings.</param>
/// <param name="Name">The place of the version's name among the strings.</param>
/// <param name="Hash">The hash of the version's name.</param>
/// <param name="Index">The index by which symbols refer to it.</param>
/// <param name="Place">The place of the entry in the file.</param>
internal readonly record struct NeededVersion(uint Library, uint Name, uint Hash, ushort Index, long Place);

/// <summary>The tables of a shared library by which a loader binds its symbols: strings, symbols, and the versions that it needs.</summary>
/// <remarks>
/// System V Application Binary Interface, chapter 5; Linux Standard Base, "Symbol Versioning". Libraries that define versions of their own or have
/// a hash table in the old style (which covers symbols that are only expected, too) are refused: the mend has no need of them.
/// </remarks>
internal sealed class SharedObject
{
    private const ulong Needed = 1, OldHash = 4, Strings = 5, SymbolTable = 6, StringsSize = 10, SymbolSize = 11, Name = 14, Path = 15, RunPath = 29;
    private const ulong Hash = 0x6ffffef5, SymbolVersions = 0x6ffffff0, DefinedVersions = 0x6ffffffc, VersionsNeeded = 0x6ffffffe, NumberOfVersionsNeeded = 0x6fffffff;
    private const int SymbolEntry = 24, VersionEntry = 16;
    private const ushort HiddenVersion = 0x8000;

    private readonly BoundedBytes _bytes;
    private readonly DynamicSegment _dynamic;
    private readonly long _strings;
    private readonly long _stringsSize;

    /// <summary>Reads the tables.</summary>
    /// <param name="file">The library's bytes.</param>
    /// <exception cref="InvalidDataException">They are not those of a 64-bit x86-64 library, or are damaged.</exception>
    public SharedObject(byte[] file)
    {
        _bytes = new(file);
        _dynamic = new(_bytes);
        if (_dynamic.ValuesOf(OldHash).Any() || _dynamic.ValuesOf(DefinedVersions).Any())
            throw new InvalidDataException("The library has a hash table in the old style, or defines versions; neither was expected.");
        if (_dynamic.ValueOf(SymbolSize) != SymbolEntry)
            throw new InvalidDataException($"The entries of the symbol table have {_dynamic.ValueOf(SymbolSize)} bytes, not {SymbolEntry}.");
        _strings = _dynamic.PlaceOf(Strings);
        _stringsSize = (long)Math.Min(_dynamic.ValueOf(StringsSize), long.MaxValue);
        _bytes.Slice(_strings, _stringsSize);
        FirstHashedSymbol = _bytes.UInt32(_dynamic.PlaceOf(Hash) + 4);
        Symbols = ReadSymbols();
        NeededVersions = ReadNeededVersions();
    }

    /// <summary>All symbols.</summary>
    public IReadOnlyList<DynamicSymbol> Symbols { get; }

    /// <summary>All versions that the library expects of others.</summary>
    public IReadOnlyList<NeededVersion> NeededVersions { get; }

    /// <summary>The index of the first symbol that the hash table covers. It covers those that the library defines, by which others look them up.</summary>
    public long FirstHashedSymbol { get; }

    /// <summary>Where strings begin that the loader reads, as places among the strings.</summary>
    public IEnumerable<ulong> StringsInUse =>
    [
        .. Symbols.Select(symbol => (ulong)symbol.Name),
        .. NeededVersions.SelectMany(version => (ulong[])[version.Library, version.Name]),
        .. ((ulong[])[Needed, Name, Path, RunPath]).SelectMany(_dynamic.ValuesOf),
    ];

    /// <summary>The place in the file of a place among the strings.</summary>
    /// <param name="name">The place among the strings.</param>
    public long PlaceOf(uint name) => _strings + name;

    /// <summary>A string, by its place among the strings.</summary>
    /// <param name="name">The place.</param>
    /// <exception cref="InvalidDataException">The string is not among them, or has no end.</exception>
    public string StringAt(uint name)
    {
        ReadOnlySpan<byte> rest = _bytes.Slice(_strings + name, _stringsSize - name);
        int length = rest.IndexOf((byte)0);
        return length >= 0 ? Encoding.Latin1.GetString(rest[..length]) : throw new InvalidDataException($"The string at {name} has no end.");
    }

    private DynamicSymbol[] ReadSymbols()
    {
        long table = _dynamic.PlaceOf(SymbolTable), versions = _dynamic.PlaceOf(SymbolVersions);
        long count = CountSymbols();
        _bytes.Slice(table, count * SymbolEntry);
        _bytes.Slice(versions, count * sizeof(ushort));
        var symbols = new DynamicSymbol[count];
        for (int i = 0; i < symbols.Length; i++)
        {
            long entry = table + (long)i * SymbolEntry;
            ushort version = _bytes.UInt16(versions + (long)i * sizeof(ushort));
            symbols[i] = new(i, _bytes.UInt32(entry), IsDefined: _bytes.UInt16(entry + 6) != 0, (ushort)(version & ~HiddenVersion));
        }
        return symbols;
    }

    /// <summary>The symbol table does not say how long it is: its last entry ends the last chain of the hash table.</summary>
    private long CountSymbols()
    {
        long hash = _dynamic.PlaceOf(Hash);
        long numberOfBuckets = _bytes.UInt32(hash), filterWords = _bytes.UInt32(hash + 8);
        long buckets = hash + 16 + filterWords * sizeof(ulong), chains = buckets + numberOfBuckets * sizeof(uint);
        _bytes.Slice(buckets, numberOfBuckets * sizeof(uint));
        long last = 0;
        for (long i = 0; i < numberOfBuckets; i++)
            last = Math.Max(last, _bytes.UInt32(buckets + i * sizeof(uint)));
        if (last == 0)
            return FirstHashedSymbol;
        if (last < FirstHashedSymbol)
            throw new InvalidDataException("The hash table names a symbol that it does not cover.");
        // A chain's last entry is odd.
        while ((_bytes.UInt32(chains + (last - FirstHashedSymbol) * sizeof(uint)) & 1) == 0)
            last++;
        return last + 1;
    }

    private List<NeededVersion> ReadNeededVersions()
    {
        var versions = new List<NeededVersion>();
        long library = _dynamic.PlaceOf(VersionsNeeded);
        ulong numberOfLibraries = _dynamic.ValueOf(NumberOfVersionsNeeded);
        for (ulong i = 0; i < numberOfLibraries; i++)
        {
            long version = library + _bytes.UInt32(library + 8);
            int count = _bytes.UInt16(library + 2);
            for (int j = 0; j < count; j++)
            {
                _bytes.Slice(version, VersionEntry);
                versions.Add(new(_bytes.UInt32(library + 4), _bytes.UInt32(version + 8), _bytes.UInt32(version), _bytes.UInt16(version + 6), version));
                version += Step(_bytes.UInt32(version + 12), isLast: j == count - 1);
            }
            library += Step(_bytes.UInt32(library + 12), isLast: i == numberOfLibraries - 1);
        }
        return versions;
    }

    /// <summary>The way to the next entry of a list, which is forward, and nowhere from the last.</summary>
    private static uint Step(uint distance, bool isLast) => distance >= VersionEntry || (isLast && distance == 0)
        ? distance
        : throw new InvalidDataException("The list of needed versions is shorter than it says, or runs in a circle.");
}
