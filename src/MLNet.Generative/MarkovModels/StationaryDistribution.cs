using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative;

/// <summary>
/// The share of time that a Markov chain spends in each state in the long run: w with w A = w and Σ w = 1. If the chain has several closed classes, sets of states that it
/// never leaves, w depends on where it starts: each class then weighs as much as the chain is likely to end in it.
/// </summary>
internal static class StationaryDistribution
{
    /// <summary>Computes w.</summary>
    /// <param name="initial">π, the distribution of the first state.</param>
    /// <param name="transitions">A, K × K; row = from.</param>
    public static double[] Of(IReadOnlyList<double> initial, Matrix<double> transitions)
    {
        int states = initial.Count;
        bool[,] reaches = FindReachable(transitions);
        var closedClass = new List<int>?[states];
        for (int i = 0; i < states; i++)
        {
            List<int> reached = [.. Enumerable.Range(0, states).Where(j => reaches[i, j])];
            if (reached.TrueForAll(j => reaches[j, i]))
                closedClass[i] = reached;
        }

        double[] endsIn = ProbabilitiesOfEntry(initial, transitions, [.. Enumerable.Range(0, states).Where(i => closedClass[i] is null)]);
        var shares = new double[states];
        for (int first = 0; first < states; first++)
        {
            // Each class once, from its first state.
            if (closedClass[first] is not { } members || members[0] != first)
                continue;
            double weight = members.Sum(member => endsIn[member]);
            double[] within = OfIrreducible(transitions, members);
            for (int i = 0; i < members.Count; i++)
                shares[members[i]] = weight * within[i];
        }
        return shares;
    }

    private static bool[,] FindReachable(Matrix<double> transitions)
    {
        int states = transitions.RowCount;
        var reaches = new bool[states, states];
        for (int i = 0; i < states; i++)
        {
            var open = new Stack<int>([i]);
            reaches[i, i] = true;
            while (open.TryPop(out int from))
            {
                for (int to = 0; to < states; to++)
                {
                    if (reaches[i, to] || !(transitions[from, to] > 0))
                        continue;
                    reaches[i, to] = true;
                    open.Push(to);
                }
            }
        }
        return reaches;
    }

    /// <summary>The probability that a state is the first one outside the transient states.</summary>
    private static double[] ProbabilitiesOfEntry(IReadOnlyList<double> initial, Matrix<double> transitions, int[] transient)
    {
        int[] order = [.. transient, .. Enumerable.Range(0, initial.Count).Except(transient)];
        var a = new double[transient.Length, order.Length];
        for (int i = 0; i < transient.Length; i++)
        {
            for (int j = 0; j < order.Length; j++)
                a[i, j] = transitions[transient[i], order[j]];
        }
        double[] mass = Array.ConvertAll(order, state => initial[state]);
        StateElimination.Leave(a, mass);
        var entry = new double[order.Length];
        for (int j = 0; j < order.Length; j++)
            entry[order[j]] = mass[j];
        return entry;
    }

    private static double[] OfIrreducible(Matrix<double> transitions, List<int> members)
    {
        int count = members.Count;
        var a = new double[count, count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
                a[i, j] = transitions[members[i], members[j]];
        }
        return StateElimination.Stationary(a);
    }
}
