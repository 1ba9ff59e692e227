using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>
/// The most probable path (Viterbi 1967; Rabiner 1989, eq. 32 to 35, on logarithms): δ_t(j) = log b_j(x_t) + max_i (δ_{t−1}(i) + log a_ij). Only δ is kept; which i it was is
/// asked again on the way back.
/// </summary>
internal sealed class Viterbi
{
    private double[] _best = [];

    /// <summary>Finds the path; of two equally probable states the lower.</summary>
    /// <param name="chain">π and A.</param>
    /// <param name="frames">The sequence.</param>
    /// <param name="path">Receives T states, from 0; −1 if the sequence is impossible.</param>
    /// <returns>log P(path, x): −∞ if the sequence is impossible, 0 if it is empty.</returns>
    public double Run(HiddenChain chain, FrameLikelihoods frames, Span<int> path)
    {
        if (frames.Length == 0)
            return 0;
        int stride = chain.Stride;
        int states = chain.NumberOfStates;
        if (_best.Length < frames.Length * stride)
            _best = new double[frames.Room];
        Span<double> best = _best.AsSpan(0, frames.Length * stride);
        RunForward(chain, frames.Logarithms, best);

        Span<double> terms = stride <= 256 ? stackalloc double[stride] : new double[stride];
        best[^stride..].CopyTo(terms);
        int state = IndexOfLargest(terms);
        double logProbability = terms[state];
        if (double.IsNegativeInfinity(logProbability))
        {
            path.Fill(-1);
            return logProbability;
        }
        path[^1] = state;
        for (int t = frames.Length - 2; t >= 0; t--)
        {
            Add(best.Slice(t * stride, stride), chain.LogTransposed.AsSpan(state * stride, stride), terms);
            path[t] = state = IndexOfLargest(terms);
        }
        return logProbability;
    }

    private static void RunForward(HiddenChain chain, ReadOnlySpan<double> logarithms, Span<double> best)
    {
        int stride = chain.Stride;
        Add(chain.LogInitial, logarithms[..stride], best[..stride]);
        Vector512<double> state = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(best));
        for (int start = stride; start < best.Length; start += stride)
        {
            ReadOnlySpan<double> logFrame = logarithms.Slice(start, stride);
            Span<double> current = best.Slice(start, stride);
            if (stride == Lanes.Count)
            {
                // Of few states, δ of a step goes to the next in a register.
                state = RowProducts.MaxPlus(state, ref MemoryMarshal.GetReference(chain.LogTransitions), chain.NumberOfStates);
                state += Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(logFrame));
                state.StoreUnsafe(ref MemoryMarshal.GetReference(current));
            }
            else
            {
                RowProducts.MaxPlus(best.Slice(start - stride, stride), chain.LogTransitions, chain.NumberOfStates, current);
                Add(current, logFrame, current);
            }
        }
    }

    private static void Add(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> sum)
    {
        ref double xs = ref MemoryMarshal.GetReference(x);
        ref double ys = ref MemoryMarshal.GetReference(y);
        ref double result = ref MemoryMarshal.GetReference(sum);
        for (nuint j = 0; j < (nuint)sum.Length; j += Lanes.Count)
            (Vector512.LoadUnsafe(ref xs, j) + Vector512.LoadUnsafe(ref ys, j)).StoreUnsafe(ref result, j);
    }

    /// <summary>The index of the largest number of a padded row, of equal ones the lowest.</summary>
    private static int IndexOfLargest(ReadOnlySpan<double> row)
    {
        ref double values = ref MemoryMarshal.GetReference(row);
        Vector512<double> highest = Vector512.LoadUnsafe(ref values);
        for (nuint j = Lanes.Count; j < (nuint)row.Length; j += Lanes.Count)
            highest = Vector512.MaxNative(highest, Vector512.LoadUnsafe(ref values, j));
        Vector512<double> largest = Vector512.Create(Lanes.Max(highest));
        for (nuint j = 0; j < (nuint)row.Length; j += Lanes.Count)
        {
            ulong places = Vector512.Equals(Vector512.LoadUnsafe(ref values, j), largest).ExtractMostSignificantBits();
            if (places != 0)
                return (int)j + BitOperations.TrailingZeroCount(places);
        }
        return 0;
    }
}
