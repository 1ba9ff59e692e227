using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace MLNet.Generative;

/// <summary>
/// A hidden Markov model λ = (π, A, B) (Rabiner 1989): a chain of K hidden states, each of which emits what is seen of a step. Answers the three classic questions exactly: how
/// probable a sequence is, which states explain it, and, through <see cref="HmmLearner"/>, which model does.
/// </summary>
/// <remarks>
/// Immutable and safe for use by several threads at once; needs no <c>MLContext</c>. A sequence is a span of T × D numbers, step after step. A missing value is
/// <see cref="double.NaN"/> and is integrated out. States count from 0. Recursions are scaled where that is exact and run on logarithms where it is not, so that nothing
/// underflows. A sequence that the model cannot emit has log-likelihood −∞.
/// </remarks>
public sealed partial class HmmModel
{
    private readonly double[] _initial;

    /// <summary>Makes a model from its parts: the emissions of a fitted model with another A, for example, or those that have no factory of their own, such as several counts.</summary>
    /// <param name="pi">π, the probability of each state at the first step: K numbers, not negative, with sum 1.</param>
    /// <param name="a">A, K × K: a row holds the probabilities of each state after the row's state, not negative, with sum 1.</param>
    /// <param name="emissions">B, what each of the K states emits.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The sizes do not agree, or probabilities are none.</exception>
    public HmmModel(double[] pi, double[,] a, HmmEmission emissions)
        : this(ProbabilityChecks.Distribution(pi, nameof(pi)), CheckTransitions(a, pi.Length), CheckEmissions(emissions, pi.Length))
    {
    }

    internal HmmModel(double[] initial, double[] transitions, HmmEmission emissions)
    {
        _initial = initial;
        InitialProbabilities = Array.AsReadOnly(initial);
        Transitions = transitions;
        Emissions = emissions;
        Chain = new HiddenChain(initial, transitions);
    }

    /// <summary>π, the probability of each state at the first step: K numbers with sum 1.</summary>
    public IReadOnlyList<double> InitialProbabilities { get; }

    /// <summary>A, the probability of each state given the one before: K × K, where a row is the state before and sums to 1. A copy: changing it does not change the model.</summary>
    public Matrix<double> TransitionMatrix => DenseMatrix.Create(NumberOfStates, NumberOfStates, (i, j) => Transitions[i * NumberOfStates + j]);

    /// <summary>B, what each state emits: a <see cref="GaussianEmission"/>, <see cref="CategoricalEmission"/> or another class of the family in <see cref="HmmEmission.Type"/>.</summary>
    public HmmEmission Emissions { get; }

    /// <summary>K.</summary>
    public int NumberOfStates => _initial.Length;

    /// <summary>D, the number of values per step.</summary>
    public int Dimension => Emissions.Dimension;

    /// <summary>The number of free parameters: K − 1 of π, K (K − 1) of A, and those of B. Zeros, as those of a left-right model, count as well.</summary>
    public int NumberOfParameters => NumberOfStates - 1 + NumberOfStates * (NumberOfStates - 1) + Emissions.NumberOfParameters;

    /// <summary>A, row-major K × K.</summary>
    internal double[] Transitions { get; }

    /// <summary>π and A as the recursions want them.</summary>
    internal HiddenChain Chain { get; }

    /// <summary>log P(x_1..x_T), in nats, by the forward recursion.</summary>
    /// <param name="sequence">T × D numbers; NaN where one is missing.</param>
    /// <returns>−∞ for a sequence that the model cannot emit, 0 for an empty one; never NaN.</returns>
    /// <exception cref="ArgumentException">The length is not a multiple of D, or a value is none that the model can emit.</exception>
    public double LogLikelihood(ReadOnlySpan<double> sequence) => Observe(sequence).Filter();

