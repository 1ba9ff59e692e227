using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace MLNet.Generative;

/// <summary>D counts in each state, independent given the state, each from a Poisson distribution: p(x | k) = Π_j e^−λ_kj λ_kj^x_j / x_j! (Zucchini and MacDonald 2009).</summary>
public sealed class PoissonEmission : HmmEmission
{
    private readonly double[] _rates;
    private readonly double[] _logRates;

    /// <summary>Makes emissions from their parameters.</summary>
    /// <param name="rates">λ, K × D: the mean of each count in each state; finite, not negative.</param>
    /// <exception cref="ArgumentNullException"><paramref name="rates"/> is null.</exception>
    /// <exception cref="ArgumentException">There is none, or a number is negative or not finite.</exception>
    public PoissonEmission(double[,] rates)
        : this(ProbabilityChecks.Numbers(rates, double.MaxValue, nameof(rates)), rates.GetLength(0))
    {
    }

    internal PoissonEmission(double[] rates, int numberOfStates)
        : base(numberOfStates, rates.Length / numberOfStates)
    {
        _rates = rates;
        _logRates = Array.ConvertAll(rates, Math.Log);
    }

    /// <inheritdoc/>
    public override EmissionType Type => EmissionType.Poisson;

    /// <summary>λ, the mean of each count in each state, K × D. A copy: changing it does not change the model.</summary>
    public Matrix<double> Rates => DenseMatrix.Create(NumberOfStates, Dimension, (k, j) => _rates[k * Dimension + j]);

    /// <inheritdoc/>
    public override int NumberOfParameters => NumberOfStates * Dimension;

    internal ReadOnlySpan<double> Values => _rates;

    internal override string? FindProblem(ReadOnlySpan<double> frame) => FindProblemIn(frame);

    /// <summary>Says which value of a frame is no count; <see langword="null"/> if all are.</summary>
    internal static string? FindProblemIn(ReadOnlySpan<double> frame)
    {
        for (int j = 0; j < frame.Length; j++)
        {
            if (PoissonDistribution.FindProblem(frame[j], j, "Poisson") is { } problem)
                return problem;
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
                    sum += PoissonDistribution.LogProbability(frame[j], _rates[place], _logRates[place]);
            }
            logLikelihoods[k] = sum;
        }
    }

    private protected override void Draw(int state, Random random, Span<double> frame)
    {
        for (int j = 0; j < frame.Length; j++)
            frame[j] = PoissonDistribution.Sample(random, _rates[state * Dimension + j]);
    }

    // *** Binary format ***
    // double[K·D]: rates
    internal override void Write(BinaryWriter writer)
    {
        foreach (double rate in _rates)
            writer.Write(rate);
    }

    internal static PoissonEmission Read(BlockReader reader, int numberOfStates, int dimension)
    {
        double[] rates = reader.ReadFinite((long)numberOfStates * dimension, "the rates");
        reader.Check(Array.TrueForAll(rates, rate => rate >= 0), "a rate is negative");
        return new PoissonEmission(rates, numberOfStates);
    }
}
