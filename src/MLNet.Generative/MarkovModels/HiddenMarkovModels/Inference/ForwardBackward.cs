namespace MLNet.Generative;

/// <summary>
/// Inference for one sequence after the other: the scaled recursions where they are exact, those on logarithms where they are not. Sees π, A and the log-likelihoods of the
/// frames, and knows nothing of emissions. Holds its scratch: one per thread.
/// </summary>
internal sealed class ForwardBackward
{
    private readonly Backward _backward;
    private double[] _states = [];

    /// <summary>Makes room for chains with as many states as this one, which is the first to be used.</summary>
    public ForwardBackward(HiddenChain chain)
    {
        Chain = chain;
        Frames = new FrameLikelihoods(chain.NumberOfStates);
        _backward = new Backward(chain.NumberOfStates);
    }

    /// <summary>π and A. Another chain with as many states may take its place.</summary>
    public HiddenChain Chain { get; set; }

    /// <summary>The frames: the caller resizes them and writes their log-likelihoods.</summary>
    public FrameLikelihoods Frames { get; }

    /// <summary>What <see cref="Filter"/> or <see cref="Smooth"/> left: T × stride. Where the frames hold several sequences, this does too.</summary>
    public Span<double> States
    {
        get
        {
            if (_states.Length < Frames.Room)
                _states = new double[Frames.Room];
            return _states.AsSpan(Frames.Rows);
        }
    }

    /// <summary>P(state at t | x_1..x_t) of every step, into <see cref="States"/>; uniform if the sequence is impossible.</summary>
    /// <returns>log P(x_1..x_T): −∞ if the sequence is impossible, 0 if it is empty.</returns>
    public double Filter()
    {
        if (RunForward(out double logLikelihood))
            Forward.Normalize(States, Chain.Stride);
        else if (!double.IsNegativeInfinity(logLikelihood))
            Exponentiate(States);
        return logLikelihood;
    }

    /// <summary>P(state at t | x_1..x_T) of every step, into <see cref="States"/>; uniform if the sequence is impossible.</summary>
    /// <param name="transitions">Σ_t ξ_t, the expected numbers of transitions, K × stride, to which this adds; empty if they are not wanted.</param>
    /// <param name="weight">The weight of the sequence in Σ ξ.</param>
    /// <returns>log P(x_1..x_T): −∞ if the sequence is impossible, 0 if it is empty.</returns>
    public double Smooth(Span<double> transitions, double weight)
    {
        Frames.Shift();
        return TrySmooth(transitions, weight, out double logLikelihood) ? logLikelihood : SmoothLogarithms(transitions, weight);
    }

    /// <summary><see cref="Smooth"/> without the logarithms of the frames, of which only <see cref="FrameLikelihoods.Scaled"/> is known.</summary>
    /// <returns>Whether that is possible; if not, <see cref="SmoothLogarithms"/> must do it, and nothing was added.</returns>
    public bool TrySmooth(Span<double> transitions, double weight, out double logLikelihood)
    {
        bool isExact = Forward.Run(Chain, Frames, States, out logLikelihood);
        if (isExact)
            _backward.Run(Chain, Frames, States, transitions, weight);
        return isExact;
    }

    /// <summary><see cref="Smooth"/> by recursions on logarithms.</summary>
    public double SmoothLogarithms(Span<double> transitions, double weight)
    {
        double logLikelihood = RunLogarithms();
        if (!double.IsNegativeInfinity(logLikelihood))
            LogDomain.Smooth(Chain, Frames, States, transitions, weight);
        return logLikelihood;
    }

    /// <summary>Draws a path from P(path | x_1..x_T); all −1 if the sequence is impossible.</summary>
    public void DrawPath(Random random, Span<int> path)
    {
        bool isScaled = RunForward(out double logLikelihood);
        if (double.IsNegativeInfinity(logLikelihood))
            path.Fill(-1);
        else
            PathSampler.Run(Chain, States, isLogarithm: !isScaled, random, path);
    }

    /// <summary>True: α is in the states. False: log α̂ is; or, if the sequence is impossible, the uniform distribution.</summary>
    private bool RunForward(out double logLikelihood)
    {
        Frames.Shift();
        if (Forward.Run(Chain, Frames, States, out logLikelihood))
            return true;
        logLikelihood = RunLogarithms();
        return false;
    }

    private double RunLogarithms()
    {
        Span<double> states = States;
        // Logarithms are slow; that a frame is impossible is known without them.
        bool isPossible = !Frames.Shifts.Contains(double.NegativeInfinity);
        double logLikelihood = isPossible ? LogDomain.Forward(Chain, Frames, states, []) : double.NegativeInfinity;
        if (double.IsNegativeInfinity(logLikelihood))
        {
            states.Clear();
            for (int t = 0; t < Frames.Length; t++)
                states.Slice(t * Chain.Stride, Chain.NumberOfStates).Fill(1.0 / Chain.NumberOfStates);
        }
        return logLikelihood;
    }

    private static void Exponentiate(Span<double> logarithms)
    {
        foreach (ref double logarithm in logarithms)
            logarithm = Math.Exp(logarithm);
    }
}
