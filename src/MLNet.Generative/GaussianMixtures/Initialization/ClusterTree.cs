namespace MLNet.Generative;

/// <summary>
/// A tree of clusters, from single rows up: the two clusters whose union raises the sum of costs least become one, again and again, until one is left. It holds the
/// clusters for every number of them.
/// </summary>
/// <remarks>Memory is of the order of the square of the number of rows, time too but for rows whose nearest clusters change often.</remarks>
internal sealed class ClusterTree
{
    private readonly ClusterScatters _scatters;
    private readonly int _count;
    private readonly (int Cluster, int Other)[] _unions;

    // The rise of the union of i and j > i at i · count + j. Single precision halves the memory, and rises that are equal but for rounding are equal: then the first pair is taken.
    private readonly float[] _rises;
    private readonly bool[] _isThere;

    // For each cluster the one after it with the lowest rise.
    private readonly int[] _nearest;
    private readonly float[] _lowest;

    /// <param name="scatters">The rows; used up.</param>
    /// <param name="cancellationToken">Stops between rows.</param>
    public ClusterTree(ClusterScatters scatters, CancellationToken cancellationToken)
    {
        _scatters = scatters;
        _count = scatters.Count;
        _unions = new (int, int)[_count - 1];
        _rises = new float[_count * _count];
        _isThere = [.. Enumerable.Repeat(true, _count)];
        _nearest = new int[_count];
        _lowest = new float[_count];
        Build(cancellationToken);
    }

    /// <summary>The cluster of each row, from 0, in the order of their first rows.</summary>
    /// <param name="numberOfClusters">From 1 to the number of rows.</param>
    public int[] Clusters(int numberOfClusters)
    {
        int[] parents = [.. Enumerable.Range(0, _count)];
        foreach ((int cluster, int other) in _unions.AsSpan(0, _count - numberOfClusters))
            parents[other] = cluster;
        var clusters = new int[_count];
        int next = 0;
        for (int n = 0; n < _count; n++)
            // A cluster goes by its first row, and has its number by now.
            clusters[n] = parents[n] == n ? next++ : clusters[parents[n]];
        return clusters;
    }

    private void Build(CancellationToken cancellationToken)
    {
        var rises = new double[_count];
        for (int n = 0; n < _count; n++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _scatters.RisesOfUnions(n, n, _count, rises);
            for (int other = n + 1; other < _count; other++)
                _rises[n * _count + other] = (float)rises[other];
            FindNearest(n);
        }
        for (int step = 0; step < _unions.Length; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int cluster = LowestCluster();
            int other = _nearest[cluster];
            _unions[step] = (cluster, other);
            _scatters.RisesOfUnions(cluster, other, other + 1, rises);
            _scatters.Unite(cluster, other, rises[other]);
            _isThere[other] = false;
            _scatters.RisesOfUnions(cluster, 0, _count, rises);
            Update(cluster, other, rises);
        }
    }

    private int LowestCluster()
    {
        int best = -1;
        for (int n = 0; n < _count; n++)
        {
            if (_isThere[n] && _nearest[n] >= 0 && (best < 0 || _lowest[n] < _lowest[best]))
                best = n;
        }
        return best;
    }

    private void Update(int cluster, int other, double[] rises)
    {
        for (int n = 0; n < cluster; n++)
            _rises[n * _count + cluster] = (float)rises[n];
        for (int n = cluster + 1; n < _count; n++)
            _rises[cluster * _count + n] = (float)rises[n];

        FindNearest(cluster);
        for (int n = 0; n < other; n++)
        {
            if (!_isThere[n] || n == cluster)
                continue;
            float rise = _rises[n * _count + cluster];
            if (_nearest[n] == cluster || _nearest[n] == other)
                FindNearest(n);
            else if (n < cluster && (rise < _lowest[n] || (rise == _lowest[n] && cluster < _nearest[n])))
                (_nearest[n], _lowest[n]) = (cluster, rise);
        }
    }

    private void FindNearest(int cluster)
    {
        (int nearest, float lowest) = (-1, float.PositiveInfinity);
        ReadOnlySpan<float> rises = _rises.AsSpan(cluster * _count, _count);
        for (int other = cluster + 1; other < _count; other++)
        {
            if (_isThere[other] && (nearest < 0 || rises[other] < lowest))
                (nearest, lowest) = (other, rises[other]);
        }
        (_nearest[cluster], _lowest[cluster]) = (nearest, lowest);
    }
}
