using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace MLNet.Generative;

/// <summary>D values of 0 or 1 in each state, independent given the state: p(x | k) = Π_j p_kj^x_j (1 − p_kj)^(1 − x_j).</summary>
public sealed class BernoulliEmission : HmmEmission
{
    private readonly double[] _probabilities;
    private readonly double[] _logOnes;
    private readonly double[] _logZeros;

    /// <summary>Makes emissions from their parameters.</summary>
    /// <param name="probabilities">K × D: the probability of a 1 for each feature in each state, from 0 to 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="probabilities"/> is null.</exception>
    /// <exception cref="ArgumentException">There is none, or a number is none from 0 to 1.</exception>
    public BernoulliEmission(double[,] probabilities)
        : this(ProbabilityChecks.Numbers(probabilities, 1, nameof(probabilities)), probabilities.GetLength(0))
    {
    }

    internal BernoulliEmission(double[] probabilities, int numberOfStates)
        : base(numberOfStates, probabilities.Length / numberOfStates)
    {
        _probabilities = probabilities;
        _logOnes = Array.ConvertAll(probabilities, Math.Log);
        _logZeros = Array.ConvertAll(probabilities, probability => Math.Log(1 - probability));
    }

    /// <inheritdoc/>
    public override EmissionType Type => EmissionType.Bernoulli;

    /// <summary>The probability of a 1 for each feature in each state, K × D. A copy: changing it does not change the model.</summary>
    public Matrix<double> Probabilities => DenseMatrix.Create(NumberOfStates, Dimension, (k, j) => _probabilities[k * Dimension + j]);

    /// <inheritdoc/>
    public override int NumberOfParameters => NumberOfStates * Dimension;

    internal ReadOnlySpan<double> Values => _probabilities;

    internal override string? FindProblem(ReadOnlySpan<double> frame) => FindProblemIn(frame);

    /// <summary>Says which value of a frame is neither 0 nor 1; <see langword="null"/> if all are.</summary>
    internal static string? FindProblemIn(ReadOnlySpan<double> frame)
    {
        for (int j = 0; j < frame.Length; j++)
        {
            if (!double.IsNaN(frame[j]) && frame[j] is not (0 or 1))
                return $"Feature {j} is {frame[j].ToString(CultureInfo.InvariantCulture)}, but a Bernoulli value is 0 or 1";
        }
        return null;
    }

    internal override void ComputeLogLikelihoods(ReadOnlySpan<double> frame, Span<double> logLikelihoods)
    {
        for (int k = 0; k < logLikelihoods.Length; k++)
        {
            double sum = 0;
            for (int j = 0; j < frame.Length; j++)
            {
                int place = k * frame.Length + j;
                if (!double.IsNaN(frame[j]))
                    sum += frame[j] == 1 ? _logOnes[place] : _logZeros[place];
            }
            logLikelihoods[k] = sum;
        }
    }

    private protected override void Draw(int state, Random random, Span<double> frame)
    {
        for (int j = 0; j < frame.Length; j++)
            frame[j] = random.NextDouble() < _probabilities[state * Dimension + j] ? 1 : 0;
    }

    // *** Binary format ***
    // double[K·D]: probabilities of a 1
    internal override void Write(BinaryWriter writer)
    {
        foreach (double probability in _probabilities)
            writer.Write(probability);
    }

    internal static BernoulliEmission Read(BlockReader reader, int numberOfStates, int dimension) =>
        new(Array.ConvertAll(ProbabilityFormat.ReadEach(reader, numberOfStates, dimension, "the probabilities of a 1"), probability => Math.Min(1, probability)), numberOfStates);
}
