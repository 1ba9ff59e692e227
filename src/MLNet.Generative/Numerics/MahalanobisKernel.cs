using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// Squared Mahalanobis distances (x − μ)ᵀ Σ⁻¹ (x − μ) = ‖W (x − μ)‖² of a tile of rows, where W is the inverse of the Cholesky factor of Σ.
/// </summary>
/// <remarks>
/// D² floating-point operations per row. Sixteen accumulators (four outputs × four vectors of rows) keep the multiply-add units busy:
/// eight loads for sixteen multiply-adds. A distance that overflows is reported as <see cref="Largest"/>, so that densities stay finite.
/// </remarks>
internal static class MahalanobisKernel
{
    /// <summary>The largest distance reported.</summary>
    public const double Largest = 1e300;

    /// <summary>Outputs in a panel of <see cref="PackFactor"/>.</summary>
    public const int Panel = 4;

    private const int RowStep = 4 * Lanes.Count;

    /// <summary>The number of doubles that <see cref="PackFactor"/> needs.</summary>
    public static int PackedLength(int dimension)
    {
        int length = 0;
        for (int first = 0; first < dimension; first += Panel)
            length += Panel * Math.Min(dimension, first + Panel);
        return length;
    }

    /// <summary>Lays out the lower triangular W in panels of four rows, column by column, filled with zeros: the order in which the kernel reads it.</summary>
    public static double[] PackFactor(ReadOnlySpan<double> factor, int dimension)
    {
        var packed = new double[PackedLength(dimension)];
        int at = 0;
        for (int first = 0; first < dimension; first += Panel)
        {
            for (int j = 0; j < Math.Min(dimension, first + Panel); j++)
            {
                for (int i = first; i < first + Panel; i++, at++)
                    packed[at] = i < dimension && j <= i ? factor[i * dimension + j] : 0;
            }
        }
        return packed;
    }

    /// <summary>Writes the distances of all rows of the tile from <paramref name="mean"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Full(RowTile tile, ReadOnlySpan<double> mean, ReadOnlySpan<double> packedFactor, Span<double> distances)
    {
        int dimension = tile.Dimension;
        if (dimension < Panel)
        {
            FewFeatures(tile, mean, packedFactor, distances);
            return;
        }
        Subtract(tile, mean);
        ref double differences = ref MemoryMarshal.GetReference(tile.Differences);
        ref double output = ref MemoryMarshal.GetReference(distances);
        for (int n = 0; n < RowTile.Rows; n += RowStep)
        {
            Vector512<double> q0 = default, q1 = default, q2 = default, q3 = default;
            ref double w = ref MemoryMarshal.GetReference(packedFactor);
            nuint at = 0;
            for (int first = 0; first < dimension; first += Panel)
            {
                Vector512<double> a00 = default, a01 = default, a02 = default, a03 = default;
                Vector512<double> a10 = default, a11 = default, a12 = default, a13 = default;
                Vector512<double> a20 = default, a21 = default, a22 = default, a23 = default;
                Vector512<double> a30 = default, a31 = default, a32 = default, a33 = default;
                int end = Math.Min(dimension, first + Panel);
                nuint from = (nuint)n;
                for (int j = 0; j < end; j++, at += Panel, from += RowTile.Rows)
                {
                    Vector512<double> x0 = Vector512.LoadUnsafe(ref differences, from);
                    Vector512<double> x1 = Vector512.LoadUnsafe(ref differences, from + Lanes.Count);
                    Vector512<double> x2 = Vector512.LoadUnsafe(ref differences, from + 2 * Lanes.Count);
                    Vector512<double> x3 = Vector512.LoadUnsafe(ref differences, from + 3 * Lanes.Count);

                    Vector512<double> w0 = Vector512.Create(Unsafe.Add(ref w, at));
                    a00 = Lanes.MultiplyAdd(w0, x0, a00);
                    a01 = Lanes.MultiplyAdd(w0, x1, a01);
                    a02 = Lanes.MultiplyAdd(w0, x2, a02);
                    a03 = Lanes.MultiplyAdd(w0, x3, a03);
                    Vector512<double> w1 = Vector512.Create(Unsafe.Add(ref w, at + 1));
                    a10 = Lanes.MultiplyAdd(w1, x0, a10);
                    a11 = Lanes.MultiplyAdd(w1, x1, a11);
                    a12 = Lanes.MultiplyAdd(w1, x2, a12);
                    a13 = Lanes.MultiplyAdd(w1, x3, a13);
                    Vector512<double> w2 = Vector512.Create(Unsafe.Add(ref w, at + 2));
                    a20 = Lanes.MultiplyAdd(w2, x0, a20);
                    a21 = Lanes.MultiplyAdd(w2, x1, a21);
                    a22 = Lanes.MultiplyAdd(w2, x2, a22);
                    a23 = Lanes.MultiplyAdd(w2, x3, a23);
                    Vector512<double> w3 = Vector512.Create(Unsafe.Add(ref w, at + 3));
                    a30 = Lanes.MultiplyAdd(w3, x0, a30);
                    a31 = Lanes.MultiplyAdd(w3, x1, a31);
                    a32 = Lanes.MultiplyAdd(w3, x2, a32);
                    a33 = Lanes.MultiplyAdd(w3, x3, a33);
                }
                q0 = Lanes.MultiplyAdd(a30, a30, Lanes.MultiplyAdd(a20, a20, Lanes.MultiplyAdd(a10, a10, Lanes.MultiplyAdd(a00, a00, q0))));
                q1 = Lanes.MultiplyAdd(a31, a31, Lanes.MultiplyAdd(a21, a21, Lanes.MultiplyAdd(a11, a11, Lanes.MultiplyAdd(a01, a01, q1))));
                q2 = Lanes.MultiplyAdd(a32, a32, Lanes.MultiplyAdd(a22, a22, Lanes.MultiplyAdd(a12, a12, Lanes.MultiplyAdd(a02, a02, q2))));
                q3 = Lanes.MultiplyAdd(a33, a33, Lanes.MultiplyAdd(a23, a23, Lanes.MultiplyAdd(a13, a13, Lanes.MultiplyAdd(a03, a03, q3))));
            }
            Limit(q0).StoreUnsafe(ref output, (nuint)n);
            Limit(q1).StoreUnsafe(ref output, (nuint)n + Lanes.Count);
            Limit(q2).StoreUnsafe(ref output, (nuint)n + 2 * Lanes.Count);
            Limit(q3).StoreUnsafe(ref output, (nuint)n + 3 * Lanes.Count);
        }
    }

