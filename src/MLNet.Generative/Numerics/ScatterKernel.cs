using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// Weighted sums over a tile of rows: Σ r d and the scatter Σ r d dᵀ, where d = x − μ and r are responsibilities. The tile's
/// <see cref="RowTile.Differences"/> and <see cref="RowTile.WeightedDifferences"/> are set before.
/// </summary>
/// <remarks>
/// D² floating-point operations per row for the full scatter: only blocks on and below the diagonal are formed, four by four features at a time.
/// </remarks>
internal static class ScatterKernel
{
    private const int Block = 4;

    /// <summary>The length of a blocked scatter: sixteen doubles for every block on or below the diagonal.</summary>
    public static int BlockedLength(int dimension)
    {
        int blocks = (dimension + Block - 1) / Block;
        return blocks * (blocks + 1) / 2 * Block * Block;
    }

    /// <summary>Where the sum for features <paramref name="i"/> ≥ <paramref name="j"/> lies in a blocked scatter.</summary>
    public static int BlockedIndex(int i, int j)
    {
        int row = i / Block, column = j / Block;
        return (row * (row + 1) / 2 + column) * Block * Block + i % Block * Block + j % Block;
    }

    /// <summary>Σ r over the tile.</summary>
    public static double Weight(ReadOnlySpan<double> responsibilities)
    {
        ref double r = ref MemoryMarshal.GetReference(responsibilities);
        Vector512<double> sum = default;
        for (int n = 0; n < RowTile.Rows; n += Lanes.Count)
            sum += Vector512.LoadUnsafe(ref r, (nuint)n);
        return Lanes.Sum(sum);
    }

    /// <summary>Adds Σ r d of the tile to <paramref name="sums"/>, one per feature.</summary>
    public static void First(RowTile tile, Span<double> sums)
    {
        ref double weighted = ref MemoryMarshal.GetReference(tile.WeightedDifferences);
        for (int j = 0; j < tile.Dimension; j++)
        {
            Vector512<double> sum = default;
            for (int n = 0; n < RowTile.Rows; n += Lanes.Count)
                sum += Vector512.LoadUnsafe(ref weighted, (nuint)(j * RowTile.Rows + n));
            sums[j] += Lanes.Sum(sum);
        }
    }

    /// <summary>Adds Σ r d² of the tile to <paramref name="sums"/>, one per feature.</summary>
    public static void Diagonal(RowTile tile, Span<double> sums)
    {
        ref double differences = ref MemoryMarshal.GetReference(tile.Differences);
        ref double weighted = ref MemoryMarshal.GetReference(tile.WeightedDifferences);
        for (int j = 0; j < tile.Dimension; j++)
        {
            Vector512<double> sum = default;
            for (int n = 0; n < RowTile.Rows; n += Lanes.Count)
            {
                nuint at = (nuint)(j * RowTile.Rows + n);
                sum = Lanes.MultiplyAdd(Vector512.LoadUnsafe(ref weighted, at), Vector512.LoadUnsafe(ref differences, at), sum);
            }
            sums[j] += Lanes.Sum(sum);
        }
    }

    /// <summary>Adds Σ r d dᵀ of the tile to a blocked scatter.</summary>
    public static void Full(RowTile tile, Span<double> scatter)
    {
        ref double differences = ref MemoryMarshal.GetReference(tile.Differences);
        ref double weighted = ref MemoryMarshal.GetReference(tile.WeightedDifferences);
        int at = 0;
        for (int i = 0; i < tile.PaddedDimension; i += Block)
        {
            for (int j = 0; j <= i; j += Block, at += Block * Block)
                AddBlock(ref weighted, (nuint)(i * RowTile.Rows), ref differences, (nuint)(j * RowTile.Rows), scatter.Slice(at, Block * Block));
        }
    }

    private static void AddBlock(ref double left, nuint i, ref double right, nuint j, Span<double> sums)
    {
        Vector512<double> s00 = default, s01 = default, s02 = default, s03 = default;
        Vector512<double> s10 = default, s11 = default, s12 = default, s13 = default;
        Vector512<double> s20 = default, s21 = default, s22 = default, s23 = default;
        Vector512<double> s30 = default, s31 = default, s32 = default, s33 = default;
        for (nuint n = 0; n < RowTile.Rows; n += Lanes.Count)
        {
            Vector512<double> b0 = Vector512.LoadUnsafe(ref right, j + n);
            Vector512<double> b1 = Vector512.LoadUnsafe(ref right, j + n + RowTile.Rows);
            Vector512<double> b2 = Vector512.LoadUnsafe(ref right, j + n + 2 * RowTile.Rows);
            Vector512<double> b3 = Vector512.LoadUnsafe(ref right, j + n + 3 * RowTile.Rows);

            Vector512<double> a = Vector512.LoadUnsafe(ref left, i + n);
            s00 = Lanes.MultiplyAdd(a, b0, s00);
            s01 = Lanes.MultiplyAdd(a, b1, s01);
            s02 = Lanes.MultiplyAdd(a, b2, s02);
            s03 = Lanes.MultiplyAdd(a, b3, s03);
            a = Vector512.LoadUnsafe(ref left, i + n + RowTile.Rows);
            s10 = Lanes.MultiplyAdd(a, b0, s10);
            s11 = Lanes.MultiplyAdd(a, b1, s11);
            s12 = Lanes.MultiplyAdd(a, b2, s12);
            s13 = Lanes.MultiplyAdd(a, b3, s13);
            a = Vector512.LoadUnsafe(ref left, i + n + 2 * RowTile.Rows);
            s20 = Lanes.MultiplyAdd(a, b0, s20);
            s21 = Lanes.MultiplyAdd(a, b1, s21);
            s22 = Lanes.MultiplyAdd(a, b2, s22);
            s23 = Lanes.MultiplyAdd(a, b3, s23);
            a = Vector512.LoadUnsafe(ref left, i + n + 3 * RowTile.Rows);
            s30 = Lanes.MultiplyAdd(a, b0, s30);
            s31 = Lanes.MultiplyAdd(a, b1, s31);
            s32 = Lanes.MultiplyAdd(a, b2, s32);
            s33 = Lanes.MultiplyAdd(a, b3, s33);
        }
        sums[0] += Lanes.Sum(s00);
        sums[1] += Lanes.Sum(s01);
        sums[2] += Lanes.Sum(s02);
        sums[3] += Lanes.Sum(s03);
        sums[4] += Lanes.Sum(s10);
        sums[5] += Lanes.Sum(s11);
        sums[6] += Lanes.Sum(s12);
        sums[7] += Lanes.Sum(s13);
        sums[8] += Lanes.Sum(s20);
        sums[9] += Lanes.Sum(s21);
        sums[10] += Lanes.Sum(s22);
        sums[11] += Lanes.Sum(s23);
        sums[12] += Lanes.Sum(s30);
        sums[13] += Lanes.Sum(s31);
        sums[14] += Lanes.Sum(s32);
        sums[15] += Lanes.Sum(s33);
    }
}
