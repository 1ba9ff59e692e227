namespace MLNet.Generative;

/// <summary>Checks the parameters that a user gives for a chain of order 1, and says what is wrong with them.</summary>
internal static class TransitionProbabilities
{
    private const double Tolerance = 1e-9;

    /// <summary>The probabilities as counts, once they are known to be distributions.</summary>
    public static TransitionCounts Check(double[] initial, double[,] transitions)
    {
        ArgumentNullException.ThrowIfNull(initial);
        ArgumentNullException.ThrowIfNull(transitions);
        if (initial.Length == 0)
            throw new ArgumentException("A chain has at least one symbol.", nameof(initial));
        if (transitions.GetLength(0) != initial.Length || transitions.GetLength(1) != initial.Length)
            throw new ArgumentException($"There are {initial.Length} initial probabilities, but the transitions are {transitions.GetLength(0)} × {transitions.GetLength(1)}.", nameof(transitions));

        var code = new SymbolCode(initial.Length);
        var start = new TransitionCounter(code, 0);
        var inner = new TransitionCounter(code, 1);
        Add(start, code, UInt128.Zero, initial, "The initial probabilities", nameof(initial));
        var row = new double[initial.Length];
        for (int i = 0; i < initial.Length; i++)
        {
            for (int j = 0; j < row.Length; j++)
                row[j] = transitions[i, j];
            Add(inner, code, (UInt128)(uint)i, row, $"The transitions of row {i}", nameof(transitions));
        }
        return new TransitionCounts(code, [start.ToTable()], inner.ToTable());
    }

    private static void Add(TransitionCounter counter, SymbolCode code, UInt128 history, double[] probabilities, string what, string name)
    {
        double sum = 0;
        for (int j = 0; j < probabilities.Length; j++)
        {
            if (!(probabilities[j] >= 0) || double.IsInfinity(probabilities[j]))
                throw new ArgumentException($"{what} have {probabilities[j]} at symbol {j}. Probabilities are finite and not negative.", name);
            sum += probabilities[j];
            if (probabilities[j] > 0)
                counter.Add(code.Append(history, j), probabilities[j]);
        }
        if (Math.Abs(sum - 1) > Tolerance)
            throw new ArgumentException($"{what} sum to {sum}, not 1. Divide each by the sum.", name);
    }
}
