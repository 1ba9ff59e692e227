using System.Numerics.Tensors;

namespace MLNet.Generative;

/// <summary>Learns categorical emissions (Rabiner 1989, eq. 40c): b_k(m) in proportion to the expected number of times that state k emits symbol m.</summary>
internal sealed class CategoricalEmissionLearner : EmissionLearner
{
    private readonly int _numberOfStates;
    private readonly int _numberOfSymbols;
    private readonly double _pseudoCount;

    public CategoricalEmissionLearner(int numberOfStates, int numberOfSymbols, HmmPrior prior)
    {
        _numberOfStates = numberOfStates;
        _numberOfSymbols = numberOfSymbols;
        _pseudoCount = prior.SymbolConcentration - 1;
    }

    public override bool CanStartFromClusters => false;

    public override string? FindProblem(ReadOnlySpan<double> frame) => SymbolDistribution.FindProblem(frame[0], 0, _numberOfSymbols);

    /// <summary>Without clusters, the frequencies of all symbols, each times a random number; with them, those of a cluster and one frame of all.</summary>
    public override HmmEmission Start(WeightedRows frames, int[]? clusters, Random random)
    {
        var frequencies = new double[_numberOfSymbols];
        var counts = new double[_numberOfStates * _numberOfSymbols];
        for (int n = 0; n < frames.Count; n++)
        {
            int symbol = (int)frames.Row(n)[0];
            frequencies[symbol] += frames.Weight(n) / frames.TotalWeight;
            if (clusters is not null)
                counts[clusters[n] * _numberOfSymbols + symbol] += frames.Weight(n);
        }
        var probabilities = new double[counts.Length];
        for (int k = 0; k < _numberOfStates; k++)
        {
            Span<double> own = counts.AsSpan(k * _numberOfSymbols, _numberOfSymbols);
            for (int m = 0; m < own.Length; m++)
                own[m] = clusters is null ? frequencies[m] * (0.01 - Math.Log(1 - random.NextDouble())) : own[m] + frequencies[m];
            SymbolDistribution.Maximize(own, _pseudoCount / frames.TotalWeight, probabilities.AsSpan(k * _numberOfSymbols, _numberOfSymbols));
        }
        return new CategoricalEmission(probabilities, _numberOfStates);
    }

    public override EmissionStatistics CreateStatistics(HmmEmission current) => new Statistics(_numberOfStates, _numberOfSymbols);

    public override HmmEmission Maximize(EmissionStatistics statistics, HmmEmission current)
    {
        double[] counts = ((Statistics)statistics).Counts;
        double[] probabilities = ((CategoricalEmission)current).Values.ToArray();
        for (int k = 0; k < _numberOfStates; k++)
            SymbolDistribution.Maximize(counts.AsSpan(k * _numberOfSymbols, _numberOfSymbols), _pseudoCount, probabilities.AsSpan(k * _numberOfSymbols, _numberOfSymbols));
        return new CategoricalEmission(probabilities, _numberOfStates);
    }

    public override double LogPrior(HmmEmission emission) => SymbolDistribution.LogPrior(((CategoricalEmission)emission).Values, _pseudoCount);

    private sealed class Statistics(int numberOfStates, int numberOfSymbols) : EmissionStatistics
    {
        public double[] Counts { get; } = new double[numberOfStates * numberOfSymbols];

        public override void Add(RowTile tile, int count, ReadOnlySpan<double> responsibilities)
        {
            ReadOnlySpan<double> symbols = tile.Values[..count];
            for (int k = 0; k < numberOfStates; k++)
            {
                Span<double> counts = Counts.AsSpan(k * numberOfSymbols, numberOfSymbols);
                ReadOnlySpan<double> line = responsibilities.Slice(k * RowTile.Rows, count);
                for (int n = 0; n < line.Length; n++)
                    counts[(int)symbols[n]] += line[n];
            }
        }

        public override void Clear() => Counts.AsSpan().Clear();

        public override void Merge(EmissionStatistics other) => TensorPrimitives.Add(Counts, ((Statistics)other).Counts, Counts);
    }
}
