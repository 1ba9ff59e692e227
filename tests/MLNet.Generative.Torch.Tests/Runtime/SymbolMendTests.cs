using System.Text;
using CsCheck;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The mend of TorchSharp's native library: what it changes, and what it refuses.</summary>
public sealed class SymbolMendTests
{
    private const string Symbol = "_ZSt21ios_base_library_initv", Replacement = "_ZNSt8ios_base4InitC1Ev";

    /// <summary>TorchSharp's package brings it to every system's output folder.</summary>
    private static readonly string StockLibrary = Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    [Fact]
    public void Changes_the_name_and_the_version_of_the_real_library_and_nothing_else()
    {
        byte[] original = File.ReadAllBytes(StockLibrary);
        byte[] copy = [.. original];
        byte[] mended = SymbolMend.LibTorchSharp.Apply(original);

        // Found without the reader under test: the name among the first strings, the entry by the hash of its version.
        int name = original.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\0{Symbol}\0")) + 1;
        int entry = original.AsSpan().IndexOf(BitConverter.GetBytes(0x0297f842));
        int older = original.AsSpan().IndexOf(BitConverter.GetBytes(0x08922974));
        byte[] expected = [.. original];
        Encoding.ASCII.GetBytes(Replacement.PadRight(Symbol.Length, '\0')).CopyTo(expected, name);
        original.AsSpan(older, 4).CopyTo(expected.AsSpan(entry));
        original.AsSpan(older + 8, 4).CopyTo(expected.AsSpan(entry + 8));

        Assert.True(name > 0 && entry > 0 && older > 0);
        Assert.Equal(copy, original);
        Assert.Equal(expected, mended);
    }

    [Fact]
    public void A_mended_library_asks_for_the_older_symbol_and_version()
    {
        var small = new SmallLibrary();
        byte[] original = small.Write();
        var mended = new SharedObject(SymbolMend.LibTorchSharp.Apply(original));

        DynamicSymbol symbol = mended.Symbols[2];
        Assert.Equal(Replacement, mended.StringAt(symbol.Name));
        Assert.Equal(small.PlaceOfName, symbol.Name);
        Assert.Equal(["GLIBCXX_3.4", "GLIBCXX_3.4"], mended.NeededVersions.Select(version => mended.StringAt(version.Name)));
        Assert.Equal([(ushort)3, (ushort)2], mended.NeededVersions.Select(version => version.Index));
        Assert.Equal(new SharedObject(original).Symbols, mended.Symbols);
    }

    [Fact]
    public void A_library_is_not_mended_twice() =>
        Refuses(SymbolMend.LibTorchSharp.Apply(new SmallLibrary().Write()), $"names {Symbol} 0 times");

    [Fact]
    public void Refuses_a_symbol_that_is_missing() => Refuses(library => library.Symbols.RemoveAt(2), $"names {Symbol} 0 times");

    [Fact]
    public void Refuses_a_symbol_that_is_there_twice() => Refuses(library => library.Symbols.Insert(1, (Symbol, false, 2)), $"names {Symbol} 2 times");

    [Fact]
    public void Refuses_a_symbol_that_is_defined() => Refuses(
        library =>
        {
            library.Symbols.RemoveAt(2);
            library.Symbols.Add((Symbol, true, 3));
        },
        $"defines {Symbol}");

    [Fact]
    public void Refuses_a_symbol_with_another_version() => Refuses(library => library.Symbols[2] = (Symbol, false, 2), "does not expect");

    [Fact]
    public void Refuses_a_version_that_another_symbol_uses() => Refuses(library => library.Symbols[1] = ("memcpy", false, 3), "other symbols");

    [Fact]
    public void Refuses_a_version_that_is_missing() => Refuses(library => library.Versions.RemoveAt(0), "0 times for the version GLIBCXX_3.4.32");

    [Fact]
    public void Refuses_an_older_version_that_is_missing() => Refuses(library => library.Versions.RemoveAt(1), "0 times for the version GLIBCXX_3.4 ");

    [Fact]
    public void Refuses_a_version_that_is_there_twice() => Refuses(library => library.Versions.Insert(0, ("GLIBCXX_3.4.32", 4)), "2 times for the version");

    [Fact]
    public void Refuses_a_version_of_another_library() => Refuses(library => library.Library = "libc++.so.1", "0 times for the version");

    [Fact]
    public void Refuses_a_name_that_ends_a_longer_one() => Refuses(library => library.LongerName = "my" + Symbol, "belong to another name");

    [Fact]
    public void Refuses_a_name_that_ends_like_another() => Refuses(library => library.Symbols.Insert(3, (Symbol[5..], false, 2)), "belong to another name");

