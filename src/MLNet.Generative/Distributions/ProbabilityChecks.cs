namespace MLNet.Generative;

/// <summary>Checks probabilities that a user gives, and says what is wrong with them.</summary>
internal static class ProbabilityChecks
{
    /// <summary>A copy of a distribution, once it is known to be one.</summary>
    /// <param name="probabilities">The numbers.</param>
    /// <param name="name">The parameter's name, for errors.</param>
    /// <exception cref="ArgumentNullException">There are none.</exception>
    /// <exception cref="ArgumentException">It is empty, a number is negative or not finite, or they do not sum to 1.</exception>
    public static double[] Distribution(double[] probabilities, string name)
    {
        ArgumentNullException.ThrowIfNull(probabilities, name);
        if (probabilities.Length == 0)
            throw new ArgumentException($"{name} is empty. Give at least one probability.", name);
        if (Categorical.FindProblem(probabilities) is { } problem)
            throw new ArgumentException($"{name} {problem}.", name);
        return (double[])probabilities.Clone();
    }

    /// <summary>A row-major copy of a table, once each of its rows is known to be a distribution.</summary>
    /// <param name="table">The numbers.</param>
    /// <param name="name">The parameter's name, for errors.</param>
    /// <exception cref="ArgumentNullException">There are none.</exception>
    /// <exception cref="ArgumentException">It is empty, a number is negative or not finite, or a row does not sum to 1.</exception>
    public static double[] Rows(double[,] table, string name)
    {
        double[] rows = Flatten(table, name);
        int length = table.GetLength(1);
        for (int k = 0; k < table.GetLength(0); k++)
        {
            if (Categorical.FindProblem(rows.AsSpan(k * length, length)) is { } problem)
                throw new ArgumentException($"Row {k} of {name} {problem}.", name);
        }
        return rows;
    }

    /// <summary>A row-major copy of a table.</summary>
    /// <param name="table">The numbers.</param>
    /// <param name="name">The parameter's name, for errors.</param>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public static double[] Flatten(double[,] table, string name)
    {
        ArgumentNullException.ThrowIfNull(table, name);
        if (table.Length == 0)
            throw new ArgumentException($"{name} is {table.GetLength(0)} × {table.GetLength(1)}. Give a row for each state, and at least one column.", name);
        var rows = new double[table.Length];
        Buffer.BlockCopy(table, 0, rows, 0, rows.Length * sizeof(double));
        return rows;
    }
}
