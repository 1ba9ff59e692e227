using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace MLNet.Generative;

/// <summary>D counts in each state that share out n trials: p(x | k) = n! Π_j p_kj^x_j / x_j!. A frame with a missing count is missing as a whole.</summary>
public sealed class MultinomialEmission : HmmEmission
{
    private readonly double[] _probabilities;
    private readonly double[] _logarithms;

    /// <summary>Makes emissions from their parameters.</summary>
    /// <param name="probabilities">K × D: a row holds the probabilities of the categories in a state, not negative, with sum 1.</param>
    /// <param name="trials">n, which the counts of a frame add up to: at least 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="probabilities"/> is null.</exception>
    /// <exception cref="ArgumentException">A number is negative or not finite, a row does not sum to 1, or <paramref name="trials"/> is less than 1.</exception>
    public MultinomialEmission(double[,] probabilities, int trials)
        : this(ProbabilityChecks.Rows(probabilities, nameof(probabilities)), probabilities.GetLength(0), trials, hasVaryingTrials: false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
    }

    internal MultinomialEmission(double[] probabilities, int numberOfStates, int trials, bool hasVaryingTrials)
        : base(numberOfStates, probabilities.Length / numberOfStates)
    {
        _probabilities = probabilities;
        _logarithms = Array.ConvertAll(probabilities, Math.Log);
        Trials = trials;
        HasVaryingTrials = hasVaryingTrials;
    }

    /// <inheritdoc/>
    public override EmissionType Type => EmissionType.Multinomial;

    /// <summary>n, the number of trials of a frame that is drawn.</summary>
    public int Trials { get; }

    /// <summary>
    /// Whether frames may have any number of trials, as those that the model was learned from: log-likelihoods are then given that number, and <see cref="Trials"/> is its mean in
    /// training. If not, only frames with <see cref="Trials"/> trials are valid.
    /// </summary>
    public bool HasVaryingTrials { get; }

    /// <summary>The probability of each category in each state, K × D. A copy: changing it does not change the model.</summary>
    public Matrix<double> Probabilities => DenseMatrix.Create(NumberOfStates, Dimension, (k, j) => _probabilities[k * Dimension + j]);

    /// <inheritdoc/>
    public override int NumberOfParameters => NumberOfStates * (Dimension - 1);

    internal ReadOnlySpan<double> Values => _probabilities;

    internal override string? FindProblem(ReadOnlySpan<double> frame)
    {
        if (FindProblemIn(frame) is { } problem)
            return problem;
        double total = 0;
        foreach (double count in frame)
            total += count;
        return HasVaryingTrials || double.IsNaN(total) || total == Trials
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"The counts add up to {total}, but there are {Trials} trials");
    }

    /// <summary>Says which value of a frame is no count; <see langword="null"/> if all are.</summary>
    internal static string? FindProblemIn(ReadOnlySpan<double> frame)
    {
        for (int j = 0; j < frame.Length; j++)
        {
            if (PoissonDistribution.FindProblem(frame[j], j, "multinomial") is { } problem)
                return problem;
        }
        return null;
    }

    internal override void ComputeLogLikelihoods(ReadOnlySpan<double> frame, Span<double> logLikelihoods)
    {
        double total = 0, logFactorials = 0;
        foreach (double count in frame)
        {
            total += count;
            logFactorials += double.IsNaN(count) ? 0 : PoissonDistribution.LogFactorial(count);
        }
        if (double.IsNaN(total))
        {
            logLikelihoods.Clear();
            return;
        }
        double coefficient = PoissonDistribution.LogFactorial(total) - logFactorials;
        for (int k = 0; k < logLikelihoods.Length; k++)
        {
            double sum = coefficient;
            for (int j = 0; j < frame.Length; j++)
                sum += frame[j] == 0 ? 0 : frame[j] * _logarithms[k * frame.Length + j];
            logLikelihoods[k] = sum;
        }
    }

    private protected override void Draw(int state, Random random, Span<double> frame)
    {
        frame.Clear();
        for (int trial = 0; trial < Trials; trial++)
            frame[SymbolDistribution.Sample(_probabilities.AsSpan(state * Dimension, Dimension), random)]++;
    }

    // *** Binary format ***
    // int: trials
    // bool: whether they vary
    // double[K·D]: probabilities
    internal override void Write(BinaryWriter writer)
    {
        writer.Write(Trials);
        writer.Write(HasVaryingTrials);
        foreach (double probability in _probabilities)
            writer.Write(probability);
    }

    internal static MultinomialEmission Read(BlockReader reader, int numberOfStates, int dimension)
    {
        int trials = reader.ReadInt32();
        reader.Check(trials >= 0, $"the number of trials is {trials}");
        bool hasVaryingTrials = reader.ReadBoolean();
        return new MultinomialEmission(ProbabilityFormat.ReadRows(reader, numberOfStates, dimension, "the category probabilities"), numberOfStates, trials, hasVaryingTrials);
    }
}
