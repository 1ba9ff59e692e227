namespace MLNet.Generative;

/// <summary>Where a chain ends: sets of states that lead to one another and nowhere else.</summary>
internal static class ClosedClasses
{
    private const int MostSteps = 1_000_000;
    private const double Negligible = 1e-15;

    // Above this the direct solution takes too long: it grows with the third power.
    private const int MostTransientStatesOfDirectSolution = 1_000;

    /// <summary>The closed classes: at least one, each with its states in order.</summary>
    /// <remarks>Strongly connected components (Tarjan 1972), with a stack of its own because graphs are deep; those without a way out are closed.</remarks>
    public static IReadOnlyList<int[]> Of(HistoryGraph graph)
    {
        int count = graph.NumberOfStates;
        var index = new int[count];
        var low = new int[count];
        var component = new int[count];
        Array.Fill(component, -1);
        var nextEdge = new int[count];
        var open = new Stack<int>();
        var path = new Stack<int>();
        var classes = new List<int[]>();
        int visited = 0;
        int components = 0;

        for (int root = 0; root < count; root++)
        {
            if (index[root] == 0)
                Enter(root);
            while (path.TryPeek(out int state))
            {
                if (nextEdge[state] < graph.FirstEdge(state + 1))
                {
                    int target = graph.Target(nextEdge[state]++);
                    if (index[target] == 0)
                        Enter(target);
                    else if (component[target] < 0)
                        low[state] = Math.Min(low[state], index[target]);
                    continue;
                }
                path.Pop();
                if (path.TryPeek(out int parent))
                    low[parent] = Math.Min(low[parent], low[state]);
                if (low[state] == index[state])
                    Close(state);
            }
        }
        return classes;

        void Enter(int state)
        {
            index[state] = low[state] = ++visited;
            nextEdge[state] = graph.FirstEdge(state);
            open.Push(state);
            path.Push(state);
        }

        void Close(int root)
        {
            var members = new List<int>();
            do
            {
                members.Add(open.Pop());
                component[members[^1]] = components;
            }
            while (members[^1] != root);
            components++;
            members.Sort();
            if (members.TrueForAll(state => Targets(graph, state).All(target => component[target] == component[root])))
                classes.Add([.. members]);
        }
    }

    /// <summary>The probability of ending in each class, from the states that sequences begin with.</summary>
    public static double[] Absorb(HistoryGraph graph, IReadOnlyList<int[]> classes)
    {
        var classOf = new int[graph.NumberOfStates];
        Array.Fill(classOf, -1);
        for (int c = 0; c < classes.Count; c++)
        {
            foreach (int state in classes[c])
                classOf[state] = c;
        }

        int[] transient = [.. Enumerable.Range(0, classOf.Length).Where(state => classOf[state] < 0)];
        if (transient.Length <= MostTransientStatesOfDirectSolution)
            return Eliminate(graph, transient, classOf, classes.Count);

        var shares = new double[classes.Count];
        var mass = new double[graph.NumberOfStates];
        var moved = new double[graph.NumberOfStates];
        double remaining = 0;
        for (int state = 0; state < mass.Length; state++)
            Arrive(state, graph.Initial(state), mass);
        for (int step = 0; step < MostSteps && remaining > Negligible; step++)
        {
            Array.Clear(moved);
            remaining = 0;
            for (int state = 0; state < mass.Length; state++)
            {
                if (mass[state] == 0)
                    continue;
                for (int edge = graph.FirstEdge(state); edge < graph.FirstEdge(state + 1); edge++)
                    Arrive(graph.Target(edge), mass[state] * graph.Probability(edge), moved);
            }
            (mass, moved) = (moved, mass);
        }
        double total = shares.Sum();
        return Array.ConvertAll(shares, share => share / total);

        void Arrive(int state, double probability, double[] transient)
        {
            if (classOf[state] >= 0)
            {
                shares[classOf[state]] += probability;
                return;
            }
            transient[state] += probability;
            remaining += probability;
        }
    }

    /// <summary>Exact however long the chain stays in transient states.</summary>
    private static double[] Eliminate(HistoryGraph graph, int[] transient, int[] classOf, int numberOfClasses)
    {
        var columnOf = new int[classOf.Length];
        for (int i = 0; i < transient.Length; i++)
            columnOf[transient[i]] = i;
        var transitions = new double[transient.Length, transient.Length + numberOfClasses];
        var mass = new double[transient.Length + numberOfClasses];
        for (int state = 0; state < classOf.Length; state++)
        {
            mass[Column(state)] += graph.Initial(state);
            for (int edge = graph.FirstEdge(state); classOf[state] < 0 && edge < graph.FirstEdge(state + 1); edge++)
                transitions[columnOf[state], Column(graph.Target(edge))] += graph.Probability(edge);
        }
        StateElimination.Leave(transitions, mass);
        return mass[transient.Length..];

        int Column(int state) => classOf[state] < 0 ? columnOf[state] : transient.Length + classOf[state];
    }

    private static IEnumerable<int> Targets(HistoryGraph graph, int state)
    {
        for (int edge = graph.FirstEdge(state); edge < graph.FirstEdge(state + 1); edge++)
            yield return graph.Target(edge);
    }
}
