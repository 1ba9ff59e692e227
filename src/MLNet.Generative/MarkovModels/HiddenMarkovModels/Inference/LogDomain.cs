namespace MLNet.Generative;

/// <summary>
/// The recursions on logarithms (Rabiner 1989, eq. 19 to 25, with sums as log-sum-exp): exact whatever the numbers, and slow. −∞ is the logarithm of an impossibility. Every
/// step is normalised, so that no digit is lost to a log-likelihood that has grown large.
/// </summary>
internal static class LogDomain
{
    /// <summary>Forward, normalised at every step: log α̂_t(j) = log P(state j at t | x_1..x_t).</summary>
    /// <param name="chain">π and A.</param>
    /// <param name="frames">The sequence.</param>
    /// <param name="logFiltered">Receives log α̂, T × stride; −∞ from the first step on that is impossible.</param>
    /// <param name="logTotals">Receives log P(x_1..x_t), T numbers; empty if they are not wanted. With them log α_t(j) = log α̂_t(j) + log P(x_1..x_t).</param>
    /// <returns>log P; 0 for an empty sequence.</returns>
    public static double Forward(HiddenChain chain, FrameLikelihoods frames, Span<double> logFiltered, Span<double> logTotals)
    {
        int stride = chain.Stride;
        var total = new CompensatedSum();
        ReadOnlySpan<double> previous = default;
        for (int t = 0; t < frames.Length; t++)
        {
            Span<double> current = logFiltered.Slice(t * stride, stride);
            double logNormaliser = Step(chain, previous, frames.LogFrame(t), current);
            if (double.IsNegativeInfinity(logNormaliser))
            {
                logFiltered[(t * stride)..].Fill(double.NegativeInfinity);
                if (!logTotals.IsEmpty)
                    logTotals[t..].Fill(double.NegativeInfinity);
                return double.NegativeInfinity;
            }
            total.Add(logNormaliser);
            if (!logTotals.IsEmpty)
                logTotals[t] = total.Value;
            previous = current;
        }
        return total.Value;
    }

    /// <summary>One step of <see cref="Forward"/>.</summary>
    /// <param name="chain">π and A.</param>
    /// <param name="previous">log α̂_{t−1}; empty at the first step.</param>
    /// <param name="logFrame">log b(x_t), K numbers.</param>
    /// <param name="current">Receives log α̂_t; places beyond K get −∞.</param>
    /// <returns>log P(x_t | x_1..x_{t−1}); −∞ if the step is impossible: then so is every state.</returns>
    public static double Step(HiddenChain chain, ReadOnlySpan<double> previous, ReadOnlySpan<double> logFrame, Span<double> current)
    {
        int states = chain.NumberOfStates;
        current.Fill(double.NegativeInfinity);
        double shift = Largest(logFrame);
        if (double.IsNegativeInfinity(shift))
            return shift;
        Span<double> terms = states <= 256 ? stackalloc double[states] : new double[states];
        for (int j = 0; j < states; j++)
        {
            double arriving = chain.LogInitial[j];
            if (!previous.IsEmpty)
            {
                ReadOnlySpan<double> column = chain.LogTransposed.AsSpan(j * chain.Stride, states);
                for (int i = 0; i < states; i++)
                    terms[i] = previous[i] + column[i];
                arriving = LogSumExp.Of(terms);
            }
            current[j] = arriving + (logFrame[j] - shift);
        }
        return shift + Normalize(current[..states]);
    }

    /// <summary>Backward: log β_t(i) = log Σ_j a_ij b_j(x_{t+1}) β_{t+1}(j), with β_T(i) = 1.</summary>
    /// <param name="chain">π and A.</param>
    /// <param name="frames">The sequence.</param>
    /// <param name="logBackward">Receives log β, T × stride.</param>
    public static void Backward(HiddenChain chain, FrameLikelihoods frames, Span<double> logBackward)
    {
        int states = chain.NumberOfStates;
        int stride = chain.Stride;
        for (int t = frames.Length - 1; t >= 0; t--)
        {
            Span<double> current = logBackward.Slice(t * stride, stride);
            if (t == frames.Length - 1)
            {
                current.Clear();
                continue;
            }
            double shift = StepBack(chain, frames.LogFrame(t + 1), logBackward.Slice((t + 1) * stride, stride), current);
            for (int i = 0; i < states; i++)
                current[i] += shift;
        }
    }

