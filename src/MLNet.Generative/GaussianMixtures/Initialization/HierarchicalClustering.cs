namespace MLNet.Generative;

/// <summary>
/// Model-based hierarchical clustering (Banfield and Raftery 1993; Fraley 1998): clusters for a mixture to start from. Rows are agglomerated once; the clusters for every
/// number of them follow.
/// </summary>
/// <remarks>
/// The rows are taken along their <see cref="PrincipalComponents"/>, as Scrucca and Raftery (2015) found better than in their features. Equal rows are one row of their
/// summed weight from the beginning. Rows are put in the order of their values first: the order in which they come does not matter, but for rounding.
/// </remarks>
internal sealed class HierarchicalClustering
{
    /// <summary>Memory and time grow with the square of the number of distinct rows: more than this should be sampled.</summary>
    public const int LargestNumberOfDistinctRows = 2000;

    /// <summary>The largest number of clusters that a mixture may start from.</summary>
    public const int LargestNumberOfClusters = 1000;

    // Chosen on Old Faithful, iris and breast cancer data, together: the two clusterings rarely miss the same optima.
    private const double RidgeOfWhitened = 0.01;
    private const double RidgeOfStandardized = 0.1;

    // In very many features, clusters have too few rows for covariances of their own, and whitening would make noise as large as the rest.
    private const double RidgeOfMany = 1;
    private const double RidgeOfManyRounder = 10;

    private readonly ClusterTree _tree;
    private readonly int[] _distinct;

    /// <param name="rows">The rows; at least one has a positive weight.</param>
    /// <param name="moments">The moments of the data.</param>
    /// <param name="whiten">
    /// Whether the data's covariance is made the identity, so that clusters may be flat in any direction; otherwise features are only standardised. Each finds
    /// optima that the other misses. With more than sixteen directions both standardise, and make clusters less or more round.
    /// </param>
    /// <param name="cancellationToken">Stops between rows.</param>
    public HierarchicalClustering(WeightedRows rows, DataMoments moments, bool whiten, CancellationToken cancellationToken)
    {
        (WeightedRows distinct, _distinct) = DistinctRows.Merge(rows);
        NumberOfDistinctRows = distinct.Count;
        PrincipalComponents axes = PrincipalComponents.Of(distinct, moments);
        double ridge = (whiten, axes.AreAll) switch
        {
            (true, true) => RidgeOfWhitened,
            (false, true) => RidgeOfStandardized,
            (true, false) => RidgeOfManyRounder,
            (false, false) => RidgeOfMany,
        };
        _tree = new ClusterTree(new ClusterScatters(axes.Project(distinct, whiten && axes.AreAll), ridge), cancellationToken);
    }

    /// <summary>The number of different rows of positive weight: the largest number of clusters.</summary>
    public int NumberOfDistinctRows { get; }

    /// <summary>The cluster of each row, from 0; that of a row of weight 0 is 0.</summary>
    /// <param name="numberOfClusters">From 1 to <see cref="NumberOfDistinctRows"/>.</param>
    public int[] Clusters(int numberOfClusters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfClusters, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(numberOfClusters, NumberOfDistinctRows);
        int[] clusters = _tree.Clusters(numberOfClusters);
        return Array.ConvertAll(_distinct, row => row < 0 ? 0 : clusters[row]);
    }
}
