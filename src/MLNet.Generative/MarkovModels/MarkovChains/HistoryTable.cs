using System.Numerics;

namespace MLNet.Generative;

/// <summary>
/// How often each symbol followed each history of one length: only what was seen, in sorted runs. Immutable.
/// </summary>
internal sealed class HistoryTable
{
    private readonly SymbolCode _code;
    private readonly UInt128[] _histories;
    private readonly int[] _starts;
    private readonly int[] _symbols;
    private readonly double[] _counts;
    private readonly double[] _totals;

    // The first history of each range of leading bits: for few histories an index, for many a search that starts near its end.
    private readonly int[] _ranges;
    private readonly int _rangeShift;

    private HistoryTable(SymbolCode code, int length, UInt128[] histories, int[] starts, int[] symbols, double[] counts)
    {
        _code = code;
        Length = length;
        _histories = histories;
        _starts = starts;
        _symbols = symbols;
        _counts = counts;
        _totals = new double[histories.Length];
        for (int i = 0; i < histories.Length; i++)
        {
            for (int j = starts[i]; j < starts[i + 1]; j++)
                _totals[i] += counts[j];
        }
        (_ranges, _rangeShift) = FindRanges();
    }

    /// <summary>The number of symbols in a history.</summary>
    public int Length { get; }

    /// <summary>The number of histories.</summary>
    public int Count => _histories.Length;

    /// <summary>The number of pairs of a history and a symbol after it.</summary>
    public int NumberOfTransitions => _symbols.Length;

    /// <summary>Makes a table from packed histories with their next symbols, sorted, each once, with positive counts.</summary>
    public static HistoryTable Of(SymbolCode code, int length, UInt128[] transitions, double[] counts)
    {
        var histories = new List<UInt128>();
        var starts = new List<int>();
        var symbols = new int[transitions.Length];
        for (int i = 0; i < transitions.Length; i++)
        {
            UInt128 history = code.WithoutLast(transitions[i]);
            symbols[i] = code.Last(transitions[i]);
            if (histories.Count > 0 && histories[^1] == history)
                continue;
            histories.Add(history);
            starts.Add(i);
        }
        starts.Add(transitions.Length);
        return new HistoryTable(code, length, [.. histories], [.. starts], symbols, counts);
    }

    /// <summary>The counts of histories one symbol shorter: where the oldest symbol of a longer one is not looked at, and at positions that had no longer one.</summary>
    /// <param name="others">Counts of that length from other positions; <see langword="null"/> for none.</param>
    public HistoryTable Shorten(HistoryTable? others)
    {
        var transitions = new UInt128[NumberOfTransitions + (others?.NumberOfTransitions ?? 0)];
        var counts = new double[transitions.Length];
        int count = 0;
        foreach ((UInt128 transition, double number) in Enumerate())
            (transitions[count], counts[count++]) = (_code.Suffix(transition, Length), number);
        foreach ((UInt128 transition, double number) in others?.Enumerate() ?? [])
            (transitions[count], counts[count++]) = (transition, number);

        Array.Sort(transitions, counts);
        int last = -1;
        for (int i = 0; i < count; i++)
        {
            if (last >= 0 && transitions[last] == transitions[i])
                counts[last] += counts[i];
            else
                (transitions[++last], counts[last]) = (transitions[i], counts[i]);
        }
        return Of(_code, Length - 1, transitions[..(last + 1)], counts[..(last + 1)]);
    }

    /// <summary>Every packed history with a next symbol, in order, and its count.</summary>
    public IEnumerable<(UInt128 Transition, double Count)> Enumerate()
    {
        for (int i = 0; i < Count; i++)
        {
            for (int j = _starts[i]; j < _starts[i + 1]; j++)
                yield return (_code.Append(_histories[i], _symbols[j]), _counts[j]);
        }
    }

    /// <summary>The sum of all counts.</summary>
    public double Sum() => _totals.Sum();

    /// <summary>The place of a history; −1 if it never occurred.</summary>
    public int Find(UInt128 history)
    {
        int range = (int)(uint)(history >> _rangeShift);
        int first = _ranges[range];
        int place = Array.BinarySearch(_histories, first, _ranges[range + 1] - first, history);
        return place < 0 ? -1 : place;
    }

    /// <summary>The history at a place.</summary>
    public UInt128 History(int place) => _histories[place];

    /// <summary>How often it occurred with a symbol after it.</summary>
    public double Total(int place) => _totals[place];

    /// <summary>The symbols that followed it, in order.</summary>
    public ReadOnlySpan<int> Symbols(int place) => _symbols.AsSpan(_starts[place], _starts[place + 1] - _starts[place]);

    /// <summary>How often each of <see cref="Symbols"/> followed.</summary>
    public ReadOnlySpan<double> Counts(int place) => _counts.AsSpan(_starts[place], _starts[place + 1] - _starts[place]);

    /// <summary>How often one symbol followed.</summary>
    public double CountOf(int place, int symbol)
    {
        int found = Array.BinarySearch(_symbols, _starts[place], _starts[place + 1] - _starts[place], symbol);
        return found < 0 ? 0 : _counts[found];
    }

    private (int[] Ranges, int Shift) FindRanges()
    {
        int bits = Length * _code.BitsPerSymbol;
        int used = Math.Min(bits, BitOperations.Log2((uint)Count + 1) + 1);
        int shift = bits - used;
        var ranges = new int[(1 << used) + 1];
        foreach (UInt128 history in _histories)
            ranges[(int)(uint)(history >> shift) + 1]++;
        for (int i = 1; i < ranges.Length; i++)
            ranges[i] += ranges[i - 1];
        return (ranges, shift);
    }
}
