using System.Globalization;

namespace MLNet.Generative;

/// <summary>Checks the parameters of emissions that a user gives or a model file holds, and says what is wrong with them.</summary>
internal static class EmissionParameters
{
    /// <summary>The rows of a table one after the other, once each number is known to be in range.</summary>
    /// <param name="table">A row for each state.</param>
    /// <param name="isValid">Whether a number is in range.</param>
    /// <param name="range">The range in words, after "it must".</param>
    /// <param name="name">The argument's name.</param>
    public static double[] CheckNumbers(double[,] table, Predicate<double> isValid, string range, string name)
    {
        double[] rows = ProbabilityChecks.Flatten(table, name);
        int wrong = Array.FindIndex(rows, value => !isValid(value));
        if (wrong >= 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"{name}[{wrong / table.GetLength(1)}, {wrong % table.GetLength(1)}] is {rows[wrong]}; it must {range}."), name);
        return rows;
    }

    /// <summary>Throws unless there is something for each state.</summary>
    /// <param name="found">For how many states there is.</param>
    /// <param name="numberOfStates">K.</param>
    /// <param name="what">What there is, in the plural.</param>
    /// <param name="name">The argument's name.</param>
    public static void CheckNumberOfStates(int found, int numberOfStates, string what, string name)
    {
        if (found != numberOfStates)
            throw new ArgumentException($"{name} has {found} {what}; the model has {numberOfStates} states. Give one for each state.", name);
    }

    /// <summary>Reads probabilities, a row for each state.</summary>
    public static double[] ReadProbabilityRows(BlockReader reader, int numberOfStates, int length)
    {
        double[] rows = reader.ReadFinite((long)numberOfStates * length, "a probability");
        for (int k = 0; k < numberOfStates; k++)
            reader.Check(Categorical.FindProblem(rows.AsSpan(k * length, length)) is null, $"the probabilities of state {k} are not positive numbers with sum 1");
        return rows;
    }

    /// <summary>Reads a number for each state and feature.</summary>
    public static double[] ReadNumbers(BlockReader reader, int numberOfStates, int dimension, Predicate<double> isValid, string what)
    {
        double[] rows = reader.ReadFinite((long)numberOfStates * dimension, what);
        reader.Check(Array.TrueForAll(rows, isValid), $"{what} is out of range");
        return rows;
    }
}
