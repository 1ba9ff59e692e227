namespace MLNet.Generative;

/// <summary>
/// The recursions on logarithms (Rabiner 1989, eq. 19 to 25, with sums as log-sum-exp): exact whatever the numbers, and slow. −∞ is the logarithm of an impossibility.
/// </summary>
internal static class LogDomain
{
    /// <summary>Forward: log α_t(j) = log b_j(x_t) + log Σ_i α_{t−1}(i) a_ij, with α_1(j) = π_j b_j(x_1).</summary>
    /// <param name="chain">π and A.</param>
    /// <param name="frames">The sequence.</param>
    /// <param name="logForward">Receives log α, T × stride.</param>
    /// <returns>log P = log Σ_j α_T(j); 0 for an empty sequence.</returns>
    public static double Forward(HiddenChain chain, FrameLikelihoods frames, Span<double> logForward)
    {
        if (frames.Length == 0)
            return 0;
        int stride = chain.Stride;
        ReadOnlySpan<double> previous = default;
        for (int t = 0; t < frames.Length; t++)
        {
            Span<double> current = logForward.Slice(t * stride, stride);
            Step(chain, previous, frames.LogFrame(t), current);
            previous = current;
        }
        return LogSumExp.Of(previous[..chain.NumberOfStates]);
    }

    /// <summary>One step of <see cref="Forward"/>.</summary>
    /// <param name="chain">π and A.</param>
    /// <param name="previous">log α_{t−1}; empty at the first step.</param>
    /// <param name="logFrame">log b(x_t), K numbers.</param>
    /// <param name="current">Receives log α_t; places beyond K get −∞.</param>
    public static void Step(HiddenChain chain, ReadOnlySpan<double> previous, ReadOnlySpan<double> logFrame, Span<double> current)
    {
        int states = chain.NumberOfStates;
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
            current[j] = arriving + logFrame[j];
        }
        current[states..].Fill(double.NegativeInfinity);
    }

    /// <summary>Backward: log β_t(i) = log Σ_j a_ij b_j(x_{t+1}) β_{t+1}(j), with β_T(i) = 1.</summary>
    /// <param name="chain">π and A.</param>
    /// <param name="frames">The sequence.</param>
    /// <param name="logBackward">Receives log β, T × stride.</param>
    public static void Backward(HiddenChain chain, FrameLikelihoods frames, Span<double> logBackward)
    {
        int states = chain.NumberOfStates;
        int stride = chain.Stride;
        Span<double> terms = states <= 256 ? stackalloc double[states] : new double[states];
        for (int t = frames.Length - 1; t >= 0; t--)
        {
            Span<double> current = logBackward.Slice(t * stride, stride);
            current.Fill(double.NegativeInfinity);
            if (t == frames.Length - 1)
            {
                current[..states].Clear();
                continue;
            }
            ReadOnlySpan<double> next = logBackward.Slice((t + 1) * stride, states);
            ReadOnlySpan<double> logFrame = frames.LogFrame(t + 1);
            for (int i = 0; i < states; i++)
            {
                ReadOnlySpan<double> row = chain.LogTransitions.AsSpan(i * stride, states);
                for (int j = 0; j < states; j++)
                    terms[j] = row[j] + logFrame[j] + next[j];
                current[i] = LogSumExp.Of(terms);
            }
        }
    }

    /// <summary>The posterior γ_t(i) = α_t(i) β_t(i) / P, and the expected transitions Σ_t ξ_t(i, j) (Rabiner 1989, eq. 27 and 37).</summary>
    /// <param name="chain">π and A.</param>
    /// <param name="frames">The sequence.</param>
    /// <param name="logForward">log α from <see cref="Forward"/>; replaced by γ.</param>
    /// <param name="logBackward">log β from <see cref="Backward"/>.</param>
    /// <param name="logLikelihood">log P, finite.</param>
    /// <param name="transitions">Σ ξ, K × stride, to which this adds.</param>
    /// <param name="weight">The weight of the sequence in Σ ξ.</param>
    public static void Smooth(
        HiddenChain chain, FrameLikelihoods frames, Span<double> logForward, ReadOnlySpan<double> logBackward, double logLikelihood, Span<double> transitions, double weight)
    {
        int states = chain.NumberOfStates;
        int stride = chain.Stride;
        for (int t = 0; t < frames.Length; t++)
        {
            Span<double> forward = logForward.Slice(t * stride, stride);
            if (t + 1 < frames.Length)
            {
                ReadOnlySpan<double> next = logBackward.Slice((t + 1) * stride, states);
                ReadOnlySpan<double> logFrame = frames.LogFrame(t + 1);
                for (int i = 0; i < states; i++)
                {
                    for (int j = 0; j < states; j++)
                        transitions[i * stride + j] += weight * Math.Exp(forward[i] + chain.LogTransitions[i * stride + j] + logFrame[j] + next[j] - logLikelihood);
                }
            }

            ReadOnlySpan<double> backward = logBackward.Slice(t * stride, states);
            double sum = 0;
            for (int i = 0; i < states; i++)
                sum += forward[i] = Math.Exp(forward[i] + backward[i] - logLikelihood);
            for (int i = 0; i < states; i++)
                forward[i] /= sum;
            forward[states..].Clear();
        }
    }
}
