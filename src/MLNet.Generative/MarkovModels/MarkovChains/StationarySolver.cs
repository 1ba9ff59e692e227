namespace MLNet.Generative;

/// <summary>The stationary distribution of a closed class of states, which is unique: π = π P, Σ π = 1.</summary>
internal static class StationarySolver
{
    /// <summary>Above this the direct solution takes too long: it grows with the third power.</summary>
    private const int MostStatesOfDirectSolution = 1_000;

    private const int MostSteps = 100_000;
    private const double Tolerance = 1e-14;

    /// <summary>π, in the order of the states.</summary>
    public static double[] Solve(HistoryGraph graph, int[] states)
    {
        if (states.Length == 1)
            return [1];
        return states.Length <= MostStatesOfDirectSolution ? Eliminate(graph, states) : Iterate(graph, states);
    }

    private static double[] Eliminate(HistoryGraph graph, int[] states)
    {
        Dictionary<int, int> placeOf = Places(states);
        var transitions = new double[states.Length, states.Length];
        for (int i = 0; i < states.Length; i++)
        {
            for (int edge = graph.FirstEdge(states[i]); edge < graph.FirstEdge(states[i] + 1); edge++)
                transitions[i, placeOf[graph.Target(edge)]] += graph.Probability(edge);
        }
        return StateElimination.Stationary(transitions);
    }

    /// <summary>Repeated steps of the lazy chain (P + I) / 2: it has the same stationary distribution, and no cycle keeps it from settling.</summary>
    private static double[] Iterate(HistoryGraph graph, int[] states)
    {
        Dictionary<int, int> placeOf = Places(states);
        var current = new double[states.Length];
        var next = new double[states.Length];
        Array.Fill(current, 1.0 / states.Length);
        for (int step = 0; step < MostSteps; step++)
        {
            for (int i = 0; i < current.Length; i++)
                next[i] = current[i] / 2;
            for (int i = 0; i < current.Length; i++)
            {
                for (int edge = graph.FirstEdge(states[i]); edge < graph.FirstEdge(states[i] + 1); edge++)
                    next[placeOf[graph.Target(edge)]] += current[i] * graph.Probability(edge) / 2;
            }

            double change = 0;
            double sum = 0;
            for (int i = 0; i < next.Length; i++)
            {
                change += Math.Abs(next[i] - current[i]);
                sum += next[i];
            }
            for (int i = 0; i < next.Length; i++)
                next[i] /= sum;
            (current, next) = (next, current);
            if (change <= Tolerance)
                break;
        }
        return current;
    }

    private static Dictionary<int, int> Places(int[] states)
    {
        var places = new Dictionary<int, int>(states.Length);
        for (int i = 0; i < states.Length; i++)
            places.Add(states[i], i);
        return places;
    }
}
