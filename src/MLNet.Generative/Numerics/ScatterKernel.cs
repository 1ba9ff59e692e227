using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// Weighted sums over a tile of rows: Σ r, Σ r d and the scatter Σ r d dᵀ, where d = x − c for a reference point c and r are responsibilities.
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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Weight(ReadOnlySpan<double> responsibilities)
    {
        ref double r = ref MemoryMarshal.GetReference(responsibilities);
        Vector512<double> sum = default;
        for (int n = 0; n < RowTile.Rows; n += Lanes.Count)
            sum += Vector512.LoadUnsafe(ref r, (nuint)n);
        return Lanes.Sum(sum);
    }

    /// <summary>Adds Σ r d to <paramref name="first"/> and Σ r d² to <paramref name="second"/>, one per feature, in one pass.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Diagonal(RowTile tile, ReadOnlySpan<double> reference, ReadOnlySpan<double> responsibilities, Span<double> first, Span<double> second)
    {
        ref double values = ref MemoryMarshal.GetReference(tile.Values);
        ref double r = ref MemoryMarshal.GetReference(responsibilities);
        for (int j = 0; j < reference.Length; j++)
        {
            Vector512<double> center = Vector512.Create(reference[j]);
            Vector512<double> sum = default, squares = default, sum2 = default, squares2 = default;
            for (int n = 0; n < RowTile.Rows; n += 2 * Lanes.Count)
            {
                nuint at = (nuint)(j * RowTile.Rows + n);
                Vector512<double> d = Vector512.LoadUnsafe(ref values, at) - center;
                Vector512<double> rd = d * Vector512.LoadUnsafe(ref r, (nuint)n);
                sum += rd;
                squares = Lanes.MultiplyAdd(rd, d, squares);
                Vector512<double> d2 = Vector512.LoadUnsafe(ref values, at + Lanes.Count) - center;
                Vector512<double> rd2 = d2 * Vector512.LoadUnsafe(ref r, (nuint)n + Lanes.Count);
                sum2 += rd2;
                squares2 = Lanes.MultiplyAdd(rd2, d2, squares2);
            }
            first[j] += Lanes.Sum(sum + sum2);
            second[j] += Lanes.Sum(squares + squares2);
        }
    }

    /// <summary>Adds Σ r d to <paramref name="first"/>, one per feature, and Σ r d dᵀ to a blocked scatter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Full(RowTile tile, ReadOnlySpan<double> reference, ReadOnlySpan<double> responsibilities, Span<double> first, Span<double> scatter)
    {
        if (tile.Dimension < Block)
        {
            FewFeatures(tile, reference, responsibilities, first, scatter);
            return;
        }
        SubtractAndWeight(tile, reference, responsibilities, first);
        ref double differences = ref MemoryMarshal.GetReference(tile.Differences);
        ref double weighted = ref MemoryMarshal.GetReference(tile.WeightedDifferences);
        int at = 0;
        for (int i = 0; i < tile.PaddedDimension; i += Block)
        {
            for (int j = 0; j <= i; j += Block, at += Block * Block)
                AddBlock(ref weighted, (nuint)(i * RowTile.Rows), ref differences, (nuint)(j * RowTile.Rows), scatter.Slice(at, Block * Block));
        }
    }

    // With fewer features than a block has, pair by pair, without writing differences.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FewFeatures(RowTile tile, ReadOnlySpan<double> reference, ReadOnlySpan<double> responsibilities, Span<double> first, Span<double> scatter)
    {
        ref double values = ref MemoryMarshal.GetReference(tile.Values);
        ref double r = ref MemoryMarshal.GetReference(responsibilities);
        for (int i = 0; i < reference.Length; i++)
        {
            Vector512<double> centerI = Vector512.Create(reference[i]);
            for (int j = 0; j <= i; j++)
            {
                Vector512<double> centerJ = Vector512.Create(reference[j]);
                Vector512<double> sum = default, products = default;
                for (int n = 0; n < RowTile.Rows; n += Lanes.Count)
                {
                    Vector512<double> rd = (Vector512.LoadUnsafe(ref values, (nuint)(i * RowTile.Rows + n)) - centerI) * Vector512.LoadUnsafe(ref r, (nuint)n);
                    products = Lanes.MultiplyAdd(rd, Vector512.LoadUnsafe(ref values, (nuint)(j * RowTile.Rows + n)) - centerJ, products);
                    sum += rd;
                }
                scatter[BlockedIndex(i, j)] += Lanes.Sum(products);
                if (i == j)
                    first[i] += Lanes.Sum(sum);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SubtractAndWeight(RowTile tile, ReadOnlySpan<double> reference, ReadOnlySpan<double> responsibilities, Span<double> first)
    {
        ref double values = ref MemoryMarshal.GetReference(tile.Values);
        ref double differences = ref MemoryMarshal.GetReference(tile.Differences);
        ref double weighted = ref MemoryMarshal.GetReference(tile.WeightedDifferences);
        ref double r = ref MemoryMarshal.GetReference(responsibilities);
        for (int j = 0; j < reference.Length; j++)
        {
            Vector512<double> center = Vector512.Create(reference[j]);
            Vector512<double> sum = default;
            for (int n = 0; n < RowTile.Rows; n += Lanes.Count)
            {
                nuint at = (nuint)(j * RowTile.Rows + n);
                Vector512<double> d = Vector512.LoadUnsafe(ref values, at) - center;
                Vector512<double> rd = d * Vector512.LoadUnsafe(ref r, (nuint)n);
                d.StoreUnsafe(ref differences, at);
                rd.StoreUnsafe(ref weighted, at);
                sum += rd;
            }
            first[j] += Lanes.Sum(sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
