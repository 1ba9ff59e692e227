using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// The Bernoulli log-density Σ_j x_j a_j − log(1 + e^{a_j}) of rows and its gradient x − σ(a), in one pass over memory, where libtorch's operations take nine. Additions and multiplications are
/// written out one by one, so that every processor gives the same bits; an error is within a few last places of 32 bits.
/// </summary>
internal static class BernoulliKernel
{
    // e^−87 is the least power that 32 bits hold in full.
    private const float LargestLogit = 87;

    // With fewer lanes the rest would be slower, with more the bits would be others.
    private static readonly int Lanes = Vector512<float>.Count;

    /// <summary>The log-density of a row, with the gradient of some multiple of it.</summary>
    /// <param name="values">x, from 0 to 1.</param>
    /// <param name="logits">a: finite.</param>
    /// <param name="scale">The multiple.</param>
    /// <param name="gradient">Receives scale (x − σ(a)).</param>
    public static double LogDensity(ReadOnlySpan<float> values, ReadOnlySpan<float> logits, float scale, Span<float> gradient)
    {
        Vector512<double> sum = Vector512<double>.Zero;
        int j = 0;
        for (; j <= values.Length - Lanes; j += Lanes)
        {
            Vector512<float> terms = Terms(Load(values, j), Load(logits, j), scale, out Vector512<float> slope);
            slope.CopyTo(gradient[j..]);
            sum += Widened(terms);
        }
        if (j < values.Length)
        {
            // What is beyond the end is 0 with probability 1, and adds nothing.
            Span<float> tail = stackalloc float[2 * Lanes];
            values[j..].CopyTo(tail);
            tail[Lanes..].Fill(float.NegativeInfinity);
            logits[j..].CopyTo(tail[Lanes..]);
            Vector512<float> isWithin = Vector512.GreaterThan(Load(tail, Lanes), Vector512.Create(float.NegativeInfinity));
            Vector512<float> terms = Terms(Load(tail, 0), Load(tail, Lanes) & isWithin, scale, out Vector512<float> slope);
            slope.CopyTo(tail);
            tail[..(values.Length - j)].CopyTo(gradient[j..]);
            sum += Widened(terms & isWithin);
        }
        return Vector512.Sum(sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Terms(Vector512<float> x, Vector512<float> a, float scale, out Vector512<float> slope)
    {
        // log(1 + e^a) = max(a, 0) + log(1 + e^−|a|).
        Vector512<float> power = ExpOfNegative(Vector512.Min(Vector512.Abs(a), Vector512.Create(LargestLogit)));
        // One division for the quotients by 1 + e^−|a| and by 2 + e^−|a|.
        Vector512<float> one = Vector512<float>.One + power;
        Vector512<float> two = one + Vector512<float>.One;
        Vector512<float> both = Vector512<float>.One / (one * two);
        Vector512<float> inverse = both * two;
        Vector512<float> probability = Vector512.ConditionalSelect(Vector512.GreaterThanOrEqual(a, Vector512<float>.Zero), inverse, power * inverse);
        slope = (x - probability) * scale;
        return x * a - Vector512.Max(a, Vector512<float>.Zero) - TwiceArtanh(power * both * one);
    }

    // e^−y = 2ⁿ e^r with |r| ≤ log(2) / 2, and the Taylor series of e^r.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ExpOfNegative(Vector512<float> y)
    {
        Vector512<float> n = Vector512.Round(y * -1.44269504f);
        // log 2 in two parts, of which the first has so few digits that its multiples are exact.
        Vector512<float> r = -y - n * 0.693359375f + n * 2.12194440e-4f;
        Vector512<float> series = Vector512.Create(1f / 5040);
        series = series * r + Vector512.Create(1f / 720);
        series = series * r + Vector512.Create(1f / 120);
        series = series * r + Vector512.Create(1f / 24);
        series = series * r + Vector512.Create(1f / 6);
        series = series * r + Vector512.Create(0.5f);
        series = series * r + Vector512<float>.One;
        series = series * r + Vector512<float>.One;
        Vector512<int> exponent = (Vector512.ConvertToInt32(n) + Vector512.Create(127)) << 23;
        return series * exponent.AsSingle();
    }

    // log(1 + e) = 2 artanh(e / (2 + e)), whose argument is at most 1/3.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> TwiceArtanh(Vector512<float> s)
    {
        Vector512<float> square = s * s;
        Vector512<float> series = Vector512.Create(1f / 15);
        series = series * square + Vector512.Create(1f / 13);
        series = series * square + Vector512.Create(1f / 11);
        series = series * square + Vector512.Create(1f / 9);
        series = series * square + Vector512.Create(1f / 7);
        series = series * square + Vector512.Create(1f / 5);
        series = series * square + Vector512.Create(1f / 3);
        series = series * square + Vector512<float>.One;
        return (s + s) * series;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Widened(Vector512<float> terms) => Vector512.WidenLower(terms) + Vector512.WidenUpper(terms);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Load(ReadOnlySpan<float> values, int start) =>
        Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)start);
}