    [Fact]
    public void Refuses_a_name_by_which_a_library_is_needed() => Refuses(library => library.Entries.Add((1, NameIn(library))), "belong to another name");

    [Fact]
    public void Refuses_an_old_hash_table() => Refuses(library => library.Entries.Add((4, 0x10000)), "old style");

    [Fact]
    public void Refuses_versions_of_its_own() => Refuses(library => library.Entries.Add((0x6ffffffc, 0x10000)), "old style, or defines versions");

    [Fact]
    public void Refuses_two_tables_of_one_kind() => Refuses(library => library.Entries.Add((5, 0x10000)), "2 dynamic entries");

    [Theory]
    [InlineData(0, 0x7e, "format ELF")]
    [InlineData(4, 1, "64-bit")]
    [InlineData(5, 2, "little-endian")]
    [InlineData(18, 183, "x86-64")]
    [InlineData(16, 2, "not a shared library")]
    [InlineData(54, 32, "segment table")]
    [InlineData(56, 1, "0 dynamic segments")]
    public void Refuses_another_kind_of_file(int place, byte value, string message)
    {
        byte[] file = new SmallLibrary().Write();
        file[place] = value;
        Refuses(file, message);
    }

    [Fact]
    public void Refuses_an_empty_file() => Refuses([], "has only 0 bytes");

    [Fact]
    public void Refuses_a_name_that_does_not_fit()
    {
        var mend = SymbolMend.LibTorchSharp with { Replacement = new string('x', Symbol.Length) };
        Assert.Contains("not shorter", Assert.Throws<InvalidDataException>(() => mend.Apply(new SmallLibrary().Write())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_truncated_file_is_refused()
    {
        byte[] file = new SmallLibrary().Write();
        for (int length = 0; length < file.Length; length++)
            Assert.Throws<InvalidDataException>(() => SymbolMend.LibTorchSharp.Apply(file[..length]));
    }

    [Fact]
    public void A_damaged_small_library_is_refused_or_mended_in_the_two_places_only() =>
        Damaged(new SmallLibrary().Write(), Gen.Int, reach: int.MaxValue).Sample(RefusesOrChangesTwoEntries, iter: 20_000);

    [Fact]
    public void The_damaged_real_library_is_refused_or_mended_in_the_two_places_only()
    {
        byte[] file = File.ReadAllBytes(StockLibrary);
        // Headers and tables are in the first 64 KiB of names and the last part before the code.
        Damaged(file, Gen.OneOf(Gen.Int[0, 1024], Gen.Int[0x16000, 0x17000], Gen.Int[0x3df00, 0x3fc00], Gen.Int), reach: file.Length).Sample(RefusesOrChangesTwoEntries, iter: 300);
    }

    /// <summary>A file with up to eight bytes replaced, and sometimes cut off.</summary>
    private static Gen<byte[]> Damaged(byte[] file, Gen<int> place, int reach) =>
        Gen.Select(Gen.Select(place, Gen.Byte).Array[1, 8], Gen.Int[0, 4], Gen.Int[0, Math.Min(reach, file.Length)]).Select((changes, cut, length) =>
        {
            byte[] damaged = [.. file];
            foreach ((int at, byte value) in changes)
                damaged[(int)((uint)at % (uint)file.Length)] = value;
            return cut == 0 ? damaged[..length] : damaged;
        });

    private static bool RefusesOrChangesTwoEntries(byte[] file)
    {
        byte[] mended;
        try
        {
            mended = SymbolMend.LibTorchSharp.Apply(file);
        }
        catch (InvalidDataException)
        {
            return true;
        }
        var read = new SharedObject(file);
        int name = (int)read.PlaceOf(read.Symbols.Single(symbol => read.StringAt(symbol.Name) == Symbol).Name);
        int entry = (int)read.NeededVersions.Single(version => read.StringAt(version.Library) == "libstdc++.so.6" && read.StringAt(version.Name) == "GLIBCXX_3.4.32").Place;
        int[] changed = [.. Enumerable.Range(0, file.Length).Where(i => file[i] != mended[i])];
        return mended.Length == file.Length
            && changed.All(i => (i >= name && i < name + Symbol.Length) || (i >= entry && i < entry + 4) || (i >= entry + 8 && i < entry + 12));
    }

    private static uint NameIn(SmallLibrary library)
    {
        _ = library.Write();
        return library.PlaceOfName;
    }

    private static void Refuses(Action<SmallLibrary> change, string message)
    {
        var library = new SmallLibrary();
        change(library);
        Refuses(library.Write(), message);
    }

    private static void Refuses(byte[] file, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => SymbolMend.LibTorchSharp.Apply(file)).Message, StringComparison.Ordinal);
}
