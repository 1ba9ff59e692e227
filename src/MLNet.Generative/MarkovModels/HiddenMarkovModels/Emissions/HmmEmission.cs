namespace MLNet.Generative;

/// <summary>
/// B of a hidden Markov model λ = (π, A, B): in each of K states a distribution of the D values of a step, called a frame. One derived class for each
/// <see cref="EmissionType"/> holds the parameters.
/// </summary>
/// <remarks>
/// Immutable and safe for use by several threads at once. A missing value of a frame is <see cref="double.NaN"/> and is integrated out: a frame without any value has
/// log-likelihood 0 in every state.
/// </remarks>
public abstract class HmmEmission
{
    private protected HmmEmission(int numberOfStates, int dimension)
    {
        NumberOfStates = numberOfStates;
        Dimension = dimension;
    }

    /// <summary>The family.</summary>
    public abstract EmissionType Type { get; }

    /// <summary>K, the number of states.</summary>
    public int NumberOfStates { get; }

    /// <summary>D, the number of values in a frame.</summary>
    public int Dimension { get; }

    /// <summary>The number of free parameters of all states together.</summary>
    public abstract int NumberOfParameters { get; }

    /// <summary>log p(x | state) of a frame in every state, in nats, with all normalising constants; −∞ where it is impossible.</summary>
    /// <param name="frame">D values; NaN where one is missing.</param>
    /// <param name="logLikelihoods">Receives K numbers.</param>
    /// <exception cref="ArgumentException">A span has another length, or a value is none that the family can emit.</exception>
    public void LogLikelihoods(ReadOnlySpan<double> frame, Span<double> logLikelihoods)
    {
        CheckFrame(frame.Length, nameof(frame));
        if (logLikelihoods.Length != NumberOfStates)
            throw new ArgumentException($"There is room for {logLikelihoods.Length} log-likelihoods; the model has {NumberOfStates} states.", nameof(logLikelihoods));
        if (FindProblem(frame) is { } problem)
            throw new ArgumentException($"{problem}.", nameof(frame));
        ComputeLogLikelihoods(frame, logLikelihoods);
    }

    /// <summary>Draws a frame.</summary>
    /// <param name="state">The state, from 0.</param>
    /// <param name="random">The source of randomness; the same state of it gives the same frame.</param>
    /// <param name="frame">Receives D values.</param>
    /// <exception cref="ArgumentNullException"><paramref name="random"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such state.</exception>
    /// <exception cref="ArgumentException">The frame does not have D values.</exception>
    public void Sample(int state, Random random, Span<double> frame)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfNegative(state);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(state, NumberOfStates);
        CheckFrame(frame.Length, nameof(frame));
        Draw(state, random, frame);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Type} emissions of {Dimension} {(Dimension == 1 ? "value" : "values")} in {NumberOfStates} {(NumberOfStates == 1 ? "state" : "states")}";

    /// <summary>
    /// Says what is wrong with a frame of D values, without a full stop, for example "Feature 0 is 2.5, but a Poisson count is a whole number that is not negative";
    /// <see langword="null"/> if the family can emit it. Missing values are fine.
    /// </summary>
    /// <param name="frame">The frame.</param>
    /// <param name="firstFeature">The number of its first feature in the message, for a part of a larger frame.</param>
    internal abstract string? FindProblem(ReadOnlySpan<double> frame, int firstFeature = 0);

    /// <summary><see cref="LogLikelihoods"/> of a frame that is known to be valid.</summary>
    internal abstract void ComputeLogLikelihoods(ReadOnlySpan<double> frame, Span<double> logLikelihoods);

    /// <summary>log p(x | state) of a tile of valid frames without missing values, states × <see cref="RowTile.Rows"/>; what lies beyond <paramref name="count"/> does not matter.</summary>
    internal virtual void ComputeLogLikelihoods(RowTile tile, int count, Span<double> logLikelihoods)
    {
        Span<double> frame = Dimension <= 256 ? stackalloc double[Dimension] : new double[Dimension];
        Span<double> states = NumberOfStates <= 256 ? stackalloc double[NumberOfStates] : new double[NumberOfStates];
        for (int n = 0; n < count; n++)
        {
            for (int j = 0; j < frame.Length; j++)
                frame[j] = tile.Values[j * RowTile.Rows + n];
            ComputeLogLikelihoods(frame, states);
            for (int k = 0; k < states.Length; k++)
                logLikelihoods[k * RowTile.Rows + n] = states[k];
        }
    }

    /// <summary><see cref="Sample"/> once its arguments are known to be right.</summary>
    private protected abstract void Draw(int state, Random random, Span<double> frame);

    /// <summary>Writes the parameters; the format is repeated where the family's static Read method reads them.</summary>
    internal abstract void Write(BinaryWriter writer);

    private void CheckFrame(int length, string name)
    {
        if (length != Dimension)
            throw new ArgumentException($"The frame has {length} values; the model emits {Dimension}.", name);
    }
}
