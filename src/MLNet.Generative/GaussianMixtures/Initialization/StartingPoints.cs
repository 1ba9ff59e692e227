namespace MLNet.Generative;

/// <summary>
/// Chooses where EM starts. Randomness comes from the seed alone, never from threads; with very many rows clusters are found in a random sample of them.
/// </summary>
/// <param name="rows">The rows to fit.</param>
/// <param name="moments">Their moments.</param>
/// <param name="options">How to start.</param>
/// <param name="numberOfThreads">The largest number of threads.</param>
/// <param name="hierarchicalStarts">Hierarchical clusterings of the same rows.</param>
internal sealed class StartingPoints(
    WeightedRows rows, DataMoments moments, GaussianMixtureEstimator.Options options, int numberOfThreads, HierarchicalStarts hierarchicalStarts)
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
            GaussianMixtureInitialization.Hierarchical => FromTree(initialization, seed),
            _ => FromKMeans(seed, initialization == 0 ? StartsOfFirstKMeans : 1),
        };
    }

    private StartingResponsibilities FromKMeans(int seed, int starts)
    {
        WeightedRows sample = RowSample.Draw(
            rows, Math.Max(SampleRows, SampleRowsPerComponent * options.NumberOfComponents), options.NumberOfComponents, new Random(seed));
        int[] clusters = KMeans.BestClusters(sample, moments.Variances, options.NumberOfComponents, starts, seed, numberOfThreads, options.CancellationToken);
        return FromClusters(sample, clusters);
    }

    private StartingResponsibilities FromTree(int initialization, int seed)
    {
        HierarchicalStart start = hierarchicalStarts.Get(initialization, seed);
        return FromClusters(start.Rows, start.Clustering.Clusters(options.NumberOfComponents));
    }

    private StartingResponsibilities FromClusters(WeightedRows clustered, int[] clusters) =>
        Of(clustered, (tile, tileIndex, responsibilities) =>
        {
            responsibilities.Clear();
            int first = tileIndex * RowTile.Rows;
            for (int n = 0; n < Math.Min(RowTile.Rows, clusters.Length - first); n++)
                responsibilities[clusters[first + n] * RowTile.Rows + n] = tile.Weights[n];
            return default;
        });

    private StartingCenters FromRandomRows(Random random)
    {
        int components = options.NumberOfComponents;
        int[] order = RowSample.Shuffle(rows, random);
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
}