    /// <summary>The most probable path of states (Viterbi 1967).</summary>
    /// <param name="sequence">T × D numbers; NaN where one is missing.</param>
    /// <param name="logProbability">Receives log P(path, x_1..x_T); −∞ if no path can emit the sequence.</param>
    /// <returns>T states, from 0; of equally probable ones the lower. All are −1 if no path can emit the sequence.</returns>
    /// <exception cref="ArgumentException">The length is not a multiple of D, or a value is none that the model can emit.</exception>
    public int[] Viterbi(ReadOnlySpan<double> sequence, out double logProbability)
    {
        FrameLikelihoods frames = Observe(sequence).Frames;
        var path = new int[frames.Length];
        logProbability = new Viterbi().Run(Chain, frames, path);
        return path;
    }

    /// <summary>The posterior γ_t(k) = P(state k at t | x_1..x_T), by forward-backward (Rabiner 1989, eq. 27).</summary>
    /// <param name="sequence">T × D numbers; NaN where one is missing.</param>
    /// <returns>T × K probabilities; every row sums to 1, and is uniform if the model cannot emit the sequence.</returns>
    /// <exception cref="ArgumentException">The sequence is empty, its length is not a multiple of D, or a value is none that the model can emit.</exception>
    public Matrix<double> Posterior(ReadOnlySpan<double> sequence)
    {
        ForwardBackward inference = Observe(sequence, mayBeEmpty: false);
        inference.Smooth([], 1);
        return ToMatrix(inference.States);
    }

    /// <summary>P(state k at t | x_1..x_t): what is known of each step's state at that step.</summary>
    /// <param name="sequence">T × D numbers; NaN where one is missing.</param>
    /// <returns>T × K probabilities; every row sums to 1, and is uniform if the model cannot emit the sequence.</returns>
    /// <exception cref="ArgumentException">The sequence is empty, its length is not a multiple of D, or a value is none that the model can emit.</exception>
    public Matrix<double> Filter(ReadOnlySpan<double> sequence)
    {
        ForwardBackward inference = Observe(sequence, mayBeEmpty: false);
        inference.Filter();
        return ToMatrix(inference.States);
    }

    /// <summary>log α_t(k) = log P(x_1..x_t, state k at t) (Rabiner 1989, eq. 18).</summary>
    /// <param name="sequence">T × D numbers; NaN where one is missing.</param>
    /// <returns>T × K numbers; −∞ where it is impossible.</returns>
    /// <exception cref="ArgumentException">The sequence is empty, its length is not a multiple of D, or a value is none that the model can emit.</exception>
    public Matrix<double> LogForward(ReadOnlySpan<double> sequence)
    {
        FrameLikelihoods frames = Observe(sequence, mayBeEmpty: false).Frames;
        var logForward = new double[frames.Length * Chain.Stride];
        var logTotals = new double[frames.Length];
        LogDomain.Forward(Chain, frames, logForward, logTotals);
        for (int place = 0; place < logForward.Length; place++)
            logForward[place] += logTotals[place / Chain.Stride];
        return ToMatrix(logForward);
    }

    /// <summary>log β_t(k) = log P(x_{t+1}..x_T | state k at t) (Rabiner 1989, eq. 23); 0 at the last step.</summary>
    /// <param name="sequence">T × D numbers; NaN where one is missing.</param>
    /// <returns>T × K numbers; −∞ where it is impossible.</returns>
    /// <exception cref="ArgumentException">The sequence is empty, its length is not a multiple of D, or a value is none that the model can emit.</exception>
    public Matrix<double> LogBackward(ReadOnlySpan<double> sequence)
    {
        FrameLikelihoods frames = Observe(sequence, mayBeEmpty: false).Frames;
        var logBackward = new double[frames.Length * Chain.Stride];
        LogDomain.Backward(Chain, frames, logBackward);
        return ToMatrix(logBackward);
    }

    /// <summary>The expected number of transitions from each state to each, Σ_t ξ_t(i, j) (Rabiner 1989, eq. 37).</summary>
    /// <param name="sequence">T × D numbers; NaN where one is missing.</param>
    /// <returns>K × K numbers with sum T − 1; 0 everywhere for fewer than two steps, or if the model cannot emit the sequence.</returns>
    /// <exception cref="ArgumentException">The length is not a multiple of D, or a value is none that the model can emit.</exception>
    public Matrix<double> ExpectedTransitions(ReadOnlySpan<double> sequence)
    {
        var transitions = new double[NumberOfStates * Chain.Stride];
        Observe(sequence).Smooth(transitions, 1);
        return ToMatrix(transitions);
    }

