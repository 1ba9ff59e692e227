namespace MLNet.Generative;

/// <summary>
/// The distribution of the symbol after a history, P(s) = (c_s + a) / (Σ c + a M) with pseudo-count a; without any count the uniform one (Laplace 1814; Jurafsky
/// and Martin 2024, section 3.6).
/// </summary>
internal readonly ref struct NextSymbols
{
    private readonly HistoryTable? _table;
    private readonly int _place;
    private readonly double _smoothing;
    private readonly int _numberOfSymbols;

    public NextSymbols(HistoryTable? table, int place, double smoothing, int numberOfSymbols)
    {
        _table = table;
        _place = place;
        _smoothing = smoothing;
        _numberOfSymbols = numberOfSymbols;
    }

    /// <summary>The symbols that were seen.</summary>
    private ReadOnlySpan<int> Seen => _table is null ? [] : _table.Symbols(_place);

    /// <summary>Their counts.</summary>
    private ReadOnlySpan<double> Counts => _table is null ? [] : _table.Counts(_place);

    /// <summary>The probability of each symbol that was not seen.</summary>
    private double Unseen => _table is null ? 1.0 / _numberOfSymbols : _smoothing / Denominator;

    private double Denominator => _table!.Total(_place) + _smoothing * _numberOfSymbols;

    /// <summary>The probability of a symbol with a count.</summary>
    private double ProbabilityOf(double count) => (count + _smoothing) / Denominator;

    /// <summary>log P(s); −∞ for a transition never seen, that out of an unknown history among them, unless the pseudo-count is positive.</summary>
    public double LogProbability(int symbol)
    {
        if (_table is null)
            return _smoothing > 0 ? -Math.Log(_numberOfSymbols) : double.NegativeInfinity;
        return Math.Log(ProbabilityOf(_table.CountOf(_place, symbol)));
    }

    /// <summary>Writes P(s) for every symbol.</summary>
    public void CopyTo(Span<double> probabilities)
    {
        probabilities.Fill(Unseen);
        ReadOnlySpan<int> seen = Seen;
        ReadOnlySpan<double> counts = Counts;
        for (int i = 0; i < seen.Length; i++)
            probabilities[seen[i]] = ProbabilityOf(counts[i]);
    }

    /// <summary>Lists the symbols of positive probability, in order.</summary>
    public void List(List<(int Symbol, double Probability)> possible)
    {
        possible.Clear();
        ReadOnlySpan<int> seen = Seen;
        ReadOnlySpan<double> counts = Counts;
        double unseen = Unseen;
        for (int i = 0, symbol = 0; i <= seen.Length; i++)
        {
            int end = i < seen.Length ? seen[i] : _numberOfSymbols;
            for (; unseen > 0 && symbol < end; symbol++)
                possible.Add((symbol, unseen));
            if (i < seen.Length)
                possible.Add((end, ProbabilityOf(counts[i])));
            symbol = end + 1;
        }
    }

    /// <summary>Draws a symbol.</summary>
    public int Sample(Random random)
    {
        if (_table is null)
            return random.Next(_numberOfSymbols);
        ReadOnlySpan<int> seen = Seen;
        ReadOnlySpan<double> counts = Counts;
        double remaining = random.NextDouble() * Denominator;
        for (int i = 0; i < seen.Length; i++)
        {
            if (remaining < counts[i])
                return seen[i];
            remaining -= counts[i];
        }
        // What is left of the range belongs to the pseudo-counts; without any, only rounding leads here.
        return _smoothing > 0 ? Math.Min((int)(remaining / _smoothing), _numberOfSymbols - 1) : seen[^1];
    }
}
