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

    /// <summary>exp(x) for x ≤ 0. Below e⁻⁷⁰⁰ it is exactly 0.</summary>
    /// <remarks>
    /// A vector with a lane beyond about −708 takes another path through the runtime's exponential, one whose last bits have differed between the code for first
    /// calls and that for later ones. So small a responsibility vanishes in every sum, and denormal numbers are slow.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> ExpOfNegative(Vector512<double> x)
    {
        Vector512<double> lowest = Vector512.Create(-700.0);
        return Vector512.ConditionalSelect(Vector512.LessThan(x, lowest), Vector512<double>.Zero, Vector512.Exp(Vector512.Max(x, lowest)));
    }
}
