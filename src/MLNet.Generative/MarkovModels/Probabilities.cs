namespace MLNet.Generative;

/// <summary>Checks probabilities that a user gives, and says what is wrong with them.</summary>
internal static class Probabilities
{
    private const double Tolerance = 1e-9;

    /// <summary>A copy of a distribution, once it is known to be one.</summary>
    /// <param name="probabilities">The numbers.</param>
    /// <param name="name">The parameter's name, for errors.</param>
    /// <exception cref="ArgumentNullException">There are none.</exception>
    /// <exception cref="ArgumentException">It is empty, a number is negative or not finite, or they do not sum to 1.</exception>
    public static double[] Check(double[] probabilities, string name)
    {
        ArgumentNullException.ThrowIfNull(probabilities, name);
        if (probabilities.Length == 0)
            throw new ArgumentException($"{name} is empty; there is at least one state.", name);
        CheckSum(probabilities, name, name);
        return (double[])probabilities.Clone();
    }

    /// <summary>A row-major copy of a matrix, once each of its rows is known to be a distribution.</summary>
    /// <param name="rows">The numbers.</param>
    /// <param name="count">The number of rows that there must be; one for each state.</param>
    /// <param name="name">The parameter's name, for errors.</param>
    /// <exception cref="ArgumentNullException">There are none.</exception>
    /// <exception cref="ArgumentException">There is another number of rows, a number is negative or not finite, or a row does not sum to 1.</exception>
    public static double[] CheckRows(double[,] rows, int count, string name)
    {
        ArgumentNullException.ThrowIfNull(rows, name);
        int columns = rows.GetLength(1);
        if (rows.GetLength(0) != count || columns == 0)
            throw new ArgumentException($"{name} is {rows.GetLength(0)} × {columns}; it has a row for each of the {count} states.", name);
        var values = new double[count * columns];
        Buffer.BlockCopy(rows, 0, values, 0, values.Length * sizeof(double));
        for (int i = 0; i < count; i++)
            CheckSum(values.AsSpan(i * columns, columns), $"Row {i} of {name}", name);
        return values;
    }

    private static void CheckSum(ReadOnlySpan<double> probabilities, string what, string name)
    {
        double sum = 0;
        foreach (double probability in probabilities)
        {
            if (!(probability >= 0) || double.IsInfinity(probability))
                throw new ArgumentException($"{what} contains {probability}. Probabilities are finite and not negative.", name);
            sum += probability;
        }
        if (Math.Abs(sum - 1) > Tolerance)
            throw new ArgumentException($"{what} sums to {sum}, not 1. Divide each number by the sum.", name);
    }
}
