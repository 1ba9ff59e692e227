using System.Globalization;

namespace MLNet.Generative;

/// <summary>Checks probabilities that a user gives, and says what is wrong with them.</summary>
internal static class ProbabilityChecks
{
    private const double Tolerance = 1e-9;

    /// <summary>A copy of a distribution, once it is known to be one.</summary>
    /// <param name="probabilities">The numbers.</param>
    /// <param name="name">The parameter's name, for errors.</param>
    /// <exception cref="ArgumentNullException">There are none.</exception>
    /// <exception cref="ArgumentException">It is empty, a number is negative or not finite, or they do not sum to 1.</exception>
    public static double[] Distribution(double[] probabilities, string name)
    {
        ArgumentNullException.ThrowIfNull(probabilities, name);
        if (probabilities.Length == 0)
            throw new ArgumentException($"{name} is empty; there is at least one state.", name);
        CheckSum(probabilities, name, name);
        return (double[])probabilities.Clone();
    }

    /// <summary>A row-major copy of a matrix, once each of its rows is known to be a distribution.</summary>
    /// <param name="rows">The numbers, a row for each state.</param>
    /// <param name="name">The parameter's name, for errors.</param>
    /// <exception cref="ArgumentNullException">There are none.</exception>
    /// <exception cref="ArgumentException">It is empty, a number is negative or not finite, or a row does not sum to 1.</exception>
    public static double[] Rows(double[,] rows, string name)
    {
        double[] values = Copy(rows, name);
        int columns = rows.GetLength(1);
        for (int i = 0; i < rows.GetLength(0); i++)
            CheckSum(values.AsSpan(i * columns, columns), $"Row {i} of {name}", name);
        return values;
    }

    /// <summary>A row-major copy of a matrix, once each of its numbers is known to lie between 0 and a highest.</summary>
    /// <param name="matrix">The numbers, a row for each state.</param>
    /// <param name="highest">The highest.</param>
    /// <param name="name">The parameter's name, for errors.</param>
    /// <exception cref="ArgumentNullException">There are none.</exception>
    /// <exception cref="ArgumentException">It is empty, or a number is out of range.</exception>
    public static double[] Numbers(double[,] matrix, double highest, string name)
    {
        double[] values = Copy(matrix, name);
        foreach (double value in values)
        {
            if (!(value >= 0 && value <= highest))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name} contains {value}. Its numbers {(highest == 1 ? "lie between 0 and 1" : "are finite and not negative")}."), name);
        }
        return values;
    }

    private static double[] Copy(double[,] matrix, string name)
    {
        ArgumentNullException.ThrowIfNull(matrix, name);
        if (matrix.Length == 0)
            throw new ArgumentException($"{name} is {matrix.GetLength(0)} × {matrix.GetLength(1)}; it has a row for each state, and at least one column.", name);
        var values = new double[matrix.Length];
        Buffer.BlockCopy(matrix, 0, values, 0, values.Length * sizeof(double));
        return values;
    }

    private static void CheckSum(ReadOnlySpan<double> probabilities, string what, string name)
    {
        double sum = 0;
        foreach (double probability in probabilities)
        {
            if (!(probability >= 0) || double.IsInfinity(probability))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{what} contains {probability}. Probabilities are finite and not negative."), name);
            sum += probability;
        }
        if (Math.Abs(sum - 1) > Tolerance)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{what} sums to {sum}, not 1. Divide each number by the sum."), name);
    }
}
