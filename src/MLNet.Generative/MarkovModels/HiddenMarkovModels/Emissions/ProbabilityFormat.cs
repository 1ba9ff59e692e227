namespace MLNet.Generative;

/// <summary>Probabilities in a model file.</summary>
internal static class ProbabilityFormat
{
    private const double Tolerance = 1e-6;

    /// <summary>Reads distributions, one per row.</summary>
    public static double[] ReadRows(BlockReader reader, int rows, int columns, string what)
    {
        double[] values = ReadEach(reader, rows, columns, what);
        for (int i = 0; i < rows; i++)
        {
            double sum = 0;
            foreach (double value in values.AsSpan(i * columns, columns))
                sum += value;
            reader.Check(Math.Abs(sum - 1) <= Tolerance, $"{what} sum to {sum}");
        }
        return values;
    }

    /// <summary>Reads probabilities that stand for themselves.</summary>
    public static double[] ReadEach(BlockReader reader, int rows, int columns, string what)
    {
        double[] values = reader.ReadFinite((long)rows * columns, what);
        reader.Check(Array.TrueForAll(values, value => value is >= 0 and <= 1 + Tolerance), $"{what} include one that is none");
        return values;
    }
}
