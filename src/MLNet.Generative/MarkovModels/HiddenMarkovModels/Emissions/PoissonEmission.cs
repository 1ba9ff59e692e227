using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative;

/// <summary>
/// Counts, independent given the state: p(x | k) = Π_j λ_kjˣ e^(−λ_kj) / x_j! (Zucchini, MacDonald and Langrock 2016, section 2.2). A frame is D whole numbers from 0 to 2⁵³.
/// </summary>
public sealed class PoissonEmission : HmmEmission
{
    private readonly double[] _rates;
    private readonly double[] _logRates;

    /// <summary>Makes emissions of one count from their rates.</summary>
    /// <param name="rates">λ of each state: from 0 to 2⁵³. With 0 the count is always 0.</param>
    /// <exception cref="ArgumentNullException"><paramref name="rates"/> is null.</exception>
    /// <exception cref="ArgumentException">There is none, or one is out of range.</exception>
    public PoissonEmission(double[] rates)
        : this(CheckRates(rates), rates.Length)
    {
    }

    /// <summary>Makes emissions from their rates.</summary>
    /// <param name="rates">λ: a row for each state, a column for each feature; from 0 to 2⁵³. With 0 the count is always 0.</param>
    /// <exception cref="ArgumentNullException"><paramref name="rates"/> is null.</exception>
    /// <exception cref="ArgumentException">There is none, or one is out of range.</exception>
    public PoissonEmission(double[,] rates)
        : this(CheckRates(rates), rates.GetLength(0))
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

    /// <summary>λ, the rate of each count in each state: K × D. A copy: changing it does not change the model.</summary>
    public Matrix<double> Rates => Matrix<double>.Build.DenseOfRowMajor(NumberOfStates, Dimension, _rates);

    /// <inheritdoc/>
    public override int NumberOfParameters => _rates.Length;

    internal double[] RateRows => _rates;

    internal static PoissonEmission Create(int numberOfStates, double[] rates)
    {
        double[] copy = CheckRates(rates);
        EmissionParameters.CheckNumberOfStates(rates.Length, numberOfStates, "numbers", nameof(rates));
        return new PoissonEmission(copy, numberOfStates);
    }

    internal static PoissonEmission Create(int numberOfStates, double[,] rates)
    {
        double[] rows = CheckRates(rates);
        EmissionParameters.CheckNumberOfStates(rates.GetLength(0), numberOfStates, "rows", nameof(rates));
        return new PoissonEmission(rows, numberOfStates);
    }

    internal override string? FindProblem(ReadOnlySpan<double> frame, int firstFeature = 0) => Poisson.FindProblem(frame, firstFeature, "a Poisson count");

    internal override void ComputeLogLikelihoods(ReadOnlySpan<double> frame, Span<double> logLikelihoods)
    {
        for (int k = 0; k < logLikelihoods.Length; k++)
        {
            double sum = 0;
            for (int j = 0; j < frame.Length; j++)
            {
                if (!double.IsNaN(frame[j]))
                    sum += Poisson.LogProbability(frame[j], _rates[k * Dimension + j], _logRates[k * Dimension + j]);
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
                ReadOnlySpan<double> counts = tile.Values.Slice(j * RowTile.Rows, line.Length);
                double rate = _rates[k * Dimension + j], logRate = _logRates[k * Dimension + j];
                for (int n = 0; n < line.Length; n++)
                {
                    if (!double.IsNaN(counts[n]))
                        line[n] += Poisson.LogProbability(counts[n], rate, logRate);
                }
            }
        }
    }

    private protected override void Draw(int state, Random random, Span<double> frame)
    {
        for (int j = 0; j < frame.Length; j++)
            frame[j] = Poisson.Sample(_rates[state * Dimension + j], random);
    }

    // *** Binary format ***
    // double[K·D]: rates, state by state
    internal override void Write(BinaryWriter writer)
    {
        foreach (double rate in _rates)
            writer.Write(rate);
    }

    internal static PoissonEmission Read(BlockReader reader, int numberOfStates, int dimension) =>
        new(EmissionParameters.ReadNumbers(reader, numberOfStates, dimension, Poisson.IsRate, "a rate"), numberOfStates);

    private static double[] CheckRates(double[,] rates) =>
        EmissionParameters.CheckNumbers(rates, Poisson.IsRate, "lie between 0 and 2^53", nameof(rates));

    private static double[] CheckRates(double[] rates)
    {
        ArgumentNullException.ThrowIfNull(rates);
        if (rates.Length == 0)
            throw new ArgumentException("rates is empty. Give one for each state.", nameof(rates));
        int wrong = Array.FindIndex(rates, rate => !Poisson.IsRate(rate));
        if (wrong >= 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"rates[{wrong}] is {rates[wrong]}; it must lie between 0 and 2^53."), nameof(rates));
        return (double[])rates.Clone();
    }
}
