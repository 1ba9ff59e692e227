using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// Products of a row x with a matrix M, which recursions over a chain of states do at every step. Rows are padded to whole vectors: a matrix of K rows has K × stride
/// places, a row has stride places.
/// </summary>
internal static class RowProducts
{
    /// <summary>The number of places of a row of <paramref name="count"/> numbers.</summary>
    public static int Stride(int count) => (count + Lanes.Count - 1) / Lanes.Count * Lanes.Count;

    /// <summary>y_j = Σ_i x_i M_ij.</summary>
    /// <param name="x">The row; its first <paramref name="count"/> places count.</param>
    /// <param name="matrix">M, count × stride.</param>
    /// <param name="count">The number of rows of M.</param>
    /// <param name="y">Receives stride numbers.</param>
    public static void Multiply(ReadOnlySpan<double> x, ReadOnlySpan<double> matrix, int count, Span<double> y)
    {
        ref double xs = ref MemoryMarshal.GetReference(x);
        ref double m = ref MemoryMarshal.GetReference(matrix);
        ref double ys = ref MemoryMarshal.GetReference(y);
        nuint stride = (nuint)y.Length;
        nuint rows = (nuint)count;
        nuint j = 0;
        for (; j + 4 * Lanes.Count <= stride; j += 4 * Lanes.Count)
        {
            Vector512<double> a0 = default, a1 = default, a2 = default, a3 = default;
            nuint place = j;
            for (nuint i = 0; i < rows; i++, place += stride)
            {
                Vector512<double> factor = Vector512.Create(Unsafe.Add(ref xs, i));
                a0 = Lanes.MultiplyAdd(factor, Vector512.LoadUnsafe(ref m, place), a0);
                a1 = Lanes.MultiplyAdd(factor, Vector512.LoadUnsafe(ref m, place + Lanes.Count), a1);
                a2 = Lanes.MultiplyAdd(factor, Vector512.LoadUnsafe(ref m, place + 2 * Lanes.Count), a2);
                a3 = Lanes.MultiplyAdd(factor, Vector512.LoadUnsafe(ref m, place + 3 * Lanes.Count), a3);
            }
            a0.StoreUnsafe(ref ys, j);
            a1.StoreUnsafe(ref ys, j + Lanes.Count);
            a2.StoreUnsafe(ref ys, j + 2 * Lanes.Count);
            a3.StoreUnsafe(ref ys, j + 3 * Lanes.Count);
        }
        for (; j < stride; j += Lanes.Count)
        {
            // Two sums side by side: one would wait for itself.
            Vector512<double> even = default, odd = default;
            nuint place = j;
            nuint i = 0;
            for (; i + 2 <= rows; i += 2, place += 2 * stride)
            {
                even = Lanes.MultiplyAdd(Vector512.Create(Unsafe.Add(ref xs, i)), Vector512.LoadUnsafe(ref m, place), even);
                odd = Lanes.MultiplyAdd(Vector512.Create(Unsafe.Add(ref xs, i + 1)), Vector512.LoadUnsafe(ref m, place + stride), odd);
            }
            if (i < rows)
                even = Lanes.MultiplyAdd(Vector512.Create(Unsafe.Add(ref xs, i)), Vector512.LoadUnsafe(ref m, place), even);
            (even + odd).StoreUnsafe(ref ys, j);
        }
    }

    /// <summary>y_j = max_i (x_i + M_ij).</summary>
    /// <inheritdoc cref="Multiply" path="/param"/>
    public static void MaxPlus(ReadOnlySpan<double> x, ReadOnlySpan<double> matrix, int count, Span<double> y)
    {
        ref double m = ref MemoryMarshal.GetReference(matrix);
        ref double ys = ref MemoryMarshal.GetReference(y);
        nuint stride = (nuint)y.Length;
        for (nuint j = 0; j < stride; j += Lanes.Count)
        {
            Vector512<double> largest = Vector512.Create(double.NegativeInfinity);
            nuint place = j;
            for (int i = 0; i < count; i++, place += stride)
                largest = Vector512.Max(largest, Vector512.Create(x[i]) + Vector512.LoadUnsafe(ref m, place));
            largest.StoreUnsafe(ref ys, j);
        }
    }

    /// <summary>S_ij += Σ_t x_t,i y_t,j over a few rows: what outer products add to the matrix S.</summary>
    /// <param name="x">Rows × stride.</param>
    /// <param name="y">Rows × stride.</param>
    /// <param name="rows">The number of rows t.</param>
    /// <param name="count">The number of rows of S.</param>
    /// <param name="stride">The places of a row.</param>
    /// <param name="sums">S, count × stride.</param>
    public static void AddOuterProducts(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int rows, int count, int stride, Span<double> sums)
    {
        ref double ys = ref MemoryMarshal.GetReference(y);
        ref double s = ref MemoryMarshal.GetReference(sums);
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < stride; j += Lanes.Count)
            {
                nuint place = (nuint)(i * stride + j);
                Vector512<double> sum = Vector512.LoadUnsafe(ref s, place);
                for (int t = 0; t < rows; t++)
                    sum = Lanes.MultiplyAdd(Vector512.Create(x[t * stride + i]), Vector512.LoadUnsafe(ref ys, (nuint)(t * stride + j)), sum);
                sum.StoreUnsafe(ref s, place);
            }
        }
    }
}
