using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// The forward recursion with scaling (Rabiner 1989, section V.A): α_t(j) = b_j(x_t) Σ_i α_{t−1}(i) a_ij, in proportion to P(state j at t | x_1..x_t). Instead of at every step α
/// is divided by its sum S where that has become small, and log P = Σ_t m_t + Σ log S: a division at every step would be most of the time of a chain of few states.
/// </summary>
internal static class Forward
{
    /// <summary>An α below this counts as lost.</summary>
    public const double Smallest = 1e-280;

    /// <summary>A prediction below this has lost digits, or all of them.</summary>
    public const double SmallestPrediction = 1e-300;

    /// <summary>α is divided by its sum where all of it has come below this: far above what counts as lost.</summary>
    public const double SmallestSum = 1e-10;

    /// <summary>Runs the recursion over frames that were shifted.</summary>
    /// <param name="chain">π and A.</param>
    /// <param name="frames">The sequence.</param>
    /// <param name="forward">Receives α, T × stride: some place of each row is at least <see cref="SmallestSum"/> / K, none above 1, and what is impossible or lost exactly 0.</param>
    /// <param name="logLikelihood">Receives log P.</param>
    /// <returns>
    /// Whether the result is exact. It is not where a state became too improbable for a double although it may still be the one that explains the rest: then
    /// <see cref="LogDomain"/> must do the work.
    /// </returns>
    public static bool Run(HiddenChain chain, FrameLikelihoods frames, Span<double> forward, out double logLikelihood)
    {
        int stride = chain.Stride;
        ReadOnlySpan<double> likelihoods = frames.Scaled;
        ReadOnlySpan<double> shifts = frames.Shifts;
        var sum = new CompensatedSum();
        logLikelihood = 0;
        for (int t = 0; t < shifts.Length; t++)
        {
            Span<double> current = forward.Slice(t * stride, stride);
            ReadOnlySpan<double> previous = t == 0 ? default : forward.Slice((t - 1) * stride, stride);
            bool lost = false;
            double divisor = stride == Lanes.Count
                ? StepOfOneVector(chain, previous, likelihoods.Slice(t * stride, stride), current, ref lost)
                : Step(chain, previous, likelihoods.Slice(t * stride, stride), current, ref lost);
            if (!(divisor > Smallest) || (lost && !chain.ForgetsUnderflow))
                return false;
            if (t > 0 && chain.MayLoseProducts && HasVanished(chain, previous, likelihoods.Slice(t * stride, stride), current))
                return false;
            sum.Add(shifts[t]);
            if (divisor != 1)
                sum.Add(Math.Log(divisor));
        }
        if (shifts.Length > 0)
            sum.Add(Math.Log(Sum(forward.Slice((shifts.Length - 1) * stride, stride))));
        logLikelihood = sum.Value;
        return true;
    }

    /// <summary>Turns rows of α into distributions.</summary>
    public static void Normalize(Span<double> forward, int stride)
    {
        for (int start = 0; start < forward.Length; start += stride)
        {
            Span<double> row = forward.Slice(start, stride);
            TensorPrimitives.Multiply(row, 1 / Sum(row), row);
        }
    }

    /// <summary>One step: the prediction, and what is left of it under the frame.</summary>
    /// <returns>The sum that was divided out; 1 if none was.</returns>
    private static double Step(HiddenChain chain, ReadOnlySpan<double> previous, ReadOnlySpan<double> likelihoods, Span<double> current, ref bool lost)
    {
        if (previous.IsEmpty)
            chain.Initial.CopyTo(current);
        else
            RowProducts.Multiply(previous, chain.Transitions, chain.NumberOfStates, current);
        ref double p = ref MemoryMarshal.GetReference(current);
        ref double b = ref MemoryMarshal.GetReference(likelihoods);
        Vector512<double> total = default;
        for (nuint j = 0; j < (nuint)current.Length; j += Lanes.Count)
            total = Lanes.MultiplyAdd(Vector512.LoadUnsafe(ref p, j), Vector512.LoadUnsafe(ref b, j), total);
        double divisor = IsLarge(total) ? 1 : Lanes.Sum(total);
        Vector512<double> scale = Vector512.Create(1 / divisor);
        for (nuint j = 0; j < (nuint)current.Length; j += Lanes.Count)
            // In this order no product on the way underflows that does not at the end.
            Update(Vector512.LoadUnsafe(ref p, j), Vector512.LoadUnsafe(ref b, j) * scale, ref lost).StoreUnsafe(ref p, j);
        return divisor;
    }

