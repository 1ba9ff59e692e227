using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// The squared Mahalanobis distance of one row, for whoever has one row at a time: <see cref="MahalanobisKernel"/> is for tiles. Lanes are outputs of W (x − μ) here, not rows.
/// It sums in another order than the kernel, so that the last bits differ.
/// </summary>
internal static class RowDistance
{
    private const int Panel = MahalanobisKernel.Panel;

    /// <summary>‖W (x − μ)‖² for a full covariance.</summary>
    /// <param name="row">x: D numbers.</param>
    /// <param name="mean">μ: D numbers.</param>
    /// <param name="packedFactor">W, as <see cref="MahalanobisKernel.PackFactor"/> lays it out.</param>
    /// <param name="differences">Scratch for D numbers.</param>
    /// <returns>At most <see cref="MahalanobisKernel.Largest"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Full(ReadOnlySpan<double> row, ReadOnlySpan<double> mean, ReadOnlySpan<double> packedFactor, Span<double> differences)
    {
        int dimension = row.Length;
        Subtract(row, mean, differences);
        ref double d = ref MemoryMarshal.GetReference(differences);
        ref double w = ref MemoryMarshal.GetReference(packedFactor);
        Vector256<double> q0 = default, q1 = default;
        int first = 0;
        nuint at = 0;
        // Two panels of outputs at a time, so that one has something to do while the other waits.
        for (; first + Panel < dimension; first += 2 * Panel)
        {
            int middle = first + Panel, end = Math.Min(dimension, middle + Panel);
            Vector256<double> y0 = default, y1 = default;
            nuint other = at + (nuint)(Panel * middle);
            for (int j = 0; j < middle; j++, at += Panel, other += Panel)
            {
                Vector256<double> difference = Vector256.Create(Unsafe.Add(ref d, j));
                y0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref w, at), difference, y0);
                y1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref w, other), difference, y1);
            }
            for (int j = middle; j < end; j++, other += Panel)
                y1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref w, other), Vector256.Create(Unsafe.Add(ref d, j)), y1);
            at = other;
            q0 = Vector256.FusedMultiplyAdd(y0, y0, q0);
            q1 = Vector256.FusedMultiplyAdd(y1, y1, q1);
        }
        if (first < dimension)
        {
            Vector256<double> y = default;
            for (int j = 0; j < dimension; j++, at += Panel)
                y = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref w, at), Vector256.Create(Unsafe.Add(ref d, j)), y);
            q0 = Vector256.FusedMultiplyAdd(y, y, q0);
        }
        return Limit(Lanes.Sum(Vector512.Create(q0, q1)));
    }

    /// <summary>The same for a diagonal covariance.</summary>
    /// <param name="row">x: D numbers.</param>
    /// <param name="mean">μ: D numbers.</param>
    /// <param name="inverseStandardDeviations">The diagonal of W.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Diagonal(ReadOnlySpan<double> row, ReadOnlySpan<double> mean, ReadOnlySpan<double> inverseStandardDeviations)
    {
        ref double x = ref MemoryMarshal.GetReference(row);
        ref double center = ref MemoryMarshal.GetReference(mean);
        ref double w = ref MemoryMarshal.GetReference(inverseStandardDeviations);
        Vector512<double> q = default;
        int j = 0;
        for (; j + Lanes.Count <= row.Length; j += Lanes.Count)
        {
            Vector512<double> y = (Vector512.LoadUnsafe(ref x, (nuint)j) - Vector512.LoadUnsafe(ref center, (nuint)j)) * Vector512.LoadUnsafe(ref w, (nuint)j);
            q = Lanes.MultiplyAdd(y, y, q);
        }
        double distance = Lanes.Sum(q);
        for (; j < row.Length; j++)
        {
            double y = (row[j] - mean[j]) * inverseStandardDeviations[j];
            distance = Math.FusedMultiplyAdd(y, y, distance);
        }
        return Limit(distance);
    }

    /// <summary>The distance, or <see cref="MahalanobisKernel.Largest"/> for one that is larger or has overflowed.</summary>
    // The comparison is false for NaN too (∞ − ∞ in an overflowing row).
    public static double Limit(double distance) => distance < MahalanobisKernel.Largest ? distance : MahalanobisKernel.Largest;

    // Differences first: close to the mean nothing cancels, however far it is from 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Subtract(ReadOnlySpan<double> row, ReadOnlySpan<double> mean, Span<double> differences)
    {
        ref double x = ref MemoryMarshal.GetReference(row);
        ref double center = ref MemoryMarshal.GetReference(mean);
        ref double d = ref MemoryMarshal.GetReference(differences);
        int j = 0;
        for (; j + Lanes.Count <= row.Length; j += Lanes.Count)
            (Vector512.LoadUnsafe(ref x, (nuint)j) - Vector512.LoadUnsafe(ref center, (nuint)j)).StoreUnsafe(ref d, (nuint)j);
        for (; j < row.Length; j++)
            Unsafe.Add(ref d, j) = Unsafe.Add(ref x, j) - Unsafe.Add(ref center, j);
    }
}
