using System.Globalization;
using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative;

/// <summary>One of M symbols in each step, with probabilities B_km = p(symbol m | state k) (Rabiner 1989, section II.B). A frame is one symbol, from 0.</summary>
public sealed class CategoricalEmission : HmmEmission
{
    private readonly double[] _probabilities;
    private readonly double[] _logProbabilities;

    /// <summary>Makes emissions from their probabilities.</summary>
    /// <param name="probabilities">B: a row for each state, a column for each symbol; not negative, each row with sum 1. 0 makes a symbol impossible in a state.</param>
    /// <exception cref="ArgumentNullException"><paramref name="probabilities"/> is null.</exception>
    /// <exception cref="ArgumentException">A number is negative or not finite, or a row does not sum to 1.</exception>
    public CategoricalEmission(double[,] probabilities)
        : this(ProbabilityChecks.Rows(probabilities, nameof(probabilities)), probabilities.GetLength(0))
    {
    }

    internal CategoricalEmission(double[] probabilities, int numberOfStates)
        : base(numberOfStates, dimension: 1)
    {
        _probabilities = probabilities;
        _logProbabilities = Array.ConvertAll(probabilities, Math.Log);
        NumberOfSymbols = probabilities.Length / numberOfStates;
    }

    /// <inheritdoc/>
    public override EmissionType Type => EmissionType.Categorical;

    /// <summary>M, the number of symbols.</summary>
    public int NumberOfSymbols { get; }

    /// <summary>B, the probability of each symbol in each state: K × M. A copy: changing it does not change the model.</summary>
    public Matrix<double> Probabilities => Matrix<double>.Build.DenseOfRowMajor(NumberOfStates, NumberOfSymbols, _probabilities);

    /// <inheritdoc/>
    public override int NumberOfParameters => NumberOfStates * (NumberOfSymbols - 1);

    internal double[] ProbabilityRows => _probabilities;

    internal static CategoricalEmission Create(int numberOfStates, double[,] b)
    {
        double[] rows = ProbabilityChecks.Rows(b, nameof(b));
        EmissionParameters.CheckNumberOfStates(b.GetLength(0), numberOfStates, "rows", nameof(b));
        return new CategoricalEmission(rows, numberOfStates);
    }

    internal override string? FindProblem(ReadOnlySpan<double> frame, int firstFeature = 0) => FindProblem(frame[0], NumberOfSymbols, firstFeature);

    /// <summary>Says that a value is no symbol; <see langword="null"/> if it is one or missing.</summary>
    internal static string? FindProblem(double value, int numberOfSymbols, int feature)
    {
        if (double.IsNaN(value) || (value >= 0 && value < numberOfSymbols && Math.Floor(value) == value))
            return null;
        return string.Create(CultureInfo.InvariantCulture, $"Feature {feature} is {value}, but the symbols are the whole numbers from 0 to {numberOfSymbols - 1}");
    }

    internal override void ComputeLogLikelihoods(ReadOnlySpan<double> frame, Span<double> logLikelihoods)
    {
        if (double.IsNaN(frame[0]))
        {
            logLikelihoods.Clear();
            return;
        }
        for (int k = 0; k < logLikelihoods.Length; k++)
            logLikelihoods[k] = _logProbabilities[k * NumberOfSymbols + (int)frame[0]];
    }

    internal override void ComputeLogLikelihoods(RowTile tile, int count, Span<double> logLikelihoods)
    {
        ReadOnlySpan<double> symbols = tile.Values[..count];
        for (int k = 0; k < NumberOfStates; k++)
        {
            Span<double> line = logLikelihoods.Slice(k * RowTile.Rows, count);
            ReadOnlySpan<double> row = _logProbabilities.AsSpan(k * NumberOfSymbols, NumberOfSymbols);
            for (int n = 0; n < line.Length; n++)
                line[n] = double.IsNaN(symbols[n]) ? 0 : row[(int)symbols[n]];
        }
    }

    private protected override void Draw(int state, Random random, Span<double> frame) =>
        frame[0] = Categorical.Sample(_probabilities.AsSpan(state * NumberOfSymbols, NumberOfSymbols), random);

    // *** Binary format ***
    // int: M, number of symbols
    // double[K·M]: probabilities, state by state
    internal override void Write(BinaryWriter writer)
    {
        writer.Write(NumberOfSymbols);
        foreach (double probability in _probabilities)
            writer.Write(probability);
    }

    internal static CategoricalEmission Read(BlockReader reader, int numberOfStates, int dimension)
    {
        reader.Check(dimension == 1, $"categorical frames have {dimension} values");
        int symbols = reader.ReadSize(1, "the number of symbols");
        return new CategoricalEmission(EmissionParameters.ReadProbabilityRows(reader, numberOfStates, symbols), numberOfStates);
    }
}
