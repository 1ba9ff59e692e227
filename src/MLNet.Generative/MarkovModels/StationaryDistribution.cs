using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

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

    /// <summary>The probability that a state is the first one outside the transient states, v: with N = (I − Q)⁻¹, π_j + (π_v N R)_j (Kemeny and Snell 1960, chapter III).</summary>
    private static double[] ProbabilitiesOfEntry(IReadOnlyList<double> initial, Matrix<double> transitions, int[] transient)
    {
        double[] entry = [.. initial];
        if (transient.Length == 0)
            return entry;
        Matrix<double> stay = DenseMatrix.Create(transient.Length, transient.Length, (i, j) => (i == j ? 1 : 0) - transitions[transient[i], transient[j]]);
        Vector<double> visits = stay.Transpose().Solve(DenseVector.Create(transient.Length, i => initial[transient[i]]));
        foreach (int state in transient)
            entry[state] = 0;
        for (int i = 0; i < transient.Length; i++)
        {
            for (int j = 0; j < entry.Length; j++)
            {
                if (Array.IndexOf(transient, j) < 0)
                    entry[j] += visits[i] * transitions[transient[i], j];
            }
        }
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
        return OfIrreducible(a);
    }

    /// <summary>
    /// Of states that all reach one another: eliminates one after the other, without a subtraction (Grassmann, Taksar and Heyman 1985), so that small probabilities are exact too.
    /// </summary>
    /// <param name="a">The transitions between them; overwritten.</param>
    public static double[] OfIrreducible(double[,] a)
    {
        int count = a.GetLength(0);
        for (int n = count - 1; n > 0; n--)
        {
            double leaving = 0;
            for (int j = 0; j < n; j++)
                leaving += a[n, j];
            for (int i = 0; i < n; i++)
                a[i, n] /= leaving;
            for (int i = 0; i < n; i++)
            {
                for (int j = 0; j < n; j++)
                    a[i, j] += a[i, n] * a[n, j];
            }
        }

        var shares = new double[count];
        shares[0] = 1;
        double total = 1;
        for (int n = 1; n < count; n++)
        {
            for (int i = 0; i < n; i++)
                shares[n] += shares[i] * a[i, n];
            total += shares[n];
        }
        for (int n = 0; n < count; n++)
            shares[n] /= total;
        return shares;
    }
}
