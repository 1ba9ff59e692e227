namespace MLNet.Generative;

/// <summary>Learns a product of emissions with one value each: given the state, each part learns alone.</summary>
/// <param name="parts">The learner of each feature.</param>
internal sealed class ProductEmissionLearner(IReadOnlyList<EmissionLearner> parts) : EmissionLearner
{
    public override bool CanStartFromClusters => parts.Any(part => part.CanStartFromClusters);

    public override string? FindProblem(ReadOnlySpan<double> frame)
    {
        for (int j = 0; j < parts.Count; j++)
        {
            if (parts[j].FindProblem(frame.Slice(j, 1)) is { } problem)
                return ProductEmission.Renumber(problem, j);
        }
        return null;
    }

    public override HmmEmission Start(WeightedRows frames, int[]? clusters, Random random)
    {
        var started = new HmmEmission[parts.Count];
        for (int j = 0; j < started.Length; j++)
            started[j] = parts[j].Start(frames.Feature(j), clusters, random);
        return new ProductEmission(started);
    }

    public override EmissionStatistics CreateStatistics(HmmEmission current) =>
        new Statistics([.. ((ProductEmission)current).Parts.Select((part, j) => parts[j].CreateStatistics(part))]);

    public override HmmEmission Maximize(EmissionStatistics statistics, HmmEmission current) =>
        new ProductEmission([.. ((ProductEmission)current).Parts.Select((part, j) => parts[j].Maximize(((Statistics)statistics).Parts[j], part))]);

    public override double LogPrior(HmmEmission emission) => ((ProductEmission)emission).Parts.Select((part, j) => parts[j].LogPrior(part)).Sum();

    public override IEnumerable<string> DescribeDegeneracy(HmmEmission emission) =>
        ((ProductEmission)emission).Parts.SelectMany((part, j) => parts[j].DescribeDegeneracy(part).Select(note => $"Feature {j}: {note}"));

    public override IEnumerable<string> DescribeNotes() => parts.SelectMany((part, j) => part.DescribeNotes().Select(note => $"Feature {j}: {note}"));

    private sealed class Statistics(EmissionStatistics[] parts) : EmissionStatistics
    {
        private readonly RowTile _tile = new(1);

        public EmissionStatistics[] Parts { get; } = parts;

        public override void Add(RowTile tile, int count, ReadOnlySpan<double> responsibilities)
        {
            for (int j = 0; j < Parts.Length; j++)
            {
                _tile.Load(tile.Values.Slice(j * RowTile.Rows, count), default, count);
                Parts[j].Add(_tile, count, responsibilities);
            }
        }

        public override void Clear()
        {
            foreach (EmissionStatistics part in Parts)
                part.Clear();
        }

        public override void Merge(EmissionStatistics other)
        {
            for (int j = 0; j < Parts.Length; j++)
                Parts[j].Merge(((Statistics)other).Parts[j]);
        }
    }
}
