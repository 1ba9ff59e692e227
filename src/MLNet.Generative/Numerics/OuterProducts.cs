using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>Sums of outer products of rows: what a chain's expected transitions are made of. Rows are padded as for <see cref="RowProducts"/>.</summary>
internal static class OuterProducts
{
    /// <summary>S_ij += Σ_t x_t,i y_t,j over a few rows: what outer products add to the matrix S.</summary>
    /// <param name="x">Rows × stride.</param>
    /// <param name="y">Rows × stride.</param>
    /// <param name="rows">The number of rows t.</param>
    /// <param name="count">The number of rows of S.</param>
    /// <param name="stride">The places of a row.</param>
    /// <param name="sums">S, count × stride.</param>
    public static void Add(ReadOnlySpan<double> x, ReadOnlySpan<double> y, int rows, int count, int stride, Span<double> sums)
    {
        ref double xs = ref MemoryMarshal.GetReference(x);
        ref double ys = ref MemoryMarshal.GetReference(y);
        ref double s = ref MemoryMarshal.GetReference(sums);
        nuint width = (nuint)stride;
        nuint i = 0;
        for (; i + 4 <= (nuint)count; i += 4)
        {
            nuint j = 0;
            for (; j + 4 * Lanes.Count <= width; j += 4 * Lanes.Count)
                AddFourRowsOfFour(ref Unsafe.Add(ref xs, i), ref Unsafe.Add(ref ys, j), rows, width, ref Unsafe.Add(ref s, i * width + j));
            for (; j < width; j += Lanes.Count)
                AddFourRows(ref Unsafe.Add(ref xs, i), ref Unsafe.Add(ref ys, j), rows, width, ref Unsafe.Add(ref s, i * width + j));
        }
        for (; i < (nuint)count; i++)
        {
            for (nuint j = 0; j < width; j += Lanes.Count)
            {
                Vector512<double> sum = Vector512.LoadUnsafe(ref s, i * width + j);
                for (nuint t = 0; t < (nuint)rows; t++)
                    sum = Lanes.MultiplyAdd(Vector512.Create(Unsafe.Add(ref xs, t * width + i)), Vector512.LoadUnsafe(ref ys, t * width + j), sum);
                sum.StoreUnsafe(ref s, i * width + j);
            }
        }
    }

    private static void AddFourRows(ref double x, ref double y, int rows, nuint stride, ref double sums)
    {
        Vector512<double> a = Vector512.LoadUnsafe(ref sums), b = Vector512.LoadUnsafe(ref sums, stride);
        Vector512<double> c = Vector512.LoadUnsafe(ref sums, 2 * stride), d = Vector512.LoadUnsafe(ref sums, 3 * stride);
        for (nuint t = 0; t < (nuint)rows; t++)
        {
            ref double factors = ref Unsafe.Add(ref x, t * stride);
            Vector512<double> row = Vector512.LoadUnsafe(ref y, t * stride);
            a = Lanes.MultiplyAdd(Vector512.Create(factors), row, a);
            b = Lanes.MultiplyAdd(Vector512.Create(Unsafe.Add(ref factors, 1)), row, b);
            c = Lanes.MultiplyAdd(Vector512.Create(Unsafe.Add(ref factors, 2)), row, c);
            d = Lanes.MultiplyAdd(Vector512.Create(Unsafe.Add(ref factors, 3)), row, d);
        }
        a.StoreUnsafe(ref sums);
        b.StoreUnsafe(ref sums, stride);
        c.StoreUnsafe(ref sums, 2 * stride);
        d.StoreUnsafe(ref sums, 3 * stride);
    }

