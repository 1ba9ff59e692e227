namespace MLNet.Generative;

/// <summary>The parameters that a user gives for a chain of order 1.</summary>
internal static class TransitionProbabilities
{
    /// <summary>The probabilities as counts, once they are known to be distributions.</summary>
    public static TransitionCounts Check(double[] initial, double[,] transitions)
    {
        int count = ProbabilityChecks.Distribution(initial, nameof(initial)).Length;
        double[] rows = ProbabilityChecks.Rows(transitions, nameof(transitions));
        if (transitions.GetLength(0) != count || transitions.GetLength(1) != count)
            throw new ArgumentException($"{nameof(transitions)} is {transitions.GetLength(0)} × {transitions.GetLength(1)}; it needs a row and a column for each of the {count} symbols.", nameof(transitions));

        var code = new SymbolCode(count);
        var start = new TransitionCounter(code, 0);
        var inner = new TransitionCounter(code, 1);
        for (int j = 0; j < count; j++)
            start.Add((UInt128)(uint)j, initial[j]);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
                inner.Add(code.Append((UInt128)(uint)i, j), rows[i * count + j]);
        }
        return new TransitionCounts(code, [start.ToTable()], inner.ToTable());
    }
}
