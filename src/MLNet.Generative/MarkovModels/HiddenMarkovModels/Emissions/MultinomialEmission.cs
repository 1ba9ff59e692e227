using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative;

/// <summary>
/// D counts that share out a number n of trials, with probabilities p_kj: p(x | k, n) = n! / Π x_j! · Π p_kj^x_j (Bishop 2006, eq. 2.34), given the frame's own total n. A
/// frame is D whole numbers that are not negative; one with a missing value counts as missing as a whole.
/// </summary>
public sealed class MultinomialEmission : HmmEmission
{
    private readonly double[] _probabilities;
    private readonly double[] _logProbabilities;

    /// <summary>Makes emissions from their probabilities. The counts of every frame must sum to <paramref name="trials"/>.</summary>
    /// <param name="probabilities">p: a row for each state, a column for each feature; not negative, each row with sum 1. 0 makes a positive count impossible in a state.</param>
    /// <param name="trials">n, the number of trials: from 1 to 2⁵³.</param>
    /// <exception cref="ArgumentNullException"><paramref name="probabilities"/> is null.</exception>
    /// <exception cref="ArgumentException">A number is negative or not finite, or a row does not sum to 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The number of trials is out of range.</exception>
    public MultinomialEmission(double[,] probabilities, long trials)
        : this(ProbabilityChecks.Rows(probabilities, nameof(probabilities)), probabilities.GetLength(0), CheckTrials(trials), hasVaryingTrials: false)
    {
    }

    internal MultinomialEmission(double[] probabilities, int numberOfStates, long trials, bool hasVaryingTrials)
        : base(numberOfStates, probabilities.Length / numberOfStates)
    {
        _probabilities = probabilities;
        _logProbabilities = Array.ConvertAll(probabilities, Math.Log);
        Trials = trials;
        HasVaryingTrials = hasVaryingTrials;
    }

    /// <inheritdoc/>
    public override EmissionType Type => EmissionType.Multinomial;

    /// <summary>n, the number of trials in the frames that <see cref="HmmEmission.Sample"/> draws.</summary>
    public long Trials { get; }

    /// <summary>
    /// Whether frames may have any total. If not, a frame whose counts do not sum to <see cref="Trials"/> is invalid. True for what was learned from frames of several
    /// totals, whose mean <see cref="Trials"/> then is, rounded.
    /// </summary>
    public bool HasVaryingTrials { get; }

    /// <summary>p, the probability that a trial counts for each feature, in each state: K × D. A copy: changing it does not change the model.</summary>
    public Matrix<double> Probabilities => Matrix<double>.Build.DenseOfRowMajor(NumberOfStates, Dimension, _probabilities);

    /// <inheritdoc/>
    public override int NumberOfParameters => NumberOfStates * (Dimension - 1);

    internal double[] ProbabilityRows => _probabilities;

    internal static MultinomialEmission Create(int numberOfStates, double[,] b, long trials)
    {
        double[] rows = ProbabilityChecks.Rows(b, nameof(b));
        EmissionParameters.CheckNumberOfStates(b.GetLength(0), numberOfStates, "rows", nameof(b));
        return new MultinomialEmission(rows, numberOfStates, CheckTrials(trials), hasVaryingTrials: false);
    }

    internal override string? FindProblem(ReadOnlySpan<double> frame, int firstFeature = 0)
    {
        if (FindProblemOfAnyTotal(frame, firstFeature) is { } problem)
            return problem;
        double total = Total(frame);
        return HasVaryingTrials || double.IsNaN(total) || total == Trials
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"Features {firstFeature} to {firstFeature + Dimension - 1} sum to {total}, but the multinomial has {Trials} trials");
    }

    /// <summary>Says what is wrong with a frame but for the number of trials.</summary>
    internal static string? FindProblemOfAnyTotal(ReadOnlySpan<double> frame, int firstFeature)
    {
        if (Poisson.FindProblem(frame, firstFeature, "a multinomial count") is { } problem)
            return problem;
        double total = Total(frame);
        return total > Poisson.Largest
            ? string.Create(CultureInfo.InvariantCulture, $"Features {firstFeature} to {firstFeature + frame.Length - 1} sum to {total}, but multinomial counts sum to at most 2^53")
            : null;
    }

    /// <summary>The sum of a frame's counts; NaN if one is missing.</summary>
    internal static double Total(ReadOnlySpan<double> frame)
    {
        double total = 0;
        foreach (double count in frame)
            total += count;
        return total;
    }

    internal override void ComputeLogLikelihoods(ReadOnlySpan<double> frame, Span<double> logLikelihoods)
    {
        double total = Total(frame);
        if (double.IsNaN(total))
        {
            logLikelihoods.Clear();
            return;
        }
        double coefficient = Multinomial.LogCoefficient(frame, total);
        for (int k = 0; k < logLikelihoods.Length; k++)
        {
            int first = k * Dimension;
            logLikelihoods[k] = Multinomial.LogProbability(frame, total, coefficient, _probabilities.AsSpan(first, Dimension), _logProbabilities.AsSpan(first, Dimension));
        }
    }

    private protected override void Draw(int state, Random random, Span<double> frame) =>
        Multinomial.Sample(_probabilities.AsSpan(state * Dimension, Dimension), Trials, random, frame);

    // *** Binary format ***
    // long: trials
    // bool: whether they vary
    // double[K·D]: probabilities, state by state
    internal override void Write(BinaryWriter writer)
    {
        writer.Write(Trials);
        writer.Write(HasVaryingTrials);
        foreach (double probability in _probabilities)
            writer.Write(probability);
    }

    internal static MultinomialEmission Read(BlockReader reader, int numberOfStates, int dimension)
    {
        long trials = reader.ReadInt64();
        // 0 if all frames were empty.
        reader.Check(trials >= 0 && trials <= Poisson.Largest, $"the number of trials is {trials}");
        bool hasVaryingTrials = reader.ReadBoolean();
        return new MultinomialEmission(EmissionParameters.ReadProbabilityRows(reader, numberOfStates, dimension), numberOfStates, trials, hasVaryingTrials);
    }

    private static long CheckTrials(long trials)
    {
        if (trials < 1 || trials > Poisson.Largest)
            throw new ArgumentOutOfRangeException(nameof(trials), trials, $"trials is {trials}; it must lie between 1 and 2^53.");
        return trials;
    }
}
