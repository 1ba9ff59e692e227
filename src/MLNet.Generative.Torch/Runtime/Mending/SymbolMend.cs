using System.Buffers.Binary;
using System.Text;

namespace MLNet.Generative;

/// <summary>
/// Replaces, in the bytes of a shared library, one symbol that it expects of another library by an older one, and the version that it expects of
/// that symbol. Exactly two entries change: the symbol's name, in place, and the version's entry in the table of needed versions.
/// </summary>
/// <param name="Library">The library in which the symbol is expected.</param>
/// <param name="Symbol">The expected symbol.</param>
/// <param name="Version">Its version, which no other symbol may use.</param>
/// <param name="Replacement">The symbol to expect instead, with a shorter name.</param>
/// <param name="ReplacementVersion">Its version, which other symbols already use.</param>
internal sealed record SymbolMend(string Library, string Symbol, string Version, string Replacement, string ReplacementVersion)
{
    /// <summary>Counts up when the mended bytes change, so that copies made before are not used again.</summary>
    public const int Revision = 1;

    /// <summary>
    /// The mend of libLibTorchSharp.so. A compiler since GCC 13 leaves a mark in every program that includes <c>iostream</c>:
    /// <c>ios_base_library_init()</c>, which says that libstdc++ itself starts the standard streams. The function is named and never called:
    /// no relocation refers to it. <c>ios_base::Init::Init()</c> is what starts the streams in every version, called by whoever was compiled for an older one.
    /// </summary>
    public static SymbolMend LibTorchSharp { get; } = new(
        "libstdc++.so.6", "_ZSt21ios_base_library_initv", "GLIBCXX_3.4.32", "_ZNSt8ios_base4InitC1Ev", "GLIBCXX_3.4");

    /// <summary>Mends a library.</summary>
    /// <param name="original">Its bytes, which stay as they are.</param>
    /// <returns>The mended bytes, as many.</returns>
    /// <exception cref="InvalidDataException">The library is not what the mend expects.</exception>
    public byte[] Apply(byte[] original)
    {
        if (Replacement.Length >= Symbol.Length)
            throw new InvalidDataException($"The name {Replacement} is not shorter than {Symbol}, in whose place it would stand.");
        var library = new SharedObject(original);
        DynamicSymbol symbol = FindSymbol(library);
        NeededVersion version = FindVersion(library, Version);
        NeededVersion replacement = FindVersion(library, ReplacementVersion);
        CheckUsers(library, symbol, version);
        CheckName(library, symbol);

        byte[] mended = [.. original];
        Span<byte> name = mended.AsSpan((int)library.PlaceOf(symbol.Name), Symbol.Length);
        name.Clear();
        Encoding.ASCII.GetBytes(Replacement, name);
        Span<byte> entry = mended.AsSpan((int)version.Place);
        BinaryPrimitives.WriteUInt32LittleEndian(entry, replacement.Hash);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[8..], replacement.Name);
        return mended;
    }

    private DynamicSymbol FindSymbol(SharedObject library)
    {
        DynamicSymbol[] found = [.. library.Symbols.Where(symbol => library.StringAt(symbol.Name) == Symbol)];
        if (found.Length != 1)
            throw new InvalidDataException($"The library names {Symbol} {found.Length} times, not once.");
        if (found[0].IsDefined || found[0].Index >= library.FirstHashedSymbol)
            throw new InvalidDataException($"The library defines {Symbol} itself.");
        return found[0];
    }

    private NeededVersion FindVersion(SharedObject library, string name)
    {
        NeededVersion[] found = [.. library.NeededVersions.Where(version => library.StringAt(version.Library) == Library && library.StringAt(version.Name) == name)];
        if (found.Length != 1)
            throw new InvalidDataException($"The library asks {found.Length} times for the version {name} of {Library}, not once.");
        return found[0].Hash == HashOf(name)
            ? found[0]
            : throw new InvalidDataException($"The library has the hash 0x{found[0].Hash:x} for the version {name}, not 0x{HashOf(name):x}.");
    }

    /// <summary>The version belongs to the symbol, and to nothing else.</summary>
    private void CheckUsers(SharedObject library, DynamicSymbol symbol, NeededVersion version)
    {
        if (symbol.Version != version.Index)
            throw new InvalidDataException($"The library does not expect {Symbol} in the version {Version}.");
        if (library.Symbols.Count(other => other.Version == version.Index) != 1 || library.NeededVersions.Count(other => other.Index == version.Index) != 1)
            throw new InvalidDataException($"The library asks for the version {Version} with other symbols, too.");
    }

    /// <summary>The name is nobody else's: linkers let a name that ends like a longer one share its characters.</summary>
    private void CheckName(SharedObject library, DynamicSymbol symbol)
    {
        ulong start = symbol.Name, end = start + (ulong)Symbol.Length;
        bool isPartOfLongerName = symbol.Name > 0 && library.StringAt(symbol.Name - 1).Length > 0;
        if (isPartOfLongerName || library.StringsInUse.Count(place => place >= start && place < end) != 1)
            throw new InvalidDataException($"The characters of the name {Symbol} belong to another name, too.");
    }

    /// <summary>The hash by which loaders compare versions (System V Application Binary Interface, "Hash Table").</summary>
    private static uint HashOf(string name)
    {
        uint hash = 0;
        foreach (char letter in name)
        {
            hash = (hash << 4) + letter;
            uint high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }
        return hash;
    }
}