    /// <summary>The same for a diagonal Σ: W holds the inverse standard deviations. 3·D operations per row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Diagonal(RowTile tile, ReadOnlySpan<double> mean, ReadOnlySpan<double> inverseStandardDeviations, Span<double> distances)
    {
        ref double values = ref MemoryMarshal.GetReference(tile.Values);
        ref double output = ref MemoryMarshal.GetReference(distances);
        for (int n = 0; n < RowTile.Rows; n += RowStep)
        {
            Vector512<double> q0 = default, q1 = default, q2 = default, q3 = default;
            nuint from = (nuint)n;
            for (int j = 0; j < mean.Length; j++)
            {
                Vector512<double> center = Vector512.Create(mean[j]);
                Vector512<double> w = Vector512.Create(inverseStandardDeviations[j]);
                Vector512<double> y0 = (Vector512.LoadUnsafe(ref values, from) - center) * w;
                Vector512<double> y1 = (Vector512.LoadUnsafe(ref values, from + Lanes.Count) - center) * w;
                Vector512<double> y2 = (Vector512.LoadUnsafe(ref values, from + 2 * Lanes.Count) - center) * w;
                Vector512<double> y3 = (Vector512.LoadUnsafe(ref values, from + 3 * Lanes.Count) - center) * w;
                q0 = Lanes.MultiplyAdd(y0, y0, q0);
                q1 = Lanes.MultiplyAdd(y1, y1, q1);
                q2 = Lanes.MultiplyAdd(y2, y2, q2);
                q3 = Lanes.MultiplyAdd(y3, y3, q3);
                from += RowTile.Rows;
            }
            Limit(q0).StoreUnsafe(ref output, (nuint)n);
            Limit(q1).StoreUnsafe(ref output, (nuint)n + Lanes.Count);
            Limit(q2).StoreUnsafe(ref output, (nuint)n + 2 * Lanes.Count);
            Limit(q3).StoreUnsafe(ref output, (nuint)n + 3 * Lanes.Count);
        }
    }

    // With fewer features than a panel has rows, most of a panel would be zeros.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FewFeatures(RowTile tile, ReadOnlySpan<double> mean, ReadOnlySpan<double> packedFactor, Span<double> distances)
    {
        ref double values = ref MemoryMarshal.GetReference(tile.Values);
        ref double output = ref MemoryMarshal.GetReference(distances);
        for (int n = 0; n < RowTile.Rows; n += Lanes.Count)
        {
            Vector512<double> q = default;
            for (int i = 0; i < mean.Length; i++)
            {
                Vector512<double> y = default;
                for (int j = 0; j <= i; j++)
                {
                    Vector512<double> d = Vector512.LoadUnsafe(ref values, (nuint)(j * RowTile.Rows + n)) - Vector512.Create(mean[j]);
                    y = Lanes.MultiplyAdd(Vector512.Create(packedFactor[j * Panel + i]), d, y);
                }
                q = Lanes.MultiplyAdd(y, y, q);
            }
            Limit(q).StoreUnsafe(ref output, (nuint)n);
        }
    }

    // Differences first: close to the mean nothing cancels, however far it is from 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract(RowTile tile, ReadOnlySpan<double> mean)
    {
        ref double values = ref MemoryMarshal.GetReference(tile.Values);
        ref double differences = ref MemoryMarshal.GetReference(tile.Differences);
        for (int j = 0; j < mean.Length; j++)
        {
            Vector512<double> center = Vector512.Create(mean[j]);
            for (int n = 0; n < RowTile.Rows; n += Lanes.Count)
            {
                nuint at = (nuint)(j * RowTile.Rows + n);
                (Vector512.LoadUnsafe(ref values, at) - center).StoreUnsafe(ref differences, at);
            }
        }
    }

    // The comparison is false for NaN too (∞ − ∞ in an overflowing row).
    private static Vector512<double> Limit(Vector512<double> q)
    {
        Vector512<double> largest = Vector512.Create(Largest);
        return Vector512.ConditionalSelect(Vector512.LessThan(q, largest), q, largest);
    }
}
