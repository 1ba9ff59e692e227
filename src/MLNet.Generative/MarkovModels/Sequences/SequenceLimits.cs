namespace MLNet.Generative;

/// <summary>How much of the data is held in memory.</summary>
/// <param name="SortedBytes">The size of the rows that are sorted in memory; more of them are sorted in a file.</param>
/// <param name="Length">The number of values that one column of one sequence can have.</param>
internal sealed record SequenceLimits(long SortedBytes, int Length)
{
    /// <summary>64 MB, and what an array can hold.</summary>
    public static SequenceLimits Default { get; } = new(64L << 20, Array.MaxLength);
}
