using System.Numerics;

namespace MLNet.Generative;

/// <summary>
/// Packs a few successive symbols into one number, the last in the lowest bits: so a history is compared, shortened and followed by a symbol in a few instructions.
/// </summary>
internal readonly struct SymbolCode
{
    private const int Width = 128;

    public SymbolCode(int numberOfSymbols)
    {
        NumberOfSymbols = numberOfSymbols;
        BitsPerSymbol = Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)(numberOfSymbols - 1)));
    }

    /// <summary>M: symbols are numbers from 0 to M − 1.</summary>
    public int NumberOfSymbols { get; }

    public int BitsPerSymbol { get; }

    /// <summary>The longest history that leaves room for the symbol after it.</summary>
    public int LongestHistory => Width / BitsPerSymbol - 1;

    /// <summary>A history and the symbol after it.</summary>
    public UInt128 Append(UInt128 history, int symbol) => (history << BitsPerSymbol) | (uint)symbol;

    /// <summary>The history that a symbol was appended to.</summary>
    public UInt128 WithoutLast(UInt128 symbols) => symbols >> BitsPerSymbol;

    /// <summary>The last symbols.</summary>
    public UInt128 Suffix(UInt128 symbols, int length) => length == 0 ? UInt128.Zero : symbols & (UInt128.MaxValue >> (Width - length * BitsPerSymbol));

    /// <summary>The last symbol.</summary>
    public int Last(UInt128 symbols) => (int)((ulong)symbols & ((1UL << BitsPerSymbol) - 1));

    /// <summary>Packs symbols; there are no more than fit.</summary>
    public UInt128 Pack(ReadOnlySpan<int> symbols)
    {
        UInt128 packed = UInt128.Zero;
        foreach (int symbol in symbols)
            packed = Append(packed, symbol);
        return packed;
    }

    /// <summary>The symbols that were packed.</summary>
    public int[] Unpack(UInt128 packed, int length)
    {
        var symbols = new int[length];
        for (int i = length - 1; i >= 0; i--)
        {
            symbols[i] = Last(packed);
            packed = WithoutLast(packed);
        }
        return symbols;
    }

    /// <summary>Compares packed symbols. The base library's hash takes the exclusive or of two halves, which symbols in a regular pattern cancel out of.</summary>
    public sealed class Comparer : IEqualityComparer<UInt128>
    {
        public static Comparer Instance { get; } = new();

        public bool Equals(UInt128 x, UInt128 y) => x == y;

        // Multipliers of Fibonacci hashing (Knuth 1998, section 6.4) and of xxHash; the upper bits of the product depend on all bits.
        public int GetHashCode(UInt128 symbols) =>
            (int)(((ulong)symbols * 0x9E3779B97F4A7C15 + (ulong)(symbols >> 64) * 0xC2B2AE3D27D4EB4F) >> 32);
    }
}
