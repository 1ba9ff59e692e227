namespace MLNet.Generative;

/// <summary>
/// Chooses where EM starts. Randomness comes from the seed alone, never from threads; with very many rows k-means works on a random sample of them.
/// </summary>
internal sealed class StartingPoints(WeightedRows rows, DataMoments moments, GaussianMixtureEstimator.Options options, int numberOfThreads)
{
    private const int StartsOfFirstKMeans = 10;
    private const int SampleRows = 16_384;
    private const int SampleRowsPerComponent = 256;

    /// <summary>The starting point of an initialization.</summary>
    /// <param name="initialization">Which one, from 0. The first takes pains, the others take care to differ.</param>
    /// <param name="seed">The seed of all of them.</param>
    public StartingPoint Create(int initialization, int seed)
    {
        if (options.InitialModel is { } given)
            return new StartingModel(given);
        seed = unchecked(seed + 7919 * initialization);
        return options.Initialization switch
        {
            GaussianMixtureInitialization.RandomRows => FromRandomRows(new Random(seed)),
            GaussianMixtureInitialization.RandomResponsibilities => FromRandomResponsibilities(seed),
            _ => FromKMeans(seed, initialization == 0 ? StartsOfFirstKMeans : 1),
        };
    }

    private StartingResponsibilities FromKMeans(int seed, int starts)
    {
        WeightedRows sample = Sample(new Random(seed));
        int[] clusters = KMeans.BestClusters(sample, moments.Variances, options.NumberOfComponents, starts, seed, numberOfThreads, options.CancellationToken);
        return Of(sample, (tile, tileIndex, responsibilities) =>
        {
            responsibilities.Clear();
            int first = tileIndex * RowTile.Rows;
            for (int n = 0; n < Math.Min(RowTile.Rows, clusters.Length - first); n++)
                responsibilities[clusters[first + n] * RowTile.Rows + n] = tile.Weights[n];
            return default;
        });
    }

    private StartingCenters FromRandomRows(Random random)
    {
        int components = options.NumberOfComponents;
        int[] order = Shuffle(random);
        return new StartingCenters([.. DistinctRows.Find(rows, order, components).Select(row => rows.Row(row).ToArray())]);
    }

    private StartingResponsibilities FromRandomResponsibilities(int seed)
    {
        int components = options.NumberOfComponents;
        return Of(rows, (tile, tileIndex, responsibilities) =>
        {
            // A generator of its own for every tile: tiles come in any order, on any thread.
            var random = new Random(unchecked(seed * 31 + tileIndex));
            for (int n = 0; n < RowTile.Rows; n++)
            {
                double sum = 0;
                for (int k = 0; k < components; k++)
                    sum += responsibilities[k * RowTile.Rows + n] = -Math.Log(1 - random.NextDouble());
                for (int k = 0; k < components; k++)
                    responsibilities[k * RowTile.Rows + n] *= tile.Weights[n] / sum;
            }
            return default;
        });
    }

    private StartingResponsibilities Of(WeightedRows from, Responsibilities responsibilities) =>
        new(from, options.NumberOfComponents, responsibilities, moments.Mean, numberOfThreads, options.CancellationToken);

    private WeightedRows Sample(Random random)
    {
        int size = Math.Max(SampleRows, SampleRowsPerComponent * options.NumberOfComponents);
        if (rows.Count <= size)
            return rows;

        int[] order = Shuffle(random);
        var chosen = new SortedSet<int>(order.AsSpan(0, size).ToArray());
        // Rare rows may all have been missed; k-means needs as many distinct rows as components.
        if (DistinctRows.Find(rows, chosen, options.NumberOfComponents).Count < options.NumberOfComponents)
            chosen.UnionWith(DistinctRows.Find(rows, order, options.NumberOfComponents));

        var values = new double[chosen.Count * rows.Dimension];
        var weights = new double[chosen.Count];
        int n = 0;
        foreach (int row in chosen)
        {
            rows.Row(row).CopyTo(values.AsSpan(n * rows.Dimension));
            // A row that stands for more than its share of the sample keeps its weight; the others were drawn by theirs, and count alike.
            weights[n++] = rows.Weight(row) > 0 ? Math.Max(rows.Weight(row), rows.TotalWeight / size) : 0;
        }
        return new WeightedRows(values, rows.Dimension, weights);
    }

    /// <summary>All rows in random order, heavy ones likely first: sampling without replacement by weight (Efraimidis and Spirakis 2006). Rows of weight 0 come last.</summary>
    private int[] Shuffle(Random random)
    {
        var keys = new double[rows.Count];
        int[] order = Enumerable.Range(0, rows.Count).ToArray();
        for (int n = 0; n < keys.Length; n++)
        {
            double exponential = -Math.Log(1 - random.NextDouble());
            keys[n] = rows.Weight(n) > 0 ? exponential / rows.Weight(n) : double.PositiveInfinity;
        }
        Array.Sort(keys, order);
        return order;
    }
}