    /// <summary><see cref="Step"/> of at most eight states, which is all waiting: the prediction stays in a register, and the usual step neither sums nor divides.</summary>
    private static double StepOfOneVector(HiddenChain chain, ReadOnlySpan<double> previous, ReadOnlySpan<double> likelihoods, Span<double> current, ref bool lost)
    {
        Vector512<double> prediction = previous.IsEmpty
            ? Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(chain.Initial))
            : RowProducts.MultiplyOne(
                ref MemoryMarshal.GetReference(previous), ref MemoryMarshal.GetArrayDataReference(chain.Transitions), (nuint)chain.NumberOfStates, Lanes.Count);
        Vector512<double> b = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(likelihoods));
        Vector512<double> total = prediction * b;
        double divisor = 1;
        if (!IsLarge(total))
        {
            divisor = Lanes.Sum(total);
            b *= 1 / divisor;
        }
        Update(prediction, b, ref lost).StoreUnsafe(ref MemoryMarshal.GetReference(current));
        return divisor;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLarge(Vector512<double> total) => Vector512.GreaterThanOrEqualAny(total, Vector512.Create(SmallestSum));

    /// <summary>Turns the prediction p into p ∘ b, with 0 for what is below <see cref="Smallest"/>.</summary>
    /// <param name="prediction">p.</param>
    /// <param name="likelihoods">b.</param>
    /// <param name="lost">Becomes true if a state that was predicted, and is not impossible, is 0 now.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Update(Vector512<double> prediction, Vector512<double> likelihoods, ref bool lost)
    {
        // The sum with 0 makes a 0 of −0.
        Vector512<double> state = Lanes.MultiplyAdd(prediction, likelihoods, Vector512<double>.Zero);
        Vector512<double> isSmall = Vector512.LessThan(state, Vector512.Create(Smallest)) | Vector512.LessThan(prediction, Vector512.Create(SmallestPrediction));
        Vector512<double> isPossible = Vector512.GreaterThan(prediction, Vector512<double>.Zero) & ~Vector512.Equals(likelihoods.AsInt64(), Vector512<long>.Zero).AsDouble();
        // A branch, because the next step would wait for a mask.
        if ((isSmall & isPossible).AsInt64() == Vector512<long>.Zero)
            return state;
        lost = true;
        return Vector512.AndNot(state, isSmall);
    }

    private static double Sum(ReadOnlySpan<double> row)
    {
        ref double values = ref MemoryMarshal.GetReference(row);
        Vector512<double> sum = default;
        for (nuint j = 0; j < (nuint)row.Length; j += Lanes.Count)
            sum += Vector512.LoadUnsafe(ref values, j);
        return Lanes.Sum(sum);
    }

    /// <summary>Whether a state is 0 although it can be reached from one that is not: the product was too small for a double.</summary>
    private static bool HasVanished(HiddenChain chain, ReadOnlySpan<double> before, ReadOnlySpan<double> likelihoods, ReadOnlySpan<double> after)
    {
        for (int j = 0; j < chain.NumberOfStates; j++)
        {
            bool isAsked = after[j] == 0 && !FrameLikelihoods.IsImpossible(likelihoods[j]);
            for (int i = 0; isAsked && i < chain.NumberOfStates; i++)
            {
                if (before[i] > 0 && chain.TransitionAt(i, j) > 0)
                    return true;
            }
        }
        return false;
    }
}
