using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// The forward recursion with scaling (Rabiner 1989, section V.A): α̂_t(j) = P(state j at t | x_1..x_t) = b_j(x_t) Σ_i α̂_{t−1}(i) a_ij / c_t, where c_t makes the sum 1,
/// and log P = Σ_t (log c_t + m_t).
/// </summary>
internal static class Forward
{
    /// <summary>A probability below this counts as lost.</summary>
    public const double Smallest = 1e-280;

    /// <summary>A prediction below this has lost digits, or all of them.</summary>
    public const double SmallestPrediction = 1e-300;

    // Products of normalisers are kept above this before their logarithm is taken.
    private const double SmallestProduct = 1e-140;

    /// <summary>Runs the recursion over frames that were shifted.</summary>
    /// <param name="chain">π and A.</param>
    /// <param name="frames">The sequence.</param>
    /// <param name="filtered">Receives α̂, T × stride; exactly 0 where a state is impossible or lost.</param>
    /// <param name="logLikelihood">Receives log P.</param>
    /// <returns>
    /// Whether the result is exact. It is not where a state became too improbable for a double although it may still be the one that explains the rest: then
    /// <see cref="LogDomain"/> must do the work.
    /// </returns>
    public static bool Run(HiddenChain chain, FrameLikelihoods frames, Span<double> filtered, out double logLikelihood)
    {
        int stride = chain.Stride;
        var sum = new CompensatedSum();
        double product = 1;
        logLikelihood = 0;
        for (int t = 0; t < frames.Length; t++)
        {
            Span<double> current = filtered.Slice(t * stride, stride);
            if (t == 0)
                chain.Initial.CopyTo(current);
            else
                RowProducts.Multiply(filtered.Slice((t - 1) * stride, stride), chain.Transitions, chain.NumberOfStates, current);

            double normaliser = Condition(current, frames.Scaled.AsSpan(t * stride, stride), frames.Logarithms.AsSpan(t * stride, stride), out bool lost);
            if (!(normaliser > Smallest) || (lost && !chain.ForgetsUnderflow))
                return false;
            if (t > 0 && chain.MayLoseProducts && HasVanished(chain, filtered.Slice((t - 1) * stride, stride), frames.LogFrame(t), current))
                return false;

            sum.Add(frames.Shifts[t]);
            if (normaliser > SmallestProduct)
                product *= normaliser;
            else
                sum.Add(Math.Log(normaliser));
            if (product < SmallestProduct)
            {
                sum.Add(Math.Log(product));
                product = 1;
            }
        }
        sum.Add(Math.Log(product));
        logLikelihood = sum.Value;
        return true;
    }

    /// <summary>Turns the prediction p into p ∘ b / c.</summary>
    /// <param name="state">The prediction; receives the result, with 0 for what is below <see cref="Smallest"/>.</param>
    /// <param name="likelihoods">b of the frame, shifted.</param>
    /// <param name="logLikelihoods">log b of the frame.</param>
    /// <param name="lost">Whether a state that was predicted, and is not impossible, is 0 now.</param>
    /// <returns>c = Σ p b.</returns>
    private static double Condition(Span<double> state, ReadOnlySpan<double> likelihoods, ReadOnlySpan<double> logLikelihoods, out bool lost)
    {
        ref double p = ref MemoryMarshal.GetReference(state);
        ref double b = ref MemoryMarshal.GetReference(likelihoods);
        ref double logB = ref MemoryMarshal.GetReference(logLikelihoods);
        nuint stride = (nuint)state.Length;
        Vector512<double> total = default, losses = default;
        for (nuint j = 0; j < stride; j += Lanes.Count)
            total = Lanes.MultiplyAdd(Vector512.LoadUnsafe(ref p, j), Vector512.LoadUnsafe(ref b, j), total);
        double normaliser = Lanes.Sum(total);

        Vector512<double> scale = Vector512.Create(1 / normaliser);
        Vector512<double> smallest = Vector512.Create(Smallest);
        Vector512<double> impossible = Vector512.Create(double.NegativeInfinity);
        Vector512<double> smallestPrediction = Vector512.Create(SmallestPrediction);
        for (nuint j = 0; j < stride; j += Lanes.Count)
        {
            Vector512<double> prediction = Vector512.LoadUnsafe(ref p, j);
            // In this order no product on the way underflows that does not at the end.
            Vector512<double> result = prediction * (Vector512.LoadUnsafe(ref b, j) * scale);
            Vector512<double> isSmall = Vector512.LessThan(result, smallest) | Vector512.LessThan(prediction, smallestPrediction);
            losses |= isSmall & Vector512.GreaterThan(prediction, Vector512<double>.Zero) & Vector512.GreaterThan(Vector512.LoadUnsafe(ref logB, j), impossible);
            Vector512.AndNot(result, isSmall).StoreUnsafe(ref p, j);
        }
        lost = losses.AsUInt64() != Vector512<ulong>.Zero;
        return normaliser;
    }

    /// <summary>Whether a state is 0 although it can be reached from one that is not: the product was too small for a double.</summary>
    private static bool HasVanished(HiddenChain chain, ReadOnlySpan<double> before, ReadOnlySpan<double> logFrame, ReadOnlySpan<double> after)
    {
        for (int j = 0; j < chain.NumberOfStates; j++)
        {
            bool isAsked = after[j] == 0 && !double.IsNegativeInfinity(logFrame[j]);
            for (int i = 0; isAsked && i < chain.NumberOfStates; i++)
            {
                if (before[i] > 0 && chain.TransitionAt(i, j) > 0)
                    return true;
            }
        }
        return false;
    }
}
