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
        bool isOneVector = stride == Lanes.Count && !chain.MayLoseProducts;
        var sum = new CompensatedSum();
        logLikelihood = 0;
        for (int t = 0; t < frames.Length; t++)
        {
            if (isOneVector && t > 0)
                t += UsualSteps(chain, likelihoods[(t * stride)..], forward[((t - 1) * stride)..], frames.Length - t);
            if (t == frames.Length)
                break;
            Span<double> current = forward.Slice(t * stride, stride);
            ReadOnlySpan<double> previous = t == 0 ? default : forward.Slice((t - 1) * stride, stride);
            ReadOnlySpan<double> frame = likelihoods.Slice(t * stride, stride);
            double divisor = Step(chain, previous, frame, current, out bool lost);
            if (!(divisor > Smallest) || (lost && !chain.ForgetsUnderflow))
                return false;
            if (t > 0 && chain.MayLoseProducts && HasVanished(chain, previous, frame, current))
                return false;
            if (divisor != 1)
                sum.Add(Math.Log(divisor));
        }
        if (frames.Length > 0)
            sum.Add(Math.Log(Sum(forward.Slice((frames.Length - 1) * stride, stride))));
        sum.Add(frames.Shifts);
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
    private static double Step(HiddenChain chain, ReadOnlySpan<double> previous, ReadOnlySpan<double> likelihoods, Span<double> current, out bool lost)
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
        lost = false;
        for (nuint j = 0; j < (nuint)current.Length; j += Lanes.Count)
        {
            Vector512<double> prediction = Vector512.LoadUnsafe(ref p, j);
            // In this order no product on the way underflows that does not at the end.
            Vector512<double> state = Update(prediction, Vector512.LoadUnsafe(ref b, j) * scale, out Vector512<double> isSmall, out bool isLost);
            Vector512.AndNot(state, isSmall).StoreUnsafe(ref p, j);
            lost |= isLost;
        }
        return divisor;
    }

    /// <summary>
    /// Steps of at most eight states, for as long as nothing is lost and nothing need be divided. Such a step is all waiting for the one before: so α stays in a register, and nothing
    /// is done to it but the multiplications.
    /// </summary>
    /// <param name="chain">π and A.</param>
    /// <param name="likelihoods">b, from the first of the steps on.</param>
    /// <param name="forward">α, from the step before on.</param>
    /// <param name="count">The number of steps at most.</param>
    /// <returns>The number of steps.</returns>
    private static int UsualSteps(HiddenChain chain, ReadOnlySpan<double> likelihoods, Span<double> forward, int count)
    {
        int states = chain.NumberOfStates;
        ref double matrix = ref MemoryMarshal.GetReference(chain.Transitions);
        ref double b = ref MemoryMarshal.GetReference(likelihoods[..(count * Lanes.Count)]);
        ref double alpha = ref MemoryMarshal.GetReference(forward[..((count + 1) * Lanes.Count)]);
        Vector512<double> state = Vector512.LoadUnsafe(ref alpha);
        for (int step = 0; step < count; step++)
        {
            nuint place = (nuint)(step * Lanes.Count);
            Vector512<double> prediction = RowProducts.Multiply(state, ref matrix, states);
            state = Update(prediction, Vector512.LoadUnsafe(ref b, place), out _, out bool isLost);
            if (isLost || !IsLarge(state))
                return step;
            state.StoreUnsafe(ref alpha, place + Lanes.Count);
        }
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLarge(Vector512<double> total) => Vector512.GreaterThanOrEqualAny(total, Vector512.Create(SmallestSum));

    /// <summary>p ∘ b.</summary>
    /// <param name="prediction">p.</param>
    /// <param name="likelihoods">b.</param>
    /// <param name="isSmall">Where the product is too small to be kept.</param>
    /// <param name="isLost">Whether that is so for a state that was predicted, and is not impossible.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> Update(Vector512<double> prediction, Vector512<double> likelihoods, out Vector512<double> isSmall, out bool isLost)
    {
        // The sum with 0 makes a 0 of −0.
        Vector512<double> state = Lanes.MultiplyAdd(prediction, likelihoods, Vector512<double>.Zero);
        isSmall = Vector512.LessThan(state, Vector512.Create(Smallest)) | Vector512.LessThan(prediction, Vector512.Create(SmallestPrediction));
        Vector512<double> isImpossible = Vector512.Equals(likelihoods.AsInt64(), Vector512<long>.Zero).AsDouble();
        Vector512<double> loss = Vector512.AndNot(isSmall & Vector512.GreaterThan(prediction, Vector512<double>.Zero), isImpossible);
        isLost = loss.AsInt64() != Vector512<long>.Zero;
        return state;
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
