using System.Collections.Concurrent;

namespace MLNet.Generative;

/// <summary>Rows and their hierarchical clusterings, one for each initialisation, made when first asked for and kept: they serve every number of components and every covariance type.</summary>
/// <param name="rows">All rows.</param>
/// <param name="moments">Their moments.</param>
/// <param name="maximumNumberOfComponents">The rows of a clustering have at least so many different values, if all rows have.</param>
/// <param name="cancellationToken">Stops between rows.</param>
internal sealed class HierarchicalStarts(WeightedRows rows, DataMoments moments, int maximumNumberOfComponents, CancellationToken cancellationToken)
{
    private readonly ConcurrentDictionary<(int Initialization, int Seed), Lazy<HierarchicalStart>> _starts = [];

    /// <summary>The start of an initialisation.</summary>
    /// <param name="initialization">Which one, from 0. The first two take all rows, or a sample if they are too many: whitened, and standardised. Further ones take a random half each.</param>
    /// <param name="seed">The seed of this initialisation.</param>
    public HierarchicalStart Get(int initialization, int seed) =>
        _starts.GetOrAdd((initialization, seed), key => new Lazy<HierarchicalStart>(() => Create(key.Initialization, key.Seed))).Value;

    private HierarchicalStart Create(int initialization, int seed)
    {
        const int limit = HierarchicalClustering.LargestNumberOfDistinctRows;
        WeightedRows chosen = rows;
        if (initialization >= 2)
        {
            int counting = Enumerable.Range(0, rows.Count).Count(n => rows.Weight(n) > 0);
            chosen = RowSample.Draw(rows, Math.Min(limit, (counting + 1) / 2), maximumNumberOfComponents, new Random(seed));
        }
        else if (DistinctRows.Find(rows, Enumerable.Range(0, rows.Count), limit + 1).Count > limit)
        {
            chosen = RowSample.Draw(rows, limit, maximumNumberOfComponents, new Random(seed));
        }
        return new HierarchicalStart(chosen, new HierarchicalClustering(chosen, moments, whiten: initialization % 2 == 0, cancellationToken));
    }
}

/// <summary>Rows and a tree of their clusters.</summary>
/// <param name="Rows">The rows that the clustering has seen.</param>
/// <param name="Clustering">Their clusters.</param>
internal sealed record HierarchicalStart(WeightedRows Rows, HierarchicalClustering Clustering);
