namespace MLNet.Generative.Tests.MarkovModels.MarkovChains;

/// <summary>The plain twin of a Markov chain: dictionaries from written-out histories to counts, and the definition read aloud.</summary>
internal sealed class DictionaryChain
{
    private readonly Dictionary<string, Dictionary<int, double>> _starts = [];
    private readonly Dictionary<string, Dictionary<int, double>> _anywhere = [];
    private readonly MarkovChainEstimator.Options _options;
    private readonly int _symbols;

    public DictionaryChain(IReadOnlyList<int[]> sequences, MarkovChainEstimator.Options options, int symbols, IReadOnlyList<double>? weights = null)
    {
        _options = options;
        _symbols = symbols;
        for (int n = 0; n < sequences.Count; n++)
        {
            for (int t = 0; t < sequences[n].Length; t++)
            {
                double weight = weights?[n] ?? 1;
                if (t < options.Order)
                    Add(_starts, sequences[n][..t], sequences[n][t], weight);
                for (int length = 0; length <= Math.Min(t, options.Order); length++)
                    Add(_anywhere, sequences[n][(t - length)..t], sequences[n][t], weight);
            }
        }
    }

    public double[] Predict(IReadOnlyList<int> sequence) => Next(sequence) ?? [.. Enumerable.Repeat(1.0 / _symbols, _symbols)];

    public double LogLikelihood(IReadOnlyList<int> sequence, int given = 0)
    {
        double sum = 0;
        for (int t = given; t < sequence.Count; t++)
        {
            double[]? next = Next([.. sequence.Take(t)]);
            sum += next is not null ? Math.Log(next[sequence[t]]) : _options.Smoothing > 0 ? -Math.Log(_symbols) : double.NegativeInfinity;
        }
        return sum;
    }

    private double[]? Next(IReadOnlyList<int> sequence)
    {
        int[] history = [.. sequence.TakeLast(_options.Order)];
        var candidates = new List<Dictionary<int, double>?> { (sequence.Count < _options.Order ? _starts : _anywhere).GetValueOrDefault(Key(history)) };
        if (_options.BackOff)
        {
            for (int length = Math.Min(history.Length, _options.Order - 1); length >= 0; length--)
                candidates.Add(_anywhere.GetValueOrDefault(Key([.. history.TakeLast(length)])));
        }

        Dictionary<int, double>? counts = candidates.Find(found => found is not null && (!_options.BackOff || found.Values.Sum() >= _options.MinimumCount));
        if (_options.BackOff)
            counts ??= candidates[^1];
        if (counts is null)
            return null;
        double total = counts.Values.Sum() + _options.Smoothing * _symbols;
        return [.. Enumerable.Range(0, _symbols).Select(s => (counts.GetValueOrDefault(s) + _options.Smoothing) / total)];
    }

    private static void Add(Dictionary<string, Dictionary<int, double>> table, int[] history, int symbol, double weight)
    {
        string key = Key(history);
        if (!table.TryGetValue(key, out Dictionary<int, double>? counts))
            table.Add(key, counts = []);
        counts[symbol] = counts.GetValueOrDefault(symbol) + weight;
    }

    private static string Key(int[] history) => string.Join(',', history);
}
