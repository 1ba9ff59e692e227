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
        nuint j = 0;
        for (; j + 4 * Lanes.Count <= stride; j += 4 * Lanes.Count)
            MultiplyFour(ref xs, ref Unsafe.Add(ref m, j), (nuint)count, stride, ref Unsafe.Add(ref ys, j));
        for (; j < stride; j += Lanes.Count)
            MultiplyOne(ref xs, ref Unsafe.Add(ref m, j), (nuint)count, stride).StoreUnsafe(ref ys, j);
    }

    /// <summary>y_j = max_i (x_i + M_ij).</summary>
    /// <inheritdoc cref="Multiply" path="/param"/>
    public static void MaxPlus(ReadOnlySpan<double> x, ReadOnlySpan<double> matrix, int count, Span<double> y)
    {
        ref double xs = ref MemoryMarshal.GetReference(x);
        ref double m = ref MemoryMarshal.GetReference(matrix);
        ref double ys = ref MemoryMarshal.GetReference(y);
        nuint stride = (nuint)y.Length;
        nuint j = 0;
        for (; j + 4 * Lanes.Count <= stride; j += 4 * Lanes.Count)
            MaxPlusFour(ref xs, ref Unsafe.Add(ref m, j), (nuint)count, stride, ref Unsafe.Add(ref ys, j));
        for (; j < stride; j += Lanes.Count)
            MaxPlusOne(ref xs, ref Unsafe.Add(ref m, j), (nuint)count, stride).StoreUnsafe(ref ys, j);
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
        ref double xs = ref MemoryMarshal.GetReference(x);
        ref double ys = ref MemoryMarshal.GetReference(y);
        ref double s = ref MemoryMarshal.GetReference(sums);
        nuint width = (nuint)stride;
        nuint i = 0;
        for (; i + 4 <= (nuint)count; i += 4)
        {
            for (nuint j = 0; j < width; j += Lanes.Count)
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

    // Eight sums side by side: a multiply-add takes four cycles, and two can begin in each.
    private static void MultiplyFour(ref double x, ref double m, nuint rows, nuint stride, ref double y)
    {
        Vector512<double> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        nuint i = 0;
        for (; i + 2 <= rows; i += 2)
        {
            Vector512<double> first = Vector512.Create(Unsafe.Add(ref x, i)), second = Vector512.Create(Unsafe.Add(ref x, i + 1));
            ref double row = ref Unsafe.Add(ref m, i * stride);
            a0 = Lanes.MultiplyAdd(first, Vector512.LoadUnsafe(ref row), a0);
            a1 = Lanes.MultiplyAdd(first, Vector512.LoadUnsafe(ref row, Lanes.Count), a1);
            a2 = Lanes.MultiplyAdd(first, Vector512.LoadUnsafe(ref row, 2 * Lanes.Count), a2);
            a3 = Lanes.MultiplyAdd(first, Vector512.LoadUnsafe(ref row, 3 * Lanes.Count), a3);
            b0 = Lanes.MultiplyAdd(second, Vector512.LoadUnsafe(ref row, stride), b0);
            b1 = Lanes.MultiplyAdd(second, Vector512.LoadUnsafe(ref row, stride + Lanes.Count), b1);
            b2 = Lanes.MultiplyAdd(second, Vector512.LoadUnsafe(ref row, stride + 2 * Lanes.Count), b2);
            b3 = Lanes.MultiplyAdd(second, Vector512.LoadUnsafe(ref row, stride + 3 * Lanes.Count), b3);
        }
        if (i < rows)
        {
            Vector512<double> last = Vector512.Create(Unsafe.Add(ref x, i));
            ref double row = ref Unsafe.Add(ref m, i * stride);
            a0 = Lanes.MultiplyAdd(last, Vector512.LoadUnsafe(ref row), a0);
            a1 = Lanes.MultiplyAdd(last, Vector512.LoadUnsafe(ref row, Lanes.Count), a1);
            a2 = Lanes.MultiplyAdd(last, Vector512.LoadUnsafe(ref row, 2 * Lanes.Count), a2);
            a3 = Lanes.MultiplyAdd(last, Vector512.LoadUnsafe(ref row, 3 * Lanes.Count), a3);
        }
        (a0 + b0).StoreUnsafe(ref y);
        (a1 + b1).StoreUnsafe(ref y, Lanes.Count);
        (a2 + b2).StoreUnsafe(ref y, 2 * Lanes.Count);
        (a3 + b3).StoreUnsafe(ref y, 3 * Lanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MultiplyOne(ref double x, ref double m, nuint rows, nuint stride)
    {
        Vector512<double> a = default, b = default, c = default, d = default;
        nuint i = 0;
        for (; i + 4 <= rows; i += 4)
        {
            ref double row = ref Unsafe.Add(ref m, i * stride);
            a = Lanes.MultiplyAdd(Vector512.Create(Unsafe.Add(ref x, i)), Vector512.LoadUnsafe(ref row), a);
            b = Lanes.MultiplyAdd(Vector512.Create(Unsafe.Add(ref x, i + 1)), Vector512.LoadUnsafe(ref row, stride), b);
            c = Lanes.MultiplyAdd(Vector512.Create(Unsafe.Add(ref x, i + 2)), Vector512.LoadUnsafe(ref row, 2 * stride), c);
            d = Lanes.MultiplyAdd(Vector512.Create(Unsafe.Add(ref x, i + 3)), Vector512.LoadUnsafe(ref row, 3 * stride), d);
        }
        for (; i < rows; i++)
            a = Lanes.MultiplyAdd(Vector512.Create(Unsafe.Add(ref x, i)), Vector512.LoadUnsafe(ref m, i * stride), a);
        return a + b + (c + d);
    }

    private static void MaxPlusFour(ref double x, ref double m, nuint rows, nuint stride, ref double y)
    {
        Vector512<double> a = Vector512.Create(double.NegativeInfinity), b = a, c = a, d = a;
        for (nuint i = 0; i < rows; i++)
        {
            Vector512<double> term = Vector512.Create(Unsafe.Add(ref x, i));
            ref double row = ref Unsafe.Add(ref m, i * stride);
            a = Vector512.MaxNative(a, term + Vector512.LoadUnsafe(ref row));
            b = Vector512.MaxNative(b, term + Vector512.LoadUnsafe(ref row, Lanes.Count));
            c = Vector512.MaxNative(c, term + Vector512.LoadUnsafe(ref row, 2 * Lanes.Count));
            d = Vector512.MaxNative(d, term + Vector512.LoadUnsafe(ref row, 3 * Lanes.Count));
        }
        a.StoreUnsafe(ref y);
        b.StoreUnsafe(ref y, Lanes.Count);
        c.StoreUnsafe(ref y, 2 * Lanes.Count);
        d.StoreUnsafe(ref y, 3 * Lanes.Count);
    }

    // Nothing here is NaN, and no zero has a sign that matters: the processor's own maximum will do.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MaxPlusOne(ref double x, ref double m, nuint rows, nuint stride)
    {
        Vector512<double> even = Vector512.Create(double.NegativeInfinity), odd = even;
        nuint i = 0;
        for (; i + 2 <= rows; i += 2)
        {
            even = Vector512.MaxNative(even, Vector512.Create(Unsafe.Add(ref x, i)) + Vector512.LoadUnsafe(ref m, i * stride));
            odd = Vector512.MaxNative(odd, Vector512.Create(Unsafe.Add(ref x, i + 1)) + Vector512.LoadUnsafe(ref m, (i + 1) * stride));
        }
        if (i < rows)
            even = Vector512.MaxNative(even, Vector512.Create(Unsafe.Add(ref x, i)) + Vector512.LoadUnsafe(ref m, i * stride));
        return Vector512.MaxNative(even, odd);
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
}