    /// <summary>Draws a path of states from its posterior distribution P(path | x_1..x_T), by forward filtering and backward sampling (Scott 2002).</summary>
    /// <param name="sequence">T × D numbers; NaN where one is missing.</param>
    /// <param name="random">The source of randomness; the same state of it gives the same path.</param>
    /// <returns>T states, from 0. All are −1 if the model cannot emit the sequence.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="random"/> is null.</exception>
    /// <exception cref="ArgumentException">The length is not a multiple of D, or a value is none that the model can emit.</exception>
    public int[] SamplePath(ReadOnlySpan<double> sequence, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        ForwardBackward inference = Observe(sequence);
        var path = new int[inference.Frames.Length];
        inference.DrawPath(random, path);
        return path;
    }

    /// <summary>Draws a sequence: states from π and A, and what each emits.</summary>
    /// <param name="length">T: not negative.</param>
    /// <param name="random">The source of randomness; the same state of it gives the same sequence.</param>
    /// <returns>The sequence, T × D numbers step after step, and its T states, from 0.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="random"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public (double[] Sequence, int[] States) Sample(int length, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        var sequence = new double[checked(length * Dimension)];
        var states = new int[length];
        for (int t = 0; t < length; t++)
        {
            ReadOnlySpan<double> distribution = t == 0 ? _initial : Transitions.AsSpan(states[t - 1] * NumberOfStates, NumberOfStates);
            states[t] = MLNet.Generative.Categorical.Sample(distribution, random);
            Emissions.Sample(states[t], random, sequence.AsSpan(t * Dimension, Dimension));
        }
        return (sequence, states);
    }

    /// <summary>
    /// The share of time that the chain spends in each state in the long run: w with w A = w. Where that is not unique, because there are sets of states that the chain never
    /// leaves, it is the one that a start from π leads to.
    /// </summary>
    /// <returns>K numbers with sum 1.</returns>
    public double[] StationaryDistribution() => MLNet.Generative.StationaryDistribution.Of(_initial, TransitionMatrix);

    /// <summary>A filter, which follows a live sequence step by step.</summary>
    public HmmFilter CreateFilter() => new(this);

    /// <inheritdoc/>
    public override string ToString() => $"hidden Markov model of {NumberOfStates} {(NumberOfStates == 1 ? "state" : "states")} with {Emissions.Type} emissions of {Dimension} {(Dimension == 1 ? "value" : "values")}";

    private ForwardBackward Observe(ReadOnlySpan<double> sequence, bool mayBeEmpty = true)
    {
        if (sequence.Length % Dimension != 0)
            throw new ArgumentException($"The sequence has {sequence.Length} numbers, which is no multiple of the {Dimension} values of a step.", nameof(sequence));
        if (sequence.IsEmpty && !mayBeEmpty)
            throw new ArgumentException("The sequence is empty, so there is no step to speak of.", nameof(sequence));

        var inference = new ForwardBackward(Chain);
        inference.Frames.Resize(sequence.Length / Dimension);
        for (int t = 0; t < inference.Frames.Length; t++)
        {
            ReadOnlySpan<double> frame = sequence.Slice(t * Dimension, Dimension);
            if (Emissions.FindProblem(frame) is { } problem)
                throw new ArgumentException($"Step {t}: {problem}.", nameof(sequence));
            Emissions.ComputeLogLikelihoods(frame, inference.Frames.LogFrame(t));
        }
        return inference;
    }

    private DenseMatrix ToMatrix(ReadOnlySpan<double> padded)
    {
        int rows = padded.Length / Chain.Stride;
        var matrix = new DenseMatrix(rows, NumberOfStates);
        for (int t = 0; t < rows; t++)
        {
            for (int k = 0; k < NumberOfStates; k++)
                matrix[t, k] = padded[t * Chain.Stride + k];
        }
        return matrix;
    }
}