    // Four rows of four vectors: sixteen sums, for which eight numbers are loaded.
    private static void AddFourRowsOfFour(ref double x, ref double y, int rows, nuint stride, ref double sums)
    {
        Vector512<double> a0 = Vector512.LoadUnsafe(ref sums), a1 = Vector512.LoadUnsafe(ref sums, Lanes.Count);
        Vector512<double> a2 = Vector512.LoadUnsafe(ref sums, 2 * Lanes.Count), a3 = Vector512.LoadUnsafe(ref sums, 3 * Lanes.Count);
        Vector512<double> b0 = Vector512.LoadUnsafe(ref sums, stride), b1 = Vector512.LoadUnsafe(ref sums, stride + Lanes.Count);
        Vector512<double> b2 = Vector512.LoadUnsafe(ref sums, stride + 2 * Lanes.Count), b3 = Vector512.LoadUnsafe(ref sums, stride + 3 * Lanes.Count);
        Vector512<double> c0 = Vector512.LoadUnsafe(ref sums, 2 * stride), c1 = Vector512.LoadUnsafe(ref sums, 2 * stride + Lanes.Count);
        Vector512<double> c2 = Vector512.LoadUnsafe(ref sums, 2 * stride + 2 * Lanes.Count), c3 = Vector512.LoadUnsafe(ref sums, 2 * stride + 3 * Lanes.Count);
        Vector512<double> d0 = Vector512.LoadUnsafe(ref sums, 3 * stride), d1 = Vector512.LoadUnsafe(ref sums, 3 * stride + Lanes.Count);
        Vector512<double> d2 = Vector512.LoadUnsafe(ref sums, 3 * stride + 2 * Lanes.Count), d3 = Vector512.LoadUnsafe(ref sums, 3 * stride + 3 * Lanes.Count);
        for (nuint t = 0; t < (nuint)rows; t++)
        {
            ref double factors = ref Unsafe.Add(ref x, t * stride);
            ref double row = ref Unsafe.Add(ref y, t * stride);
            Vector512<double> y0 = Vector512.LoadUnsafe(ref row), y1 = Vector512.LoadUnsafe(ref row, Lanes.Count);
            Vector512<double> y2 = Vector512.LoadUnsafe(ref row, 2 * Lanes.Count), y3 = Vector512.LoadUnsafe(ref row, 3 * Lanes.Count);
            Vector512<double> x0 = Vector512.Create(factors);
            a0 = Lanes.MultiplyAdd(x0, y0, a0);
            a1 = Lanes.MultiplyAdd(x0, y1, a1);
            a2 = Lanes.MultiplyAdd(x0, y2, a2);
            a3 = Lanes.MultiplyAdd(x0, y3, a3);
            Vector512<double> x1 = Vector512.Create(Unsafe.Add(ref factors, 1));
            b0 = Lanes.MultiplyAdd(x1, y0, b0);
            b1 = Lanes.MultiplyAdd(x1, y1, b1);
            b2 = Lanes.MultiplyAdd(x1, y2, b2);
            b3 = Lanes.MultiplyAdd(x1, y3, b3);
            Vector512<double> x2 = Vector512.Create(Unsafe.Add(ref factors, 2));
            c0 = Lanes.MultiplyAdd(x2, y0, c0);
            c1 = Lanes.MultiplyAdd(x2, y1, c1);
            c2 = Lanes.MultiplyAdd(x2, y2, c2);
            c3 = Lanes.MultiplyAdd(x2, y3, c3);
            Vector512<double> x3 = Vector512.Create(Unsafe.Add(ref factors, 3));
            d0 = Lanes.MultiplyAdd(x3, y0, d0);
            d1 = Lanes.MultiplyAdd(x3, y1, d1);
            d2 = Lanes.MultiplyAdd(x3, y2, d2);
            d3 = Lanes.MultiplyAdd(x3, y3, d3);
        }
        a0.StoreUnsafe(ref sums);
        a1.StoreUnsafe(ref sums, Lanes.Count);
        a2.StoreUnsafe(ref sums, 2 * Lanes.Count);
        a3.StoreUnsafe(ref sums, 3 * Lanes.Count);
        b0.StoreUnsafe(ref sums, stride);
        b1.StoreUnsafe(ref sums, stride + Lanes.Count);
        b2.StoreUnsafe(ref sums, stride + 2 * Lanes.Count);
        b3.StoreUnsafe(ref sums, stride + 3 * Lanes.Count);
        c0.StoreUnsafe(ref sums, 2 * stride);
        c1.StoreUnsafe(ref sums, 2 * stride + Lanes.Count);
        c2.StoreUnsafe(ref sums, 2 * stride + 2 * Lanes.Count);
        c3.StoreUnsafe(ref sums, 2 * stride + 3 * Lanes.Count);
        d0.StoreUnsafe(ref sums, 3 * stride);
        d1.StoreUnsafe(ref sums, 3 * stride + Lanes.Count);
        d2.StoreUnsafe(ref sums, 3 * stride + 2 * Lanes.Count);
        d3.StoreUnsafe(ref sums, 3 * stride + 3 * Lanes.Count);
    }
}
