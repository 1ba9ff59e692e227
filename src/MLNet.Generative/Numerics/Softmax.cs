using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>exp(a_k) / Σ exp(a_j) of one row's terms, each exponential computed once.</summary>
internal static class Softmax
{
    /// <summary>Turns terms into probabilities, in place.</summary>
    /// <param name="terms">At least one; at least one of them finite, the others finite or −∞.</param>
    /// <returns>log Σ exp(a_k).</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double InPlace(Span<double> terms)
    {
        ref double a = ref MemoryMarshal.GetReference(terms);
        int whole = terms.Length / Lanes.Count * Lanes.Count;
        // What is left over, filled up with terms that count for nothing.
        Span<double> tail = stackalloc double[Lanes.Count];
        tail.Fill(double.NegativeInfinity);
        terms[whole..].CopyTo(tail);
        Vector512<double> last = Vector512.Create<double>(tail);

        // By the largest and not by the total: for a row so far out that the total swallows log K, the sum is still 1.
        Vector512<double> largest = last;
        for (int k = 0; k < whole; k += Lanes.Count)
            largest = Vector512.MaxNative(largest, Vector512.LoadUnsafe(ref a, (nuint)k));
        double top = Lanes.Max(largest);
        largest = Vector512.Create(top);

        if (whole < terms.Length)
            last = Lanes.ExpOfNegative(last - largest);
        Vector512<double> sum = whole < terms.Length ? last : default;
        for (int k = 0; k < whole; k += Lanes.Count)
        {
            Vector512<double> e = Lanes.ExpOfNegative(Vector512.LoadUnsafe(ref a, (nuint)k) - largest);
            e.StoreUnsafe(ref a, (nuint)k);
            sum += e;
        }

        double total = Lanes.Sum(sum);
        Vector512<double> divisor = Vector512.Create(total);
        for (int k = 0; k < whole; k += Lanes.Count)
            (Vector512.LoadUnsafe(ref a, (nuint)k) / divisor).StoreUnsafe(ref a, (nuint)k);
        (last / divisor).CopyTo(tail);
        tail[..(terms.Length - whole)].CopyTo(terms[whole..]);
        return top + Math.Log(total);
    }
}
