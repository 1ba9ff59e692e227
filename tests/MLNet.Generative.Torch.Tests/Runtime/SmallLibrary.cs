using System.Text;

namespace MLNet.Generative.Tests;

/// <summary>A shared library of a few hundred bytes with the tables that a loader reads and nothing to run: what the mend expects, unless a test changes it.</summary>
internal sealed class SmallLibrary
{
    private const int Segments = 64, Dynamic = Segments + 2 * 56, DynamicSize = 16 * 16, Tables = Dynamic + DynamicSize;
    private const ulong Base = 0x10000;

    private readonly List<byte> _strings = [0];

    public string Library { get; set; } = "libstdc++.so.6";

    /// <summary>The expected symbols, then the defined ones, each with the index of its version.</summary>
    public List<(string Name, bool IsDefined, ushort Version)> Symbols { get; } =
        [("", false, 0), ("memcpy", false, 2), ("_ZSt21ios_base_library_initv", false, 3), ("THSTensor_new", true, 1), ("THSTensor_dispose", true, 1)];

    public List<(string Name, ushort Index)> Versions { get; } = [("GLIBCXX_3.4.32", 3), ("GLIBCXX_3.4", 2)];

    /// <summary>More entries of the dynamic segment.</summary>
    public List<(ulong Tag, ulong Value)> Entries { get; } = [];

    /// <summary>A longer name, whose last characters serve as the symbol's name.</summary>
    public string? LongerName { get; set; }

    /// <summary>The place of the symbol's name among the strings, once written.</summary>
    public uint PlaceOfName { get; private set; }

    public byte[] Write()
    {
        using var file = new MemoryStream();
        file.SetLength(Tables);
        if (LongerName is not null)
            _ = PlaceOf(LongerName);
        var entries = new List<(ulong Tag, ulong Value)>();
        Table(file, entries, 6, WriteSymbols);
        Table(file, entries, 0x6ffffef5, WriteHash);
        Table(file, entries, 0x6ffffff0, writer => Symbols.ForEach(symbol => writer.Write(symbol.Version)));
        Table(file, entries, 0x6ffffffe, WriteVersions);
        Table(file, entries, 5, writer => writer.Write([.. _strings]));
        entries.AddRange([(10, (ulong)_strings.Count), (11, 24), (0x6fffffff, 1), (1, PlaceOf(Library)), .. Entries, (0, 0)]);
        byte[] bytes = file.ToArray();
        WriteStart(bytes, entries);
        return bytes;
    }

    private static void Table(MemoryStream file, List<(ulong Tag, ulong Value)> entries, ulong tag, Action<BinaryWriter> write)
    {
        file.Position = (file.Length + 7) / 8 * 8;
        entries.Add((tag, Base + (ulong)file.Position));
        using var writer = new BinaryWriter(file, Encoding.ASCII, leaveOpen: true);
        write(writer);
    }

    private void WriteSymbols(BinaryWriter writer)
    {
        foreach ((string name, bool isDefined, _) in Symbols)
        {
            uint place = PlaceOf(name);
            if (name == "_ZSt21ios_base_library_initv")
                PlaceOfName = place;
            writer.Write(place);
            writer.Write((ushort)0x12);
            writer.Write((ushort)(isDefined ? 1 : 0));
            writer.Write(new byte[16]);
        }
    }

    private void WriteHash(BinaryWriter writer)
    {
        int first = Symbols.TakeWhile(symbol => !symbol.IsDefined).Count();
        foreach (int number in (int[])[1, first, 1, 0, -1, -1, first < Symbols.Count ? first : 0])
            writer.Write(number);
        for (int i = first; i < Symbols.Count; i++)
            writer.Write(i == Symbols.Count - 1 ? 1 : 0);
    }

    private void WriteVersions(BinaryWriter writer)
    {
        writer.Write((ushort)1);
        writer.Write((ushort)Versions.Count);
        writer.Write(PlaceOf(Library));
        writer.Write(16);
        writer.Write(0);
        foreach ((string name, ushort index) in Versions)
        {
            writer.Write(name switch { "GLIBCXX_3.4.32" => 0x0297f842, "GLIBCXX_3.4" => 0x08922974, _ => 0 });
            writer.Write((ushort)0);
            writer.Write(index);
            writer.Write(PlaceOf(name));
            writer.Write(index == Versions[^1].Index ? 0 : 16);
        }
    }

    private static void WriteStart(byte[] file, List<(ulong Tag, ulong Value)> entries)
    {
        using var writer = new BinaryWriter(new MemoryStream(file));
        writer.Write([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        foreach (ushort number in (ushort[])[3, 62, 1, 0])
            writer.Write(number);
        foreach (ulong number in (ulong[])[0, Segments, 0])
            writer.Write(number);
        foreach (ushort number in (ushort[])[0, 0, 64, 56, 2, 0, 0, 0])
            writer.Write(number);
        foreach ((uint type, ulong offset, ulong size) in ((uint, ulong, ulong)[])[(1, 0, (ulong)file.Length), (2, Dynamic, DynamicSize)])
        {
            writer.Write(type);
            writer.Write(0);
            foreach (ulong number in (ulong[])[offset, Base + offset, Base + offset, size, size, 8])
                writer.Write(number);
        }
        foreach ((ulong tag, ulong value) in entries)
        {
            writer.Write(tag);
            writer.Write(value);
        }
    }

    /// <summary>Adds a string unless it is there, even as the end of a longer one.</summary>
    private uint PlaceOf(string text)
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes(text), 0];
        int found = _strings.ToArray().AsSpan().IndexOf(bytes);
        if (text.Length == 0 || found >= 0)
            return text.Length == 0 ? 0 : (uint)found;
        _strings.AddRange(bytes);
        return (uint)(_strings.Count - bytes.Length);
    }
}
