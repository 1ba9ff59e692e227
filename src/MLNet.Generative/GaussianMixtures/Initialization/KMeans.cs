using System.Runtime.CompilerServices;

namespace MLNet.Generative;

/// <summary>
/// k-means on standardised features, the usual starting point for a mixture: distances are Σ_j (x_j − c_j)² / v_j, with v_j the variance of feature j.
/// </summary>
/// <remarks>
/// Seeding is greedy k-means++ (Arthur and Vassilvitskii 2007): a row becomes a center with probability proportional to its weight times its squared
/// distance to the centers so far, the best of several draws is kept, and rows equal to a center are never drawn. Lloyd steps run until no row changes its cluster.
/// </remarks>
internal sealed class KMeans
{
    private const int MaximumNumberOfSteps = 300;

    private readonly WeightedRows _rows;
    private readonly double[] _inverseDeviations;
    private readonly Random _random;
    private readonly CancellationToken _cancellationToken;
    private readonly RowTile _tile;

    public KMeans(WeightedRows rows, double[] variances, Random random, CancellationToken cancellationToken)
    {
        _rows = rows;
        _random = random;
        _cancellationToken = cancellationToken;
        _tile = new RowTile(rows.Dimension);
        // A constant feature tells no rows apart.
        _inverseDeviations = Array.ConvertAll(variances, variance => variance > 0 ? 1 / Math.Sqrt(variance) : 0);
    }

    /// <summary>The clusters of the best of several runs: the one with the smallest sum of squares.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="variances">The variance of each feature.</param>
    /// <param name="numberOfClusters">K.</param>
    /// <param name="runs">The number of runs.</param>
    /// <param name="seed">The seed of all of them.</param>
    /// <param name="numberOfThreads">Runs go side by side on so many threads.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    public static int[] BestClusters(WeightedRows rows, double[] variances, int numberOfClusters, int runs, int seed, int numberOfThreads, CancellationToken cancellationToken)
    {
        var found = new (int[] Clusters, double SumOfSquares)[runs];
        // A generator of its own for every run: their order does not matter.
        Parallel.For(0, runs, new ParallelOptions { MaxDegreeOfParallelism = numberOfThreads, CancellationToken = cancellationToken }, run =>
        {
            var random = new Random(unchecked(seed + 104_729 * (run + 1)));
            found[run] = new KMeans(rows, variances, random, cancellationToken).Cluster(numberOfClusters);
        });
        return found.MinBy(run => run.SumOfSquares).Clusters;
    }

