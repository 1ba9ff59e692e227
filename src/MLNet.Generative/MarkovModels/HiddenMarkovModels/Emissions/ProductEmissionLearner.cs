namespace MLNet.Generative;

/// <summary>Learns the parts of a product, each from its own features.</summary>
internal sealed class ProductEmissionLearner : EmissionLearner
{
    private readonly int[] _dimensions;
    private readonly EmissionLearner[] _parts;

    /// <param name="frames">All frames.</param>
    /// <param name="dimensions">The number of features of each part.</param>
    /// <param name="create">Makes the learner of a part, by its index, from the frames cut down to its features.</param>
    public ProductEmissionLearner(WeightedRows frames, IReadOnlyList<int> dimensions, Func<int, WeightedRows, EmissionLearner> create)
    {
        _dimensions = [.. dimensions];
        _parts = new EmissionLearner[_dimensions.Length];
        for (int i = 0, first = 0; i < _parts.Length; first += _dimensions[i++])
            _parts[i] = create(i, Slice(frames, first, _dimensions[i]));
    }

    public override bool CanStartFromClusters => Array.Exists(_parts, part => part.CanStartFromClusters);

    public override string? FindProblem(ReadOnlySpan<double> frame, int firstFeature = 0)
    {
        for (int i = 0, first = 0; i < _parts.Length; first += _dimensions[i++])
        {
            if (_parts[i].FindProblem(frame.Slice(first, _dimensions[i]), firstFeature + first) is { } problem)
                return problem;
        }
        return null;
    }

    public override HmmEmission Start(WeightedRows frames, int[]? clusters, Random random)
    {
        var parts = new HmmEmission[_parts.Length];
        for (int i = 0, first = 0; i < _parts.Length; first += _dimensions[i++])
            parts[i] = _parts[i].Start(Slice(frames, first, _dimensions[i]), clusters, random);
        return new ProductEmission(parts, parts[0].NumberOfStates);
    }

    public override EmissionStatistics CreateStatistics(HmmEmission current)
    {
        IReadOnlyList<HmmEmission> parts = ((ProductEmission)current).Parts;
        return new Statistics([.. _parts.Select((part, i) => part.CreateStatistics(parts[i]))], _dimensions);
    }

    public override HmmEmission Maximize(EmissionStatistics statistics, HmmEmission current)
    {
        IReadOnlyList<HmmEmission> parts = ((ProductEmission)current).Parts;
        EmissionStatistics[] sums = ((Statistics)statistics).Parts;
        return new ProductEmission([.. _parts.Select((part, i) => part.Maximize(sums[i], parts[i]))], current.NumberOfStates);
    }

    public override double LogPrior(HmmEmission emission) => ((ProductEmission)emission).Parts.Select((part, i) => _parts[i].LogPrior(part)).Sum();

    public override IEnumerable<string> DescribeDegeneracy(HmmEmission emission) =>
        OfParts(i => _parts[i].DescribeDegeneracy(((ProductEmission)emission).Parts[i]));

    public override IEnumerable<string> DescribeNotes() => OfParts(i => _parts[i].DescribeNotes());

    private IEnumerable<string> OfParts(Func<int, IEnumerable<string>> describe)
    {
        for (int i = 0, first = 0; i < _parts.Length; first += _dimensions[i++])
        {
            string features = _dimensions[i] == 1 ? $"Feature {first}" : $"Features {first} to {first + _dimensions[i] - 1}";
            foreach (string note in describe(i))
                yield return $"{features}: {note}";
        }
    }

    private static WeightedRows Slice(WeightedRows frames, int first, int dimension)
    {
        var values = new double[frames.Count * dimension];
        var weights = new double[frames.Count];
        for (int n = 0; n < frames.Count; n++)
        {
            frames.Row(n).Slice(first, dimension).CopyTo(values.AsSpan(n * dimension));
            weights[n] = frames.Weight(n);
        }
        return new WeightedRows(values, dimension, weights);
    }

    private sealed class Statistics(EmissionStatistics[] parts, int[] dimensions) : EmissionStatistics
    {
        private readonly RowTile[] _tiles = Array.ConvertAll(dimensions, dimension => new RowTile(dimension));

        public EmissionStatistics[] Parts { get; } = parts;

        public override void Add(RowTile tile, int count, ReadOnlySpan<double> responsibilities)
        {
            for (int i = 0, first = 0; i < Parts.Length; first += dimensions[i++])
            {
                _tiles[i].LoadFeatures(tile, first);
                Parts[i].Add(_tiles[i], count, responsibilities);
            }
        }

        public override void Clear()
        {
            foreach (EmissionStatistics part in Parts)
                part.Clear();
        }

        public override void Merge(EmissionStatistics other)
        {
            for (int i = 0; i < Parts.Length; i++)
                Parts[i].Merge(((Statistics)other).Parts[i]);
        }
    }
}
