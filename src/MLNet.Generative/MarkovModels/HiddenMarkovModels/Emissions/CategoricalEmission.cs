using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace MLNet.Generative;

/// <summary>One of M symbols in each state, b_k(x) = P(symbol x | state k) (Rabiner 1989, eq. 12). The value of a frame is a symbol, from 0.</summary>
public sealed class CategoricalEmission : HmmEmission
{
    private readonly double[] _probabilities;
    private readonly double[] _logarithms;

    /// <summary>Makes emissions from their parameters.</summary>
    /// <param name="probabilities">K × M: a row holds the probabilities of the symbols in a state, not negative, with sum 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="probabilities"/> is null.</exception>
    /// <exception cref="ArgumentException">A number is negative or not finite, or a row does not sum to 1.</exception>
    public CategoricalEmission(double[,] probabilities)
        : this(ProbabilityChecks.Rows(probabilities, nameof(probabilities)), probabilities.GetLength(0))
    {
    }

    internal CategoricalEmission(double[] probabilities, int numberOfStates)
        : base(numberOfStates, 1)
    {
        _probabilities = probabilities;
        _logarithms = Array.ConvertAll(probabilities, Math.Log);
        NumberOfSymbols = probabilities.Length / numberOfStates;
    }

    /// <inheritdoc/>
    public override EmissionType Type => EmissionType.Categorical;

    /// <summary>M.</summary>
    public int NumberOfSymbols { get; }

    /// <summary>The probability of each symbol in each state, K × M. A copy: changing it does not change the model.</summary>
    public Matrix<double> Probabilities => DenseMatrix.Create(NumberOfStates, NumberOfSymbols, (k, m) => _probabilities[k * NumberOfSymbols + m]);

    /// <inheritdoc/>
    public override int NumberOfParameters => NumberOfStates * (NumberOfSymbols - 1);

    internal ReadOnlySpan<double> Values => _probabilities;

    internal override string? FindProblem(ReadOnlySpan<double> frame) => SymbolDistribution.FindProblem(frame[0], 0, NumberOfSymbols);

    internal override void ComputeLogLikelihoods(ReadOnlySpan<double> frame, Span<double> logLikelihoods)
    {
        if (double.IsNaN(frame[0]))
        {
            logLikelihoods.Clear();
            return;
        }
        for (int k = 0, place = (int)frame[0]; k < logLikelihoods.Length; k++, place += NumberOfSymbols)
            logLikelihoods[k] = _logarithms[place];
    }

    internal override void ComputeLogLikelihoods(RowTile tile, int count, Span<double> logLikelihoods)
    {
        ReadOnlySpan<double> symbols = tile.Values[..count];
        for (int k = 0; k < NumberOfStates; k++)
        {
            ReadOnlySpan<double> row = _logarithms.AsSpan(k * NumberOfSymbols, NumberOfSymbols);
            Span<double> line = logLikelihoods.Slice(k * RowTile.Rows, count);
            for (int n = 0; n < line.Length; n++)
                line[n] = row[(int)symbols[n]];
        }
    }

    private protected override void Draw(int state, Random random, Span<double> frame) =>
        frame[0] = SymbolDistribution.Sample(_probabilities.AsSpan(state * NumberOfSymbols, NumberOfSymbols), random);

    // *** Binary format ***
    // int: M
    // double[K·M]: probabilities
    internal override void Write(BinaryWriter writer)
    {
        writer.Write(NumberOfSymbols);
        foreach (double probability in _probabilities)
            writer.Write(probability);
    }

    internal static CategoricalEmission Read(BlockReader reader, int numberOfStates)
    {
        int symbols = reader.ReadSize(1, "the number of symbols");
        return new CategoricalEmission(ProbabilityFormat.ReadRows(reader, numberOfStates, symbols, "the symbol probabilities"), numberOfStates);
    }
}
