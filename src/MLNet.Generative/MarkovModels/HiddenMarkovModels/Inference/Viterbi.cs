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
            _best = new double[frames.Logarithms.Length];

        for (int t = 0; t < frames.Length; t++)
        {
            Span<double> current = _best.AsSpan(t * stride, stride);
            if (t == 0)
                chain.LogInitial.CopyTo(current);
            else
                RowProducts.MaxPlus(_best.AsSpan((t - 1) * stride, states), chain.LogTransitions, states, current);
            ReadOnlySpan<double> logFrame = frames.LogFrame(t);
            for (int j = 0; j < logFrame.Length; j++)
                current[j] += logFrame[j];
        }

        int state = IndexOfLargest(_best.AsSpan((frames.Length - 1) * stride, states));
        double logProbability = _best[(frames.Length - 1) * stride + state];
        if (double.IsNegativeInfinity(logProbability))
        {
            path.Fill(-1);
            return logProbability;
        }
        Span<double> terms = states <= 256 ? stackalloc double[states] : new double[states];
        path[^1] = state;
        for (int t = frames.Length - 2; t >= 0; t--)
        {
            for (int i = 0; i < states; i++)
                terms[i] = _best[t * stride + i] + chain.LogTransposed[state * stride + i];
            path[t] = state = IndexOfLargest(terms);
        }
        return logProbability;
    }

    private static int IndexOfLargest(ReadOnlySpan<double> values)
    {
        int index = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[index])
                index = i;
        }
        return index;
    }
}
