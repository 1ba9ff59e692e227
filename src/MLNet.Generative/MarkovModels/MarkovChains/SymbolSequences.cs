using System.Globalization;

namespace MLNet.Generative;

/// <summary>Training sequences of symbols with their weights: what the learner counts in. Every symbol is known to be in the alphabet.</summary>
internal sealed class SymbolSequences
{
    private readonly int[] _symbols;
    private readonly IReadOnlyList<int> _starts;
    private readonly IReadOnlyList<double>? _weights;

    /// <param name="symbols">The symbols, sequence after sequence.</param>
    /// <param name="starts">Where each sequence starts, and the number of all symbols at the end.</param>
    /// <param name="weights">A weight for each sequence; <see langword="null"/> for weights of 1.</param>
    /// <param name="numberOfSymbols">M.</param>
    public SymbolSequences(int[] symbols, IReadOnlyList<int> starts, IReadOnlyList<double>? weights, int numberOfSymbols)
    {
        _symbols = symbols;
        _starts = starts;
        _weights = weights;
        NumberOfSymbols = numberOfSymbols;
        for (int n = 0; n < Count; n++)
        {
            double weight = Weight(n);
            int length = this[n].Length;
            TotalLength += weight * length;
            if (weight > 0)
                LongestLength = Math.Max(LongestLength, length);
            if (length > 0)
                TotalWeight += weight;
        }
        if (TotalLength == 0)
            throw new ArgumentException(Count == 0 ? "There are no sequences." : "All sequences are empty or have weight 0. Give at least one with a symbol.", nameof(starts));
        if (double.IsInfinity(TotalLength))
            throw new ArgumentException("The weights of the sequences are too large to sum.", nameof(weights));
    }

    public int Count => _starts.Count - 1;

    public int NumberOfSymbols { get; }

    /// <summary>The number of symbols, each by the weight of its sequence.</summary>
    public double TotalLength { get; }

    /// <summary>The weight of the sequences that are not empty.</summary>
    public double TotalWeight { get; }

    /// <summary>The length of the longest sequence of positive weight.</summary>
    public int LongestLength { get; }

    public ReadOnlySpan<int> this[int n] => _symbols.AsSpan(_starts[n], _starts[n + 1] - _starts[n]);

    public double Weight(int n) => _weights is null ? 1 : _weights[n];

    /// <summary>The user's sequences, once they are known to be what they should.</summary>
    public static SymbolSequences Of(IReadOnlyList<int[]> sequences, IReadOnlyList<double>? weights, int? numberOfSymbols)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        CheckWeights(sequences.Count, weights);
        var starts = new int[sequences.Count + 1];
        for (int n = 0; n < sequences.Count; n++)
        {
            long end = (long)starts[n] + (sequences[n] ?? throw new ArgumentException($"Sequence {n} is null.", nameof(sequences))).Length;
            if (end > Array.MaxLength)
                throw new ArgumentException($"The sequences have more than {Array.MaxLength} symbols, more than fit into one block of memory.", nameof(sequences));
            starts[n + 1] = (int)end;
        }

        var symbols = new int[starts[^1]];
        int largest = 0;
        for (int n = 0; n < sequences.Count; n++)
        {
            for (int t = 0; t < sequences[n].Length; t++)
            {
                int symbol = sequences[n][t];
                if (symbol < 0 || symbol >= (numberOfSymbols ?? int.MaxValue))
                    throw new ArgumentException($"Step {t} of sequence {n} is {symbol}; symbols are numbers from 0{(numberOfSymbols is null ? "" : $" to {numberOfSymbols - 1}")}.", nameof(sequences));
                largest = Math.Max(largest, symbol);
            }
            sequences[n].CopyTo(symbols, starts[n]);
        }
        return new SymbolSequences(symbols, starts, weights, numberOfSymbols ?? largest + 1);
    }

    private static void CheckWeights(int count, IReadOnlyList<double>? weights)
    {
        if (weights is null)
            return;
        if (weights.Count != count)
            throw new ArgumentException($"There are {count} sequences but {weights.Count} weights.", nameof(weights));
        for (int n = 0; n < count; n++)
        {
            if (!(weights[n] >= 0) || double.IsInfinity(weights[n]))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The weight of sequence {n} is {weights[n]}. Weights must be finite and not negative."), nameof(weights));
        }
    }
}
