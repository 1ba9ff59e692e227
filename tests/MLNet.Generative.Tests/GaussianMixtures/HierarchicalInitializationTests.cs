using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Model-based hierarchical clustering as the start of a mixture: its tree against a slow twin, and the fits that it leads to.</summary>
public sealed class HierarchicalInitializationTests
{
    [Theory]
    [InlineData(1, 1e-2)]
    [InlineData(2, 1e-3)]
    [InlineData(3, 0.1)]
    [InlineData(7, 100)]
    public void The_tree_is_that_of_the_slow_twin(int dimension, double ridge)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            WeightedRows rows = Rows([.. Enumerable.Range(0, 23 * dimension).Select(_ => random.NextDouble() + random.Next(2))], dimension, [.. Enumerable.Range(0, 23).Select(_ => 0.5 + random.NextDouble())]);
            var tree = new ClusterTree(new ClusterScatters(rows, ridge), TestContext.Current.CancellationToken);
            List<int[]> twin = SlowTwin(rows, ridge);
            for (int k = 1; k <= rows.Count; k++)
                Assert.Equal(Numbered(twin[k]), tree.Clusters(k));
        }
    }

    [Fact]
    public void Separate_groups_are_found_whatever_their_shapes()
    {
        // A narrow band across a wide one, and a group apart.
        var random = new Random(3);
        double[] rows =
        [
            .. Enumerable.Range(0, 60).SelectMany(_ => new[] { 10 * random.NextDouble(), 0.01 * random.NextDouble() }),
            .. Enumerable.Range(0, 60).SelectMany(_ => new[] { 30 + 0.01 * random.NextDouble(), 10 * random.NextDouble() }),
            .. Enumerable.Range(0, 60).SelectMany(_ => new[] { 50 + random.NextDouble(), 50 + random.NextDouble() }),
        ];
        foreach (bool whiten in new[] { true, false })
        {
            int[] clusters = Clustering(Rows(rows, 2), whiten).Clusters(3);
            Assert.Equal([60, 60, 60], clusters.Chunk(60).Select(group => group.Count(cluster => cluster == group[0])));
            Assert.Equal(3, clusters.Distinct().Count());
        }
    }

    [Theory]
    [InlineData(CovarianceType.EEE, 3, -1126.31592782)]
    [InlineData(CovarianceType.VVV, 2, -1130.26396018)]
    [InlineData(CovarianceType.EII, 2, -1709.68137295)]
    public void One_start_reaches_the_known_optima_of_faithful(CovarianceType type, int components, double logLikelihood) =>
        Assert.Equal(logLikelihood, Fit(ClassicData.Faithful, 2, components, type).LogLikelihood, 1e-6);

    [Fact]
    public void One_start_reaches_the_known_optimum_of_iris() =>
        Assert.Equal(561.728462, Fit(ClassicData.Iris, 4, 2, CovarianceType.VEV).Bic, 2e-6);

    [Fact]
    public void A_few_starts_reach_what_takes_many_of_k_means()
    {
        Assert.Equal(-1127.0075, Fit(ClassicData.Faithful, 2, 3, CovarianceType.VVI, starts: 8).LogLikelihood, 1e-4);
        Assert.Equal(-334.2861, Fit(ClassicData.Iris, 4, 4, CovarianceType.VII).LogLikelihood, 1e-4);
        Assert.Equal(-180.1855, Fit(ClassicData.Iris, 4, 3, CovarianceType.VVV, starts: 2).LogLikelihood, 1e-4);
    }

    [Fact]
    public void Further_starts_differ_and_are_never_worse()
    {
        WeightedRows rows = Rows(ClassicData.Iris, 4);
        var starts = new HierarchicalStarts(rows, Moments(rows), 5, TestContext.Current.CancellationToken);
        Assert.Equal([150, 150, 75, 75], Enumerable.Range(0, 4).Select(i => starts.Get(i, seed: i).Rows.Count));
        Assert.NotEqual(starts.Get(2, 2).Rows.Row(0).ToArray(), starts.Get(3, 3).Rows.Row(0).ToArray());
        Assert.Same(starts.Get(1, 1), starts.Get(1, 1));
        Assert.NotEqual(starts.Get(0, 0).Clustering.Clusters(5), starts.Get(1, 1).Clustering.Clusters(5));

        double before = double.NegativeInfinity;
        foreach (int count in new[] { 1, 2, 4 })
        {
            FitSummary summary = Fit(ClassicData.Iris, 4, 5, CovarianceType.VVI, count);
            Assert.True(summary.LogLikelihood >= before);
            before = summary.LogLikelihood;
        }
    }

    [Fact]
    public void The_order_of_rows_and_of_features_does_not_matter()
    {
        int[] order = [.. Enumerable.Range(0, 150)];
        new Random(4).Shuffle(order);
        double[] shuffled = [.. order.SelectMany(n => new[] { 2, 0, 3, 1 }.Select(j => ClassicData.Iris[4 * n + j]))];
        foreach (CovarianceType type in new[] { CovarianceType.VVV, CovarianceType.VVI, CovarianceType.EEE })
            Assert.Equal(Fit(ClassicData.Iris, 4, 3, type, 2).LogLikelihood, Fit(shuffled, 4, 3, type, 2).LogLikelihood, 1e-5);
    }

    [Fact]
    public void A_weight_is_a_number_of_equal_rows_and_weight_zero_is_none()
    {
        double[] weights = [.. Enumerable.Range(0, 150).Select(n => (double)(n % 4))];
        double[] repeated = [.. Enumerable.Range(0, 150).SelectMany(n => Enumerable.Repeat(ClassicData.Iris[(4 * n)..(4 * n + 4)], n % 4)).SelectMany(row => row)];
        foreach (bool whiten in new[] { true, false })
        {
            int[] weighted = Clustering(Rows(ClassicData.Iris, 4, weights), whiten).Clusters(6);
            int[] unweighted = Clustering(Rows(repeated, 4), whiten).Clusters(6);
            Assert.Equal(Enumerable.Range(0, 150).SelectMany(n => Enumerable.Repeat(weighted[n], n % 4)), unweighted);
            Assert.Equal(weighted, Clustering(Rows(ClassicData.Iris, 4, [.. weights.Select(weight => weight * 1e-100)]), whiten).Clusters(6));
        }
    }

    [Theory]
    [InlineData(1e50)]
    [InlineData(1e-50)]
    public void Scales_do_not_matter(double scale)
    {
        double[] scaled = [.. ClassicData.Iris.Select((value, i) => i % 4 == 2 ? value * scale : value)];
        foreach (bool whiten in new[] { true, false })
            Assert.Equal(Clustering(Rows(ClassicData.Iris, 4), whiten).Clusters(4), Clustering(Rows(scaled, 4), whiten).Clusters(4));
    }

    [Fact]
    public void Constant_and_repeated_features_change_nothing_when_whitened()
    {
        double[] wider = [.. ClassicData.Iris.Chunk(4).SelectMany(row => new[] { 7, row[0], row[1], row[2], row[3], row[0] + row[1] })];
        Assert.Equal(Clustering(Rows(ClassicData.Iris, 4), whiten: true).Clusters(4), Clustering(Rows(wider, 6), whiten: true).Clusters(4));
        Assert.True(double.IsFinite(Fit(wider, 6, 3, CovarianceType.VVV).LogLikelihood));
    }

    [Fact]
    public void Few_rows_have_trees_too()
    {
        HierarchicalClustering one = Clustering(Rows([5, 5, 5, 5], 2), whiten: true);
        Assert.Equal(1, one.NumberOfDistinctRows);
        Assert.Equal([0, 0], one.Clusters(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => one.Clusters(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => one.Clusters(0));

        double[] rows = [3, 1, 2, 2, 9];
        Assert.Equal([2, 0, 1, 1, 3], Clustering(Rows(rows, 1), whiten: true).Clusters(4));
        foreach (int starts in new[] { 1, 5 })
            Assert.True(double.IsFinite(Fit(rows, 1, 4, CovarianceType.VVV, starts).LogLikelihood));
    }

    [Fact]
    public void Many_features_are_taken_along_few_directions()
    {
        var random = new Random(5);
        double[] rows = [.. Enumerable.Range(0, 90 * 400).Select(i => random.NextDouble() + (i / 400 % 3 == i % 400 % 3 ? 1 : 0))];
        foreach (bool whiten in new[] { true, false })
        {
            int[] clusters = Clustering(Rows(rows, 400), whiten).Clusters(3);
            Assert.Equal(3, clusters[..3].Distinct().Count());
            Assert.All(Enumerable.Range(0, 90), n => Assert.Equal(clusters[n % 3], clusters[n]));
        }
    }

    [Fact]
    public void Many_rows_are_sampled_and_rare_heavy_ones_are_not_missed()
    {
        var random = new Random(6);
        var rows = new double[50_000];
        var weights = new double[50_000];
        for (int n = 0; n < rows.Length; n++)
        {
            bool isHeavy = n % 2500 == 0;
            rows[n] = (isHeavy ? 100 + 50 * (n / 2500 % 2) : 0) + random.NextDouble();
            weights[n] = isHeavy ? 1e4 : 1;
        }
        var options = new GaussianMixtureEstimator.Options { NumberOfComponents = 3, Initialization = GaussianMixtureInitialization.Hierarchical };
        GaussianMixtureFit fit = GaussianMixtureLearner.Fit(rows, 1, options, weights);
        Assert.Equal([0, 100, 150], fit.Model.Means.Select(mean => Math.Floor(mean[0])).Order());

        WeightedRows all = Rows(rows, 1, weights);
        WeightedRows chosen = new HierarchicalStarts(all, Moments(all), 3, TestContext.Current.CancellationToken).Get(0, 1).Rows;
        Assert.Equal(HierarchicalClustering.LargestNumberOfDistinctRows, chosen.Count);
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        foreach (int starts in new[] { 1, 4 })
        {
            Assert.Single(new[] { 1, 2, 4 }.Select(threads => string.Join(' ', GaussianMixtureLearner.Fit(ClassicData.Iris, 4, new GaussianMixtureEstimator.Options
            {
                NumberOfComponents = 4,
                Initialization = GaussianMixtureInitialization.Hierarchical,
                NumberOfInitializations = starts,
                NumberOfThreads = threads,
            }).Summary.LogLikelihoodTrace.Select(BitConverter.DoubleToInt64Bits))).Distinct());
        }
    }

    [Fact]
    public void It_can_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        WeightedRows rows = Rows(ClassicData.Iris, 4);
        Assert.Throws<OperationCanceledException>(() => new HierarchicalClustering(rows, Moments(rows), whiten: true, cancellation.Token));
    }

    [Fact]
    public void Too_many_components_are_an_error_that_says_what_to_do()
    {
        double[] rows = [.. Enumerable.Range(0, 3000).Select(n => (double)n)];
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => Fit(rows, 1, 1001, CovarianceType.EEE)).Message;
        Assert.Contains("KMeansPlusPlus", message, StringComparison.Ordinal);
    }

    private static FitSummary Fit(double[] rows, int dimension, int components, CovarianceType type, int starts = 1) =>
        GaussianMixtureLearner.Fit(rows, dimension, new GaussianMixtureEstimator.Options
        {
            NumberOfComponents = components,
            CovarianceType = type,
            Initialization = GaussianMixtureInitialization.Hierarchical,
            NumberOfInitializations = starts,
            Tolerance = 1e-13,
            MaximumNumberOfIterations = 5000,
        }).Summary;

    private static HierarchicalClustering Clustering(WeightedRows rows, bool whiten) => new(rows, Moments(rows), whiten, TestContext.Current.CancellationToken);

    private static DataMoments Moments(WeightedRows rows) => DataMoments.Of(rows, withCovariance: rows.Dimension <= 256, 1, TestContext.Current.CancellationToken);

    private static WeightedRows Rows(double[] rows, int dimension, double[]? weights = null) => new(rows, dimension, weights);

    /// <summary>Tries all pairs in every step. The clusters of each row by the number of clusters.</summary>
    private static List<int[]> SlowTwin(WeightedRows rows, double ridge)
    {
        var clusters = Enumerable.Range(0, rows.Count).Select(n => new List<int> { n }).ToList();
        var found = new List<int[]>(Enumerable.Repeat(Array.Empty<int>(), rows.Count + 1));
        while (true)
        {
            var labels = new int[rows.Count];
            for (int c = 0; c < clusters.Count; c++)
                clusters[c].ForEach(n => labels[n] = c);
            found[clusters.Count] = labels;
            if (clusters.Count == 1)
                return found;

            (int a, int b) = (from i in Enumerable.Range(0, clusters.Count)
                              from j in Enumerable.Range(i + 1, clusters.Count - i - 1)
                              select (i, j)).MinBy(pair => Cost(rows, [.. clusters[pair.i], .. clusters[pair.j]], ridge) - Cost(rows, clusters[pair.i], ridge) - Cost(rows, clusters[pair.j], ridge));
            clusters[a].AddRange(clusters[b]);
            clusters.RemoveAt(b);
        }
    }

    private static double Cost(WeightedRows rows, List<int> cluster, double ridge)
    {
        int dimension = rows.Dimension;
        double total = cluster.Sum(rows.Weight);
        double[] mean = [.. Enumerable.Range(0, dimension).Select(j => cluster.Sum(n => rows.Weight(n) * rows.Row(n)[j]) / total)];
        var covariance = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(dimension, dimension, (i, j) =>
            cluster.Sum(n => rows.Weight(n) * (rows.Row(n)[i] - mean[i]) * (rows.Row(n)[j] - mean[j])) / total + (i == j ? ridge : 0));
        return total * Math.Log(covariance.Determinant());
    }

    private static int[] Numbered(int[] labels)
    {
        var numbers = new Dictionary<int, int>();
        return Array.ConvertAll(labels, label => numbers.TryGetValue(label, out int number) ? number : numbers[label] = numbers.Count);
    }
}
