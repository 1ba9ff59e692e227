namespace MLNet.Generative;

/// <summary>π and A of a hidden Markov model, as the recursions want them: padded, transposed, and their logarithms. Immutable.</summary>
internal sealed class HiddenChain
{
    // Above this, a state that a recursion has lost to underflow comes back from any other state with far more than it had.
    private const double NegligibleTransition = 1e-100;

    // Above this, a probability that a recursion keeps is not lost in the product with a transition.
    private const double TransitionThatKeeps = Forward.SmallestPrediction / Forward.Smallest;

    private readonly AlignedMatrix _transitions;
    private readonly AlignedMatrix _transposed;
    private readonly AlignedMatrix _logTransitions;

    public HiddenChain(double[] initial, double[] transitions)
    {
        int states = initial.Length;
        NumberOfStates = states;
        Stride = RowProducts.Stride(states);
        Initial = new double[Stride];
        initial.CopyTo(Initial, 0);
        LogInitial = new double[Stride];
        LogInitial.AsSpan().Fill(double.NegativeInfinity);

        int rows = Math.Max(states, Lanes.Count);
        _transitions = new AlignedMatrix(rows * Stride);
        _transposed = new AlignedMatrix(rows * Stride);
        _logTransitions = new AlignedMatrix(rows * Stride);
        LogTransposed = new double[rows * Stride];
        Span<double> a = _transitions.Values, transposed = _transposed.Values, logA = _logTransitions.Values;
        logA.Fill(double.NegativeInfinity);
        LogTransposed.AsSpan().Fill(double.NegativeInfinity);
        ForgetsUnderflow = true;
        for (int i = 0; i < states; i++)
        {
            LogInitial[i] = Math.Log(initial[i]);
            for (int j = 0; j < states; j++)
            {
                double probability = transitions[i * states + j];
                a[i * Stride + j] = transposed[j * Stride + i] = probability;
                logA[i * Stride + j] = LogTransposed[j * Stride + i] = Math.Log(probability);
                ForgetsUnderflow &= probability > NegligibleTransition;
                MayLoseProducts |= probability > 0 && probability < TransitionThatKeeps;
            }
        }
        MayLoseProducts &= !ForgetsUnderflow;
    }

    /// <summary>K.</summary>
    public int NumberOfStates { get; }

    /// <summary>The places of a row of K numbers; those beyond K hold 0, or −∞ where logarithms are.</summary>
    public int Stride { get; }

    /// <summary>π.</summary>
    public double[] Initial { get; }

    /// <summary>A, K × stride; row = from. Like the other matrices it has at least eight rows, those beyond K as the places beyond K.</summary>
    public ReadOnlySpan<double> Transitions => _transitions.Values;

    /// <summary>Aᵀ, K × stride.</summary>
    public ReadOnlySpan<double> Transposed => _transposed.Values;

    /// <summary>log π.</summary>
    public double[] LogInitial { get; }

    /// <summary>log A, K × stride.</summary>
    public ReadOnlySpan<double> LogTransitions => _logTransitions.Values;

    /// <summary>log Aᵀ, K × stride.</summary>
    public double[] LogTransposed { get; }

    /// <summary>Whether every state is reached from every other with a probability next to which 1e-280 is nothing, so that scaled recursions may lose a state for a step.</summary>
    public bool ForgetsUnderflow { get; }

    /// <summary>Whether a transition is possible but so improbable that its product with a probability may vanish.</summary>
    public bool MayLoseProducts { get; }

    /// <summary>π_i.</summary>
    public double InitialAt(int state) => Initial[state];

    /// <summary>a_ij.</summary>
    public double TransitionAt(int from, int to) => Transitions[from * Stride + to];
}
