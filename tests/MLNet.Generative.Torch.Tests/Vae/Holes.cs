namespace MLNet.Generative.Tests;

/// <summary>Rows with values taken out.</summary>
internal static class Holes
{
    /// <summary>Takes out values at random, whatever they are.</summary>
    public static double[] Punch(double[] rows, double share, int seed)
    {
        var random = new Random(seed);
        return [.. rows.Select(value => random.NextDouble() < share ? double.NaN : value)];
    }

    /// <summary>Every value that is missing becomes the mean of its feature.</summary>
    public static double[] FillWithMeans(double[] rows, int dimension)
    {
        double[] means = [.. Enumerable.Range(0, dimension).Select(j => rows.Where((value, i) => i % dimension == j && !double.IsNaN(value)).Average())];
        return [.. rows.Select((value, i) => double.IsNaN(value) ? means[i % dimension] : value)];
    }
}
