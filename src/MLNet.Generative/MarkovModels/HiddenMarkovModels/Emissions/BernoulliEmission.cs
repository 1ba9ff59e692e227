using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative;

/// <summary>
/// Values 0 or 1, independent given the state: p(x | k) = Π_j p_kj^x_j (1 − p_kj)^(1−x_j) (Bishop 2006, eq. 9.44). A frame is D values.
/// </summary>
public sealed class BernoulliEmission : HmmEmission
{
    private readonly double[] _probabilities;
    private readonly double[] _logOnes;
    private readonly double[] _logZeros;

    /// <summary>Makes emissions from their probabilities.</summary>
    /// <param name="probabilities">p, the probability of 1: a row for each state, a column for each feature; from 0 to 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="probabilities"/> is null.</exception>
    /// <exception cref="ArgumentException">There is none, or one is out of range.</exception>
    public BernoulliEmission(double[,] probabilities)
        : this(Check(probabilities, nameof(probabilities)), probabilities.GetLength(0))
    {
    }

    internal BernoulliEmission(double[] probabilities, int numberOfStates)
        : base(numberOfStates, probabilities.Length / numberOfStates)
    {
        _probabilities = probabilities;
        _logOnes = Array.ConvertAll(probabilities, Math.Log);
        _logZeros = Array.ConvertAll(probabilities, probability => probability == 1 ? double.NegativeInfinity : SpecialFunctions.Log1p(-probability));
    }

    /// <inheritdoc/>
    public override EmissionType Type => EmissionType.Bernoulli;

    /// <summary>p, the probability that each value is 1 in each state: K × D. A copy: changing it does not change the model.</summary>
    public Matrix<double> Probabilities => Matrix<double>.Build.DenseOfRowMajor(NumberOfStates, Dimension, _probabilities);

    /// <inheritdoc/>
    public override int NumberOfParameters => _probabilities.Length;

    internal double[] ProbabilityRows => _probabilities;

    internal static BernoulliEmission Create(int numberOfStates, double[,] b)
    {
        double[] rows = Check(b, nameof(b));
        EmissionParameters.CheckNumberOfStates(b.GetLength(0), numberOfStates, "rows", nameof(b));
        return new BernoulliEmission(rows, numberOfStates);
    }

    internal override string? FindProblem(ReadOnlySpan<double> frame, int firstFeature = 0) => Bernoulli.FindProblem(frame, firstFeature);

    internal override void ComputeLogLikelihoods(ReadOnlySpan<double> frame, Span<double> logLikelihoods)
    {
        for (int k = 0; k < logLikelihoods.Length; k++)
        {
            double sum = 0;
            for (int j = 0; j < frame.Length; j++)
            {
                if (!double.IsNaN(frame[j]))
                    sum += frame[j] == 0 ? _logZeros[k * Dimension + j] : _logOnes[k * Dimension + j];
            }
            logLikelihoods[k] = sum;
        }
    }

    internal override void ComputeLogLikelihoods(RowTile tile, int count, Span<double> logLikelihoods)
    {
        for (int k = 0; k < NumberOfStates; k++)
        {
            Span<double> line = logLikelihoods.Slice(k * RowTile.Rows, count);
            line.Clear();
            for (int j = 0; j < Dimension; j++)
            {
                ReadOnlySpan<double> values = tile.Values.Slice(j * RowTile.Rows, line.Length);
                double logOne = _logOnes[k * Dimension + j], logZero = _logZeros[k * Dimension + j];
                for (int n = 0; n < line.Length; n++)
                    line[n] += values[n] == 0 ? logZero : values[n] == 1 ? logOne : 0;
            }
        }
    }

    private protected override void Draw(int state, Random random, Span<double> frame)
    {
        for (int j = 0; j < frame.Length; j++)
            frame[j] = Bernoulli.Sample(_probabilities[state * Dimension + j], random);
    }

    // *** Binary format ***
    // double[K·D]: probabilities of 1, state by state
    internal override void Write(BinaryWriter writer)
    {
        foreach (double probability in _probabilities)
            writer.Write(probability);
    }

    internal static BernoulliEmission Read(BlockReader reader, int numberOfStates, int dimension) =>
        new(EmissionParameters.ReadNumbers(reader, numberOfStates, dimension, Bernoulli.IsProbability, "a probability"), numberOfStates);

    private static double[] Check(double[,] probabilities, string name) =>
        EmissionParameters.CheckNumbers(probabilities, Bernoulli.IsProbability, "lie between 0 and 1", name);
}
