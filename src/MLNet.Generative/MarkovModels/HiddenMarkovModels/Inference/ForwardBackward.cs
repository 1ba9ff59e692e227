namespace MLNet.Generative;

/// <summary>
/// Inference for one sequence after the other: the scaled recursions where they are exact, those on logarithms where they are not. Sees π, A and the log-likelihoods of the
/// frames, and knows nothing of emissions. Holds its scratch: one per thread.
/// </summary>
internal sealed class ForwardBackward(HiddenChain chain)
{
    private readonly Backward _backward = new(chain);
    private double[] _states = [];
    private double[] _logBackward = [];

    /// <summary>The frames: the caller resizes them and writes their log-likelihoods.</summary>
    public FrameLikelihoods Frames { get; } = new(chain.NumberOfStates);

    /// <summary>What <see cref="Filter"/> or <see cref="Smooth"/> left: T × stride.</summary>
    public ReadOnlySpan<double> States => _states.AsSpan(0, Frames.Length * chain.Stride);

    /// <summary>P(state at t | x_1..x_t) of every step, into <see cref="States"/>; uniform if the sequence is impossible.</summary>
    /// <returns>log P(x_1..x_T): −∞ if the sequence is impossible, 0 if it is empty.</returns>
    public double Filter()
    {
        if (RunForward(out double logLikelihood) || double.IsNegativeInfinity(logLikelihood))
            return logLikelihood;
        for (int t = 0; t < Frames.Length; t++)
        {
            Span<double> state = _states.AsSpan(t * chain.Stride, chain.NumberOfStates);
            double total = LogSumExp.Of(state);
            for (int k = 0; k < state.Length; k++)
                state[k] = Math.Exp(state[k] - total);
            _states.AsSpan(t * chain.Stride + chain.NumberOfStates, chain.Stride - chain.NumberOfStates).Clear();
        }
        return logLikelihood;
    }

    /// <summary>P(state at t | x_1..x_T) of every step, into <see cref="States"/>; uniform if the sequence is impossible.</summary>
    /// <param name="transitions">Σ_t ξ_t, the expected numbers of transitions, K × stride, to which this adds; empty if they are not wanted.</param>
    /// <param name="weight">The weight of the sequence in Σ ξ.</param>
    /// <returns>log P(x_1..x_T): −∞ if the sequence is impossible, 0 if it is empty.</returns>
    public double Smooth(Span<double> transitions, double weight)
    {
        if (RunForward(out double logLikelihood))
        {
            _backward.Run(Frames, _states, transitions, weight);
        }
        else if (!double.IsNegativeInfinity(logLikelihood))
        {
            if (_logBackward.Length < _states.Length)
                _logBackward = new double[_states.Length];
            LogDomain.Backward(chain, Frames, _logBackward);
            Span<double> sums = transitions.IsEmpty ? new double[chain.NumberOfStates * chain.Stride] : transitions;
            LogDomain.Smooth(chain, Frames, _states, _logBackward, logLikelihood, sums, weight);
        }
        return logLikelihood;
    }

    /// <summary>True: α̂ is in the states. False: log α is; or, if the sequence is impossible, the uniform distribution.</summary>
    private bool RunForward(out double logLikelihood)
    {
        int length = Frames.Length * chain.Stride;
        if (_states.Length < length)
            _states = new double[Frames.Logarithms.Length];
        Span<double> states = _states.AsSpan(0, length);

        logLikelihood = double.NegativeInfinity;
        if (Frames.Shift())
        {
            if (Forward.Run(chain, Frames, states, out logLikelihood))
                return true;
            logLikelihood = LogDomain.Forward(chain, Frames, states);
        }
        if (double.IsNegativeInfinity(logLikelihood))
        {
            states.Clear();
            for (int t = 0; t < Frames.Length; t++)
                states.Slice(t * chain.Stride, chain.NumberOfStates).Fill(1.0 / chain.NumberOfStates);
        }
        return false;
    }
}
