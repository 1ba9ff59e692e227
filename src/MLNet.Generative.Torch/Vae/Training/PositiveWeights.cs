namespace MLNet.Generative;

/// <summary>Leaves out rows of weight 0: a training with them is one without them, to the bit.</summary>
internal static class PositiveWeights
{
    /// <summary>The rows that count, and their weights.</summary>
    /// <param name="rows">Rows, one after another.</param>
    /// <param name="dimension">The number of features.</param>
    /// <param name="weights">One for each row; empty for weights of 1.</param>
    /// <exception cref="ArgumentException">There are not as many weights as rows, one is negative or not finite, or all are 0.</exception>
    public static (ReadOnlyMemory<double> Rows, ReadOnlyMemory<double> Weights) Of(ReadOnlyMemory<double> rows, int dimension, ReadOnlyMemory<double> weights)
    {
        if (weights.IsEmpty)
            return (rows, weights);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if ((long)weights.Length * dimension != rows.Length)
            throw new ArgumentException($"There are {weights.Length} weights for {rows.Length / dimension} rows. Give one weight per row, or none.", nameof(weights));

        ReadOnlySpan<double> given = weights.Span;
        int positive = 0;
        for (int i = 0; i < given.Length; i++)
        {
            if (!(given[i] >= 0) || double.IsInfinity(given[i]))
                throw new ArgumentException($"Weight {i} is {given[i]}. Weights must be finite and not negative.", nameof(weights));
            positive += given[i] > 0 ? 1 : 0;
        }
        if (positive == 0)
            throw new ArgumentException("All weights are 0, so there is nothing to learn from.", nameof(weights));
        if (positive == given.Length)
            return (rows, weights);

        var keptRows = new double[positive * dimension];
        var kept = new double[positive];
        for (int i = 0, next = 0; i < given.Length; i++)
        {
            if (given[i] == 0)
                continue;
            rows.Span.Slice(i * dimension, dimension).CopyTo(keptRows.AsSpan(next * dimension));
            kept[next++] = given[i];
        }
        return (keptRows, kept);
    }
}
