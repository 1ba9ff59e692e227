namespace MLNet.Generative;

/// <summary>
/// The histories of n symbols that a chain can reach from its start, as states, and the transitions between them: a chain of order n over symbols is one of order 1 over these.
/// </summary>
internal sealed class HistoryGraph
{
    // 2^24 transitions of 12 bytes: 200 MB.
    private const int MostTransitions = 1 << 24;

    private readonly List<int> _firstEdges = [0];
    private readonly List<int> _targets = [];
    private readonly List<double> _probabilities = [];
    private readonly List<int> _lastSymbols = [];
    private readonly List<double> _initial = [];

    private HistoryGraph()
    {
    }

    public int NumberOfStates => _lastSymbols.Count;

    /// <summary>The probability that a sequence's first n symbols are this history.</summary>
    public double Initial(int state) => _initial[state];

    public int LastSymbol(int state) => _lastSymbols[state];

    /// <summary>The first of a state's transitions; those of the next state follow.</summary>
    public int FirstEdge(int state) => _firstEdges[state];

    public int Target(int edge) => _targets[edge];

    public double Probability(int edge) => _probabilities[edge];

    /// <exception cref="InvalidOperationException">There are too many.</exception>
    public static HistoryGraph Of(MarkovChainModel model)
    {
        if (model.Smoothing > 0)
            Check(model, Math.Pow(model.NumberOfSymbols, model.Order + 1));
        var graph = new HistoryGraph();
        SymbolCode code = model.Seen.Code;
        var next = new List<(int Symbol, double Probability)>();
        var states = new Dictionary<UInt128, int>(SymbolCode.Comparer.Instance);
        var histories = new List<UInt128>();
        foreach ((UInt128 history, double probability) in Starts(model, next))
        {
            graph.FindOrAdd(history, code, states, histories);
            graph._initial[^1] = probability;
        }

        // The list grows while it is walked, until no history leads to a new one.
        for (int state = 0; state < histories.Count; state++)
        {
            model.After(histories[state], model.Order).List(next);
            foreach ((int symbol, double probability) in next)
            {
                UInt128 target = code.Suffix(code.Append(histories[state], symbol), model.Order);
                graph._targets.Add(graph.FindOrAdd(target, code, states, histories));
                graph._probabilities.Add(probability);
            }
            Check(model, graph._targets.Count);
            graph._firstEdges.Add(graph._targets.Count);
        }
        return graph;
    }

    private static List<(UInt128 History, double Probability)> Starts(MarkovChainModel model, List<(int Symbol, double Probability)> next)
    {
        List<(UInt128 History, double Probability)> starts = [(UInt128.Zero, 1.0)];
        for (int length = 0; length < model.Order; length++)
        {
            var longer = new List<(UInt128, double)>();
            foreach ((UInt128 history, double probability) in starts)
            {
                model.After(history, length).List(next);
                foreach ((int symbol, double transition) in next)
                    longer.Add((model.Seen.Code.Append(history, symbol), probability * transition));
                Check(model, longer.Count);
            }
            starts = longer;
        }
        return starts;
    }

    private int FindOrAdd(UInt128 history, SymbolCode code, Dictionary<UInt128, int> states, List<UInt128> histories)
    {
        if (states.TryGetValue(history, out int state))
            return state;
        states.Add(history, histories.Count);
        histories.Add(history);
        _lastSymbols.Add(code.Last(history));
        _initial.Add(0);
        return histories.Count - 1;
    }

    private static void Check(MarkovChainModel model, double transitions)
    {
        if (transitions > MostTransitions)
            throw new InvalidOperationException($"A chain of order {model.Order} over {model.NumberOfSymbols} symbols can reach more than {MostTransitions} transitions between histories, too many for its distribution in the long run. Lower the order, or learn without {nameof(MarkovChainModel.Smoothing)}; or draw a long sequence and count.");
    }
}
