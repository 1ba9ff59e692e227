using System.Numerics.Tensors;

namespace MLNet.Generative;

/// <summary>Learns categorical emissions (Rabiner 1989, eq. 40c): B_km = Σ γ_k [x = m] / Σ γ_k, or the mode under a Dirichlet prior.</summary>
internal sealed class CategoricalEmissionLearner(int numberOfStates, WeightedRows frames, int numberOfSymbols, HmmPrior prior) : EmissionLearner
{
    private readonly double _smallestWeight = frames.SmallestPositiveWeight;
    private readonly double _concentration = prior.SymbolConcentration;
    private readonly double[] _frequencies = Count(frames, numberOfSymbols);

    public override bool CanStartFromClusters => false;

    public override string? FindProblem(ReadOnlySpan<double> frame, int firstFeature = 0) =>
        CategoricalEmission.FindProblem(frame[0], numberOfSymbols, firstFeature);

    public override HmmEmission Start(WeightedRows frames, int[]? clusters, Random random)
    {
        var counts = new Statistics(numberOfStates, numberOfSymbols);
        if (clusters is null)
        {
            ScatterAroundFrequencies(counts, random);
        }
        else
        {
            ClusteredFrames.AddTo(counts, frames, clusters, numberOfStates);
            AddOneFrame(frames.TotalWeight / frames.Count, counts);
        }

        var uniform = new double[numberOfStates * numberOfSymbols];
        Array.Fill(uniform, 1.0 / numberOfSymbols);
        // Where there is noise, the prior is in it already.
        return Maximize(counts, uniform, clusters is null ? 1 : _concentration);
    }

    public override EmissionStatistics CreateStatistics(HmmEmission current) => new Statistics(numberOfStates, numberOfSymbols);

    public override HmmEmission Maximize(EmissionStatistics statistics, HmmEmission current) =>
        Maximize((Statistics)statistics, ((CategoricalEmission)current).ProbabilityRows, _concentration);

    public override double LogPrior(HmmEmission emission) => Categorical.LogPrior(((CategoricalEmission)emission).ProbabilityRows, _concentration);

    private CategoricalEmission Maximize(Statistics statistics, double[] current, double concentration)
    {
        var learned = (double[])current.Clone();
        for (int k = 0; k < numberOfStates; k++)
        {
            ReadOnlySpan<double> counts = statistics.Counts.AsSpan(k * numberOfSymbols, numberOfSymbols);
            double total = 0;
            foreach (double count in counts)
                total += count;
            if (total > EmptyShare * _smallestWeight || concentration > 1)
                Categorical.TryMode(counts, concentration, learned.AsSpan(k * numberOfSymbols, numberOfSymbols));
        }
        return new CategoricalEmission(learned, numberOfStates);
    }

    // What is no symbol is found by the check of frames.
    private static double[] Count(WeightedRows frames, int numberOfSymbols)
    {
        var counts = new double[numberOfSymbols];
        for (int n = 0; n < frames.Count; n++)
        {
            double symbol = frames.Row(n)[0];
            if (symbol >= 0 && symbol < numberOfSymbols)
                counts[(int)symbol] += frames.Weight(n);
        }
        return counts;
    }

    // Exponential noise on every count: a state must not begin like another, or it stays so; and nothing that occurs may begin as impossible, or it stays so.
    private void ScatterAroundFrequencies(Statistics statistics, Random random)
    {
        for (int i = 0; i < statistics.Counts.Length; i++)
        {
            double noise = Math.Max(-Math.Log(1 - random.NextDouble()), 1e-16);
            statistics.Counts[i] = Math.Min(_frequencies[i % numberOfSymbols] + (_concentration - 1), 1e290) * noise;
        }
    }

    private void AddOneFrame(double weight, Statistics statistics)
    {
        double total = _frequencies.Sum();
        for (int i = 0; i < statistics.Counts.Length && total > 0; i++)
            statistics.Counts[i] += weight * (_frequencies[i % numberOfSymbols] / total);
    }

    private sealed class Statistics(int numberOfStates, int numberOfSymbols) : EmissionStatistics
    {
        /// <summary>Σ γ of each symbol, states × symbols.</summary>
        public double[] Counts { get; } = new double[numberOfStates * numberOfSymbols];

        public override void Add(RowTile tile, int count, ReadOnlySpan<double> responsibilities)
        {
            ReadOnlySpan<double> symbols = tile.Values[..count];
            for (int k = 0; k < numberOfStates; k++)
            {
                ReadOnlySpan<double> line = responsibilities.Slice(k * RowTile.Rows, count);
                Span<double> counts = Counts.AsSpan(k * numberOfSymbols, numberOfSymbols);
                for (int n = 0; n < line.Length; n++)
                {
                    if (!double.IsNaN(symbols[n]))
                        counts[(int)symbols[n]] += line[n];
                }
            }
        }

        public override void Clear() => Counts.AsSpan().Clear();

        public override void Merge(EmissionStatistics other) => TensorPrimitives.Add(Counts, ((Statistics)other).Counts, Counts);
    }
}
