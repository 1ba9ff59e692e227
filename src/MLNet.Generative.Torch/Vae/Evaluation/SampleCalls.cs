using System.Numerics;

namespace MLNet.Generative;

/// <summary>How the latent samples of a block are shared out among native calls: some at a time, so that what they need stays in the cache.</summary>
internal static class SampleCalls
{
    private const int DecodedRowsOfMany = 1024;
    private const int DecodedRowsOfFew = 512;

    /// <summary>The number of samples in a call, but for the last.</summary>
    /// <param name="rows">The number of rows in a block.</param>
    public static int Longest(int rows) => rows == BlockRows.Many ? DecodedRowsOfMany / BlockRows.Many : DecodedRowsOfFew / BlockRows.Few;

    /// <summary>The lengths that calls have: one or two.</summary>
    /// <param name="rows">The number of rows in a block.</param>
    /// <param name="samples">The number of samples.</param>
    public static IEnumerable<int> Lengths(int rows, int samples)
    {
        int longest = Longest(rows);
        if (samples >= longest)
            yield return longest;
        if (samples % longest > 0)
            yield return samples % longest;
    }

    /// <summary>
    /// How many rows of a block are decoded: all, or of a block of few where one row is wanted so few that samples times rows are a multiple of 8 in every call.
    /// </summary>
    /// <param name="rows">The number of rows in the block.</param>
    /// <param name="wanted">How many of them are wanted.</param>
    /// <param name="samples">The number of samples.</param>
    public static int DecodedRows(int rows, int wanted, int samples)
    {
        int fewest = BlockRows.Few >> Math.Min(BitOperations.TrailingZeroCount(samples), BitOperations.TrailingZeroCount(BlockRows.Few));
        return rows == BlockRows.Few && wanted <= fewest ? fewest : rows;
    }
}
