using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// The shape of all vector code here: eight doubles, whatever the machine has. Lanes, fused multiply-adds and the order of sums are part of the
/// result, so that Debug and Release builds and every processor give the same bits.
/// </summary>
internal static class Lanes
{
    /// <summary>Doubles in one vector.</summary>
    public const int Count = 8;

    /// <summary>The sum of the lanes, always in the order ((0+4)+(2+6)) + ((1+5)+(3+7)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Sum(Vector512<double> vector)
    {
        Vector256<double> four = vector.GetLower() + vector.GetUpper();
        Vector128<double> two = four.GetLower() + four.GetUpper();
        return two.GetElement(0) + two.GetElement(1);
    }

    /// <summary>The largest lane; none is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Max(Vector512<double> vector)
    {
        Vector256<double> four = Vector256.MaxNative(vector.GetLower(), vector.GetUpper());
        Vector128<double> two = Vector128.MaxNative(four.GetLower(), four.GetUpper());
        return Math.Max(two.GetElement(0), two.GetElement(1));
    }

    /// <summary>a·b + c with one rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> MultiplyAdd(Vector512<double> a, Vector512<double> b, Vector512<double> c) =>
        Vector512.FusedMultiplyAdd(a, b, c);

    /// <summary>One lane, eight times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Broadcast(Vector512<double> vector, [ConstantExpected] int lane) =>
        // Without such vectors in the processor, the runtime shuffles lane by lane through memory.
        Vector512.IsHardwareAccelerated ? Vector512.Shuffle(vector, Vector512.Create((long)lane)) : Vector512.Create(vector.GetElement(lane));

    /// <summary>exp(x) for x ≤ 0, to one unit in the last place. Below e⁻⁷⁰⁰ it is exactly 0.</summary>
    /// <remarks>
    /// x = n log 2 + r with |r| ≤ log 2 / 2, and eʳ by Taylor's series, whose next term is below 5e-18. Not the runtime's exponential: that is a call, with its vectors in memory,
    /// and its last bits have differed between the code for first calls and that for later ones. So small a responsibility vanishes in every sum, and denormal numbers are slow.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ExpOfNegative(Vector512<double> x)
    {
        Vector512<double> lowest = Vector512.Create(-700.0);
        Vector512<double> bounded = Vector512.ConditionalSelect(Vector512.LessThan(x, lowest), lowest, x);
        // Adding 1.5 · 2⁵² rounds to a whole number, which is then in the lowest bits.
        Vector512<double> rounder = Vector512.Create(6755399441055744.0);
        Vector512<double> rounded = MultiplyAdd(bounded, Vector512.Create(1.4426950408889634), rounder);
        Vector512<double> n = rounded - rounder;
        // log 2 in two parts: n times the first is exact.
        Vector512<double> r = MultiplyAdd(n, Vector512.Create(-0.6931471803691238), bounded);
        r = MultiplyAdd(n, Vector512.Create(-1.9082149292705877e-10), r);

        Vector512<double> series = Vector512.Create(1.0 / 6227020800);
        series = MultiplyAdd(series, r, Vector512.Create(1.0 / 479001600));
        series = MultiplyAdd(series, r, Vector512.Create(1.0 / 39916800));
        series = MultiplyAdd(series, r, Vector512.Create(1.0 / 3628800));
        series = MultiplyAdd(series, r, Vector512.Create(1.0 / 362880));
        series = MultiplyAdd(series, r, Vector512.Create(1.0 / 40320));
        series = MultiplyAdd(series, r, Vector512.Create(1.0 / 5040));
        series = MultiplyAdd(series, r, Vector512.Create(1.0 / 720));
        series = MultiplyAdd(series, r, Vector512.Create(1.0 / 120));
        series = MultiplyAdd(series, r, Vector512.Create(1.0 / 24));
        series = MultiplyAdd(series, r, Vector512.Create(1.0 / 6));
        series = MultiplyAdd(series, r, Vector512.Create(1.0 / 2));
        series = MultiplyAdd(series, r, Vector512.Create(1.0));
        series = MultiplyAdd(series, r, Vector512.Create(1.0));
        Vector512<double> power = (Vector512.ShiftLeft(rounded.AsInt64(), 52) + Vector512.Create(1023L << 52)).AsDouble();
        return Vector512.ConditionalSelect(Vector512.LessThan(x, lowest), Vector512<double>.Zero, series * power);
    }
}
