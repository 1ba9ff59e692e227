using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>log Σ exp, without overflow: the largest term is taken out first.</summary>
internal static class LogSumExp
{
    /// <summary>log Σ_k exp(a_k). −∞ if every term is −∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Of(ReadOnlySpan<double> terms)
    {
        double largest = double.NegativeInfinity;
        foreach (double term in terms)
            largest = Math.Max(largest, term);
        if (double.IsNegativeInfinity(largest))
            return largest;
        double sum = 0;
        foreach (double term in terms)
            sum += Math.Exp(term - largest);
        return largest + Math.Log(sum);
    }

    /// <summary>Turns squared distances q of a tile's rows into log-densities c − q/2, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromDistances(Span<double> distances, double constant)
    {
        ref double q = ref MemoryMarshal.GetReference(distances);
        Vector512<double> minusHalf = Vector512.Create(-0.5);
        Vector512<double> c = Vector512.Create(constant);
        for (nuint n = 0; n < RowTile.Rows; n += Lanes.Count)
            Lanes.MultiplyAdd(Vector512.LoadUnsafe(ref q, n), minusHalf, c).StoreUnsafe(ref q, n);
    }

    /// <summary>For each row n of a tile: log Σ_k exp(a_nk), as <see cref="Of"/>.</summary>
    /// <param name="joint">a, components × <see cref="RowTile.Rows"/> values; at least one per row is finite.</param>
    /// <param name="numberOfComponents">The number of components.</param>
    /// <param name="sums">Receives one number for each row; may be the first line of <paramref name="joint"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OverComponents(ReadOnlySpan<double> joint, int numberOfComponents, Span<double> sums)
    {
        ref double terms = ref MemoryMarshal.GetReference(joint);
        ref double output = ref MemoryMarshal.GetReference(sums);
        for (nuint n = 0; n < RowTile.Rows; n += Lanes.Count)
        {
            Vector512<double> largest = Vector512.LoadUnsafe(ref terms, n);
            for (int k = 1; k < numberOfComponents; k++)
                largest = Vector512.Max(largest, Vector512.LoadUnsafe(ref Unsafe.Add(ref terms, k * RowTile.Rows), n));

            Vector512<double> sum = default;
            for (int k = 0; k < numberOfComponents; k++)
                sum += Lanes.ExpOfNegative(Vector512.LoadUnsafe(ref Unsafe.Add(ref terms, k * RowTile.Rows), n) - largest);
            (largest + Vector512.Log(sum)).StoreUnsafe(ref output, n);
        }
    }

    /// <summary>
    /// For each row n of a tile: turns the joint log-densities log π_k N_k(x_n), components × rows, into the responsibilities w_n r_nk, in place.
    /// </summary>
    /// <param name="joint">Components × <see cref="RowTile.Rows"/> values; at least one per row is finite.</param>
    /// <param name="numberOfComponents">The number of components.</param>
    /// <param name="weights">The weight w of each row.</param>
    /// <returns>Σ w log Σ_k π_k N_k(x), and Σ w log max_k r_k, which the integrated complete likelihood needs.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double LogLikelihood, double Classification) Normalize(Span<double> joint, int numberOfComponents, ReadOnlySpan<double> weights)
    {
        ref double terms = ref MemoryMarshal.GetReference(joint);
        ref double w = ref MemoryMarshal.GetReference(weights);
        Vector512<double> logLikelihood = default, classification = default;
        for (nuint n = 0; n < RowTile.Rows; n += Lanes.Count)
        {
            Vector512<double> largest = Vector512.LoadUnsafe(ref terms, n);
            for (int k = 1; k < numberOfComponents; k++)
                largest = Vector512.Max(largest, Vector512.LoadUnsafe(ref Unsafe.Add(ref terms, k * RowTile.Rows), n));

            Vector512<double> sum = default;
            for (int k = 0; k < numberOfComponents; k++)
            {
                ref double term = ref Unsafe.Add(ref terms, k * RowTile.Rows);
                Vector512<double> e = Lanes.ExpOfNegative(Vector512.LoadUnsafe(ref term, n) - largest);
                e.StoreUnsafe(ref term, n);
                sum += e;
            }

            Vector512<double> weight = Vector512.LoadUnsafe(ref w, n);
            Vector512<double> logSum = Vector512.Log(sum);
            logLikelihood = Lanes.MultiplyAdd(weight, largest + logSum, logLikelihood);
            classification -= weight * logSum;

            Vector512<double> scale = weight / sum;
            for (int k = 0; k < numberOfComponents; k++)
            {
                ref double term = ref Unsafe.Add(ref terms, k * RowTile.Rows);
                (Vector512.LoadUnsafe(ref term, n) * scale).StoreUnsafe(ref term, n);
            }
        }
        return (Lanes.Sum(logLikelihood), Lanes.Sum(classification));
    }
}