    /// <summary>The posterior γ_t(i) = α̂_t(i) β_t(i) / Σ, and the expected transitions Σ_t ξ_t(i, j) (Rabiner 1989, eq. 27 and 37), of a sequence that is possible.</summary>
    /// <param name="chain">π and A.</param>
    /// <param name="frames">The sequence.</param>
    /// <param name="logFiltered">log α̂ from <see cref="Forward"/>; replaced by γ.</param>
    /// <param name="transitions">Σ ξ, K × stride, to which this adds; empty if it is not wanted.</param>
    /// <param name="weight">The weight of the sequence in Σ ξ.</param>
    public static void Smooth(HiddenChain chain, FrameLikelihoods frames, Span<double> logFiltered, Span<double> transitions, double weight)
    {
        int states = chain.NumberOfStates;
        int stride = chain.Stride;
        double[] backward = new double[stride], next = new double[stride];
        double[] joint = new double[states], terms = new double[states];
        for (int t = frames.Length - 1; t >= 0; t--)
        {
            Span<double> filtered = logFiltered.Slice(t * stride, stride);
            double shift = 0;
            if (t + 1 < frames.Length)
            {
                (backward, next) = (next, backward);
                shift = StepBack(chain, frames.LogFrame(t + 1), next, backward);
            }
            // Divides β by Σ α̂ β, so that it stays near 1 where it counts.
            for (int i = 0; i < states; i++)
                joint[i] = filtered[i] + backward[i];
            double total = Normalize(joint);

            if (t + 1 < frames.Length && !transitions.IsEmpty)
            {
                ReadOnlySpan<double> logFrame = frames.LogFrame(t + 1);
                for (int i = 0; i < states; i++)
                {
                    for (int j = 0; j < states; j++)
                        terms[j] = chain.LogTransitions[i * stride + j] + (logFrame[j] - shift) + next[j];
                    if (double.IsNegativeInfinity(Normalize(terms)))
                        continue;
                    // ξ(i, j) = γ(i) P(j next | i): so its rows sum to γ exactly, even where logarithms are so large that they have no digits behind the point.
                    for (int j = 0; j < states; j++)
                        transitions[i * stride + j] += weight * Math.Exp(joint[i] + terms[j]);
                }
            }
            for (int i = 0; i < states; i++)
            {
                backward[i] -= total;
                filtered[i] = Math.Exp(joint[i]);
            }
            filtered[states..].Clear();
        }
    }

    /// <summary>One step of <see cref="Backward"/>, less the largest log-likelihood of the next frame, which is returned.</summary>
    private static double StepBack(HiddenChain chain, ReadOnlySpan<double> logFrame, ReadOnlySpan<double> next, Span<double> current)
    {
        int states = chain.NumberOfStates;
        current.Fill(double.NegativeInfinity);
        double shift = Largest(logFrame);
        if (double.IsNegativeInfinity(shift))
            return 0;
        Span<double> terms = states <= 256 ? stackalloc double[states] : new double[states];
        for (int i = 0; i < states; i++)
        {
            ReadOnlySpan<double> row = chain.LogTransitions.Slice(i * chain.Stride, states);
            for (int j = 0; j < states; j++)
                terms[j] = row[j] + (logFrame[j] - shift) + next[j];
            current[i] = LogSumExp.Of(terms);
        }
        return shift;
    }

    /// <summary>Divides numbers by their sum, and returns its logarithm; leaves them alone if all are 0.</summary>
    private static double Normalize(Span<double> logarithms)
    {
        double largest = Largest(logarithms);
        if (double.IsNegativeInfinity(largest))
            return largest;
        // In two steps: next to a large number the logarithm of the sum would be lost.
        foreach (ref double logarithm in logarithms)
            logarithm -= largest;
        double rest = LogSumExp.Of(logarithms);
        foreach (ref double logarithm in logarithms)
            logarithm -= rest;
        return largest + rest;
    }

    private static double Largest(ReadOnlySpan<double> logFrame)
    {
        double largest = double.NegativeInfinity;
        foreach (double logarithm in logFrame)
            largest = Math.Max(largest, logarithm);
        return largest;
    }
}
