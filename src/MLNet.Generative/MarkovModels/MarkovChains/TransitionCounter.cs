using System.Runtime.InteropServices;

namespace MLNet.Generative;

/// <summary>Counts how often each symbol follows each history of one length. Memory grows with what is seen, not with what could be.</summary>
internal sealed class TransitionCounter
{
    private const int MostBitsOfArray = 20;

    private readonly SymbolCode _code;
    private readonly int _length;
    private readonly double[]? _few;
    private readonly Dictionary<UInt128, double>? _many;

    public TransitionCounter(SymbolCode code, int length)
    {
        _code = code;
        _length = length;
        int bits = (length + 1) * code.BitsPerSymbol;
        if (bits <= MostBitsOfArray)
            _few = new double[1 << bits];
        else
            _many = new Dictionary<UInt128, double>(SymbolCode.Comparer.Instance);
    }

    /// <summary>Counts a history and the symbol after it, packed together.</summary>
    public void Add(UInt128 transition, double weight)
    {
        if (weight == 0)
            return;
        if (_few is not null)
            _few[(int)(uint)transition] += weight;
        else
            CollectionsMarshal.GetValueRefOrAddDefault(_many!, transition, out _) += weight;
    }

    /// <summary>What was counted, in the order of the histories.</summary>
    public HistoryTable ToTable()
    {
        if (_few is not null)
        {
            int[] seen = [.. Enumerable.Range(0, _few.Length).Where(i => _few[i] > 0)];
            return HistoryTable.Of(_code, _length, Array.ConvertAll(seen, i => (UInt128)(uint)i), Array.ConvertAll(seen, i => _few[i]));
        }

        var transitions = new UInt128[_many!.Count];
        var counts = new double[_many.Count];
        _many.Keys.CopyTo(transitions, 0);
        _many.Values.CopyTo(counts, 0);
        Array.Sort(transitions, counts);
        return HistoryTable.Of(_code, _length, transitions, counts);
    }
}
