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
        for (; j + 8 * Lanes.Count <= stride; j += 8 * Lanes.Count)
            MultiplyEight(ref xs, ref Unsafe.Add(ref m, j), (nuint)count, stride, ref Unsafe.Add(ref ys, j));
        for (; j + 4 * Lanes.Count <= stride; j += 4 * Lanes.Count)
            MultiplyFour(ref xs, ref Unsafe.Add(ref m, j), (nuint)count, stride, ref Unsafe.Add(ref ys, j));
        for (; j + 2 * Lanes.Count <= stride; j += 2 * Lanes.Count)
            MultiplyTwo(ref xs, ref Unsafe.Add(ref m, j), (nuint)count, stride, ref Unsafe.Add(ref ys, j));
        for (; j < stride; j += Lanes.Count)
            MultiplyOne(ref xs, ref Unsafe.Add(ref m, j), (nuint)count, stride).StoreUnsafe(ref ys, j);
    }

    /// <summary>y_j = max_i (x_i + M_ij).</summary>
    /// <inheritdoc cref="Multiply(ReadOnlySpan{double}, ReadOnlySpan{double}, int, Span{double})" path="/param"/>
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

    /// <summary>The product for rows of one vector, which stays in a register.</summary>
    /// <param name="x">The row, 0 beyond <paramref name="count"/>.</param>
    /// <param name="matrix">M: eight rows of eight, 0 beyond <paramref name="count"/>.</param>
    /// <param name="count">The number of rows of M that count.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Multiply(Vector512<double> x, ref double matrix, int count)
    {
        Vector512<double> a = Lanes.Broadcast(x, 0) * Vector512.LoadUnsafe(ref matrix);
        Vector512<double> b = Lanes.Broadcast(x, 1) * Vector512.LoadUnsafe(ref matrix, Lanes.Count);
        a = Lanes.MultiplyAdd(Lanes.Broadcast(x, 2), Vector512.LoadUnsafe(ref matrix, 2 * Lanes.Count), a);
        b = Lanes.MultiplyAdd(Lanes.Broadcast(x, 3), Vector512.LoadUnsafe(ref matrix, 3 * Lanes.Count), b);
        if (count <= 4)
            return a + b;
        Vector512<double> c = Lanes.Broadcast(x, 4) * Vector512.LoadUnsafe(ref matrix, 4 * Lanes.Count);
        Vector512<double> d = Lanes.Broadcast(x, 5) * Vector512.LoadUnsafe(ref matrix, 5 * Lanes.Count);
        c = Lanes.MultiplyAdd(Lanes.Broadcast(x, 6), Vector512.LoadUnsafe(ref matrix, 6 * Lanes.Count), c);
        d = Lanes.MultiplyAdd(Lanes.Broadcast(x, 7), Vector512.LoadUnsafe(ref matrix, 7 * Lanes.Count), d);
        return a + b + (c + d);
    }

    /// <summary>The largest sums for rows of one vector; what is 0 in <see cref="Multiply(Vector512{double}, ref double, int)"/> is −∞ here.</summary>
    /// <inheritdoc cref="Multiply(Vector512{double}, ref double, int)" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MaxPlus(Vector512<double> x, ref double matrix, int count)
    {
        Vector512<double> a = Vector512.MaxNative(Lanes.Broadcast(x, 0) + Vector512.LoadUnsafe(ref matrix), Lanes.Broadcast(x, 1) + Vector512.LoadUnsafe(ref matrix, Lanes.Count));
        Vector512<double> b = Vector512.MaxNative(
            Lanes.Broadcast(x, 2) + Vector512.LoadUnsafe(ref matrix, 2 * Lanes.Count), Lanes.Broadcast(x, 3) + Vector512.LoadUnsafe(ref matrix, 3 * Lanes.Count));
        if (count <= 4)
            return Vector512.MaxNative(a, b);
        Vector512<double> c = Vector512.MaxNative(
            Lanes.Broadcast(x, 4) + Vector512.LoadUnsafe(ref matrix, 4 * Lanes.Count), Lanes.Broadcast(x, 5) + Vector512.LoadUnsafe(ref matrix, 5 * Lanes.Count));
        Vector512<double> d = Vector512.MaxNative(
            Lanes.Broadcast(x, 6) + Vector512.LoadUnsafe(ref matrix, 6 * Lanes.Count), Lanes.Broadcast(x, 7) + Vector512.LoadUnsafe(ref matrix, 7 * Lanes.Count));
        return Vector512.MaxNative(Vector512.MaxNative(a, b), Vector512.MaxNative(c, d));
    }

    // Eight sums side by side: a multiply-add takes four cycles, and two can begin in each.
    private static void MultiplyEight(ref double x, ref double m, nuint rows, nuint stride, ref double y)
    {
        Vector512<double> a = default, b = default, c = default, d = default, e = default, f = default, g = default, h = default;
        for (nuint i = 0; i < rows; i++)
        {
            Vector512<double> factor = Vector512.Create(Unsafe.Add(ref x, i));
            ref double row = ref Unsafe.Add(ref m, i * stride);
            a = Lanes.MultiplyAdd(factor, Vector512.LoadUnsafe(ref row), a);
            b = Lanes.MultiplyAdd(factor, Vector512.LoadUnsafe(ref row, Lanes.Count), b);
            c = Lanes.MultiplyAdd(factor, Vector512.LoadUnsafe(ref row, 2 * Lanes.Count), c);
            d = Lanes.MultiplyAdd(factor, Vector512.LoadUnsafe(ref row, 3 * Lanes.Count), d);
            e = Lanes.MultiplyAdd(factor, Vector512.LoadUnsafe(ref row, 4 * Lanes.Count), e);
            f = Lanes.MultiplyAdd(factor, Vector512.LoadUnsafe(ref row, 5 * Lanes.Count), f);
            g = Lanes.MultiplyAdd(factor, Vector512.LoadUnsafe(ref row, 6 * Lanes.Count), g);
            h = Lanes.MultiplyAdd(factor, Vector512.LoadUnsafe(ref row, 7 * Lanes.Count), h);
        }
        a.StoreUnsafe(ref y);
        b.StoreUnsafe(ref y, Lanes.Count);
        c.StoreUnsafe(ref y, 2 * Lanes.Count);
        d.StoreUnsafe(ref y, 3 * Lanes.Count);
        e.StoreUnsafe(ref y, 4 * Lanes.Count);
        f.StoreUnsafe(ref y, 5 * Lanes.Count);
        g.StoreUnsafe(ref y, 6 * Lanes.Count);
        h.StoreUnsafe(ref y, 7 * Lanes.Count);
    }

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

    private static void MultiplyTwo(ref double x, ref double m, nuint rows, nuint stride, ref double y)
    {
        Vector512<double> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        nuint i = 0;
        for (; i + 4 <= rows; i += 4)
        {
            ref double row = ref Unsafe.Add(ref m, i * stride);
            Vector512<double> first = Vector512.Create(Unsafe.Add(ref x, i)), second = Vector512.Create(Unsafe.Add(ref x, i + 1));
            Vector512<double> third = Vector512.Create(Unsafe.Add(ref x, i + 2)), fourth = Vector512.Create(Unsafe.Add(ref x, i + 3));
            a0 = Lanes.MultiplyAdd(first, Vector512.LoadUnsafe(ref row), a0);
            a1 = Lanes.MultiplyAdd(first, Vector512.LoadUnsafe(ref row, Lanes.Count), a1);
            b0 = Lanes.MultiplyAdd(second, Vector512.LoadUnsafe(ref row, stride), b0);
            b1 = Lanes.MultiplyAdd(second, Vector512.LoadUnsafe(ref row, stride + Lanes.Count), b1);
            c0 = Lanes.MultiplyAdd(third, Vector512.LoadUnsafe(ref row, 2 * stride), c0);
            c1 = Lanes.MultiplyAdd(third, Vector512.LoadUnsafe(ref row, 2 * stride + Lanes.Count), c1);
            d0 = Lanes.MultiplyAdd(fourth, Vector512.LoadUnsafe(ref row, 3 * stride), d0);
            d1 = Lanes.MultiplyAdd(fourth, Vector512.LoadUnsafe(ref row, 3 * stride + Lanes.Count), d1);
        }
        for (; i < rows; i++)
        {
            Vector512<double> last = Vector512.Create(Unsafe.Add(ref x, i));
            a0 = Lanes.MultiplyAdd(last, Vector512.LoadUnsafe(ref m, i * stride), a0);
            a1 = Lanes.MultiplyAdd(last, Vector512.LoadUnsafe(ref m, i * stride + Lanes.Count), a1);
        }
        (a0 + b0 + (c0 + d0)).StoreUnsafe(ref y);
        (a1 + b1 + (c1 + d1)).StoreUnsafe(ref y, Lanes.Count);
    }

    private static Vector512<double> MultiplyOne(ref double x, ref double m, nuint rows, nuint stride)
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
    private static Vector512<double> MaxPlusOne(ref double x, ref double m, nuint rows, nuint stride)
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
}
