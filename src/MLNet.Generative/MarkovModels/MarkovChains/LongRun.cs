namespace MLNet.Generative;

/// <summary>What a chain does in the long run: averages over time, from where its sequences start.</summary>
/// <param name="Symbols">The share of each symbol.</param>
/// <param name="Leaving">The share of steps that leave each symbol for another.</param>
internal sealed record LongRun(double[] Symbols, double[] Leaving)
{
    public static LongRun Of(MarkovChainModel model)
    {
        if (model.Order == 0)
        {
            double[] shares = model.Predict([]);
            return new LongRun(shares, Array.ConvertAll(shares, share => share * (1 - share)));
        }

        HistoryGraph graph = HistoryGraph.Of(model);
        double[] states = Stationary(graph);
        var symbols = new double[model.NumberOfSymbols];
        var leaving = new double[model.NumberOfSymbols];
        for (int state = 0; state < states.Length; state++)
        {
            int symbol = graph.LastSymbol(state);
            symbols[symbol] += states[state];
            for (int edge = graph.FirstEdge(state); edge < graph.FirstEdge(state + 1); edge++)
            {
                if (graph.LastSymbol(graph.Target(edge)) != symbol)
                    leaving[symbol] += states[state] * graph.Probability(edge);
            }
        }
        return new LongRun(symbols, leaving);
    }

    /// <summary>Each closed class of states by its own stationary distribution, times the probability of ending in it.</summary>
    private static double[] Stationary(HistoryGraph graph)
    {
        IReadOnlyList<int[]> classes = ClosedClasses.Of(graph);
        double[] shares = classes.Count == 1 ? [1] : ClosedClasses.Absorb(graph, classes);
        var states = new double[graph.NumberOfStates];
        for (int c = 0; c < classes.Count; c++)
        {
            double[] within = StationarySolver.Solve(graph, classes[c]);
            for (int i = 0; i < within.Length; i++)
                states[classes[c][i]] = shares[c] * within[i];
        }
        return states;
    }
}