    /// <summary>The cluster of each row, and the sum of squared distances to their centers. Every cluster has a row of positive weight, if there are enough distinct rows.</summary>
    /// <param name="numberOfClusters">K.</param>
    public (int[] Clusters, double SumOfSquares) Cluster(int numberOfClusters)
    {
        double[][] centers = Seed(numberOfClusters);
        var clusters = new int[_rows.Count];
        Array.Fill(clusters, -1);
        double sumOfSquares = double.PositiveInfinity;
        for (int step = 0; step < MaximumNumberOfSteps; step++)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            if (!Assign(centers, clusters, out sumOfSquares))
                break;
            centers = Average(centers, clusters);
        }
        return (clusters, sumOfSquares);
    }

    private double[][] Seed(int numberOfClusters)
    {
        var centers = new double[numberOfClusters][];
        int trials = 2 + (int)Math.Log(numberOfClusters);
        var nearest = new double[_rows.Count];
        Array.Fill(nearest, 1);
        for (int k = 0; k < numberOfClusters; k++)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            double lowest = double.PositiveInfinity;
            double[] best = nearest;
            for (int trial = 0; trial < (k == 0 ? 1 : trials); trial++)
            {
                int row = Draw(nearest);
                double[] distances = DistancesTo(_rows.Row(row).ToArray());
                double potential = 0;
                for (int n = 0; n < distances.Length; n++)
                {
                    distances[n] = k == 0 ? distances[n] : Math.Min(distances[n], nearest[n]);
                    potential += _rows.Weight(n) * distances[n];
                }
                if (potential < lowest)
                {
                    lowest = potential;
                    best = distances;
                    centers[k] = _rows.Row(row).ToArray();
                }
            }
            nearest = best;
        }
        return centers;
    }

    private int Draw(double[] distances)
    {
        double total = 0;
        for (int n = 0; n < distances.Length; n++)
            total += _rows.Weight(n) * distances[n];

        double remaining = _random.NextDouble() * total;
        int last = 0;
        for (int n = 0; n < distances.Length; n++)
        {
            double share = _rows.Weight(n) * distances[n];
            if (share <= 0)
                continue;
            last = n;
            if (remaining < share)
                break;
            remaining -= share;
        }
        return last;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double[] DistancesTo(double[] center)
    {
        var distances = new double[_rows.Count];
        Span<double> line = stackalloc double[RowTile.Rows];
        for (int tileIndex = 0; tileIndex < _rows.NumberOfTiles; tileIndex++)
        {
            int count = _rows.Load(_tile, tileIndex);
            MahalanobisKernel.Diagonal(_tile, center, _inverseDeviations, line);
            line[..count].CopyTo(distances.AsSpan(tileIndex * RowTile.Rows));
        }
        return distances;
    }

    /// <summary>Moves every row to its nearest center and gives an empty cluster the row farthest from its own.</summary>
    /// <returns>Whether any row moved.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private bool Assign(double[][] centers, int[] clusters, out double sumOfSquares)
    {
        bool moved = false;
        sumOfSquares = 0;
        var sizes = new double[centers.Length];
        var nearest = new double[_rows.Count];
        Span<double> line = stackalloc double[RowTile.Rows];
        Span<double> lowest = stackalloc double[RowTile.Rows];
        Span<int> best = stackalloc int[RowTile.Rows];
        for (int tileIndex = 0; tileIndex < _rows.NumberOfTiles; tileIndex++)
        {
            int count = _rows.Load(_tile, tileIndex);
            lowest.Fill(double.PositiveInfinity);
            for (int k = 0; k < centers.Length; k++)
            {
                MahalanobisKernel.Diagonal(_tile, centers[k], _inverseDeviations, line);
                for (int n = 0; n < count; n++)
                {
                    if (line[n] < lowest[n])
                    {
                        lowest[n] = line[n];
                        best[n] = k;
                    }
                }
            }
            for (int n = 0; n < count; n++)
            {
                int row = tileIndex * RowTile.Rows + n;
                moved |= clusters[row] != best[n];
                clusters[row] = best[n];
                nearest[row] = lowest[n] * (_rows.Weight(row) > 0 ? 1 : 0);
                sumOfSquares += lowest[n] * _rows.Weight(row);
                sizes[best[n]] += _rows.Weight(row);
            }
        }

        for (int k = 0; k < centers.Length; k++)
        {
            if (sizes[k] > 0)
                continue;
            int farthest = Array.IndexOf(nearest, nearest.Max());
            if (nearest[farthest] <= 0)
                continue;
            clusters[farthest] = k;
            nearest[farthest] = 0;
            moved = true;
        }
        return moved;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double[][] Average(double[][] centers, int[] clusters)
    {
        int dimension = _rows.Dimension;
        var weights = new double[centers.Length];
        double[][] shifts = Array.ConvertAll(centers, _ => new double[dimension]);
        for (int n = 0; n < clusters.Length; n++)
        {
            int k = clusters[n];
            double weight = _rows.Weight(n);
            weights[k] += weight;
            ReadOnlySpan<double> row = _rows.Row(n);
            for (int j = 0; j < dimension; j++)
                shifts[k][j] += weight * (row[j] - centers[k][j]);
        }
        for (int k = 0; k < centers.Length; k++)
        {
            for (int j = 0; j < dimension; j++)
                shifts[k][j] = centers[k][j] + (weights[k] > 0 ? shifts[k][j] / weights[k] : 0);
        }
        return shifts;
    }
}
