using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace MLNet.Generative;

/// <summary>Statistics of a block of rows that can be added to those of another block.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IBlockStatistics<TSelf>
    where TSelf : class, IBlockStatistics<TSelf>
{
    /// <summary>Sets all sums to zero.</summary>
    void Clear();

    /// <summary>Adds the sums of <paramref name="other"/>, which covers the rows that follow.</summary>
    void Merge(TSelf other);
}

/// <summary>
/// Sums over rows that come out the same to the last bit for any number of threads. Rows are cut into blocks of constant size, counted from row 0; each
/// block has statistics of its own, and these are merged by one binary tree over the block index: 0 with 1, 2 with 3, then pairs of pairs.
/// Threads decide only who merges, never what is merged.
/// </summary>
internal static class BlockReduction
{
    /// <summary>Rows in a block.</summary>
    public const int BlockRows = 1024;

    /// <summary>The number of blocks that <paramref name="numberOfRows"/> rows make.</summary>
    public static int CountBlocks(int numberOfRows) => (numberOfRows + BlockRows - 1) / BlockRows;

    /// <summary>Accumulates every block and returns the merged statistics.</summary>
    /// <param name="numberOfBlocks">At least 1.</param>
    /// <param name="numberOfThreads">At least 1.</param>
    /// <param name="pool">Statistics to use and, afterwards, to use again; grows as needed.</param>
    /// <param name="create">Makes empty statistics.</param>
    /// <param name="accumulate">Adds a block's rows to empty statistics; runs on several threads at once.</param>
    /// <param name="cancellationToken">Stops between blocks.</param>
    public static TStatistics Run<TStatistics>(
        int numberOfBlocks,
        int numberOfThreads,
        ConcurrentBag<TStatistics> pool,
        Func<TStatistics> create,
        Action<int, TStatistics> accumulate,
        CancellationToken cancellationToken)
        where TStatistics : class, IBlockStatistics<TStatistics>
    {
        var tree = new MergeTree<TStatistics>(numberOfBlocks, pool);
        int next = -1;

        void Work()
        {
            for (int block = Interlocked.Increment(ref next); block < numberOfBlocks; block = Interlocked.Increment(ref next))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (pool.TryTake(out TStatistics? statistics))
                    statistics.Clear();
                else
                    statistics = create();
                accumulate(block, statistics);
                tree.Add(block, statistics);
            }
        }

        int workers = Math.Min(numberOfThreads, numberOfBlocks);
        if (workers == 1)
        {
            Work();
        }
        else
        {
            try
            {
                Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, _ => Work());
            }
            catch (AggregateException exception)
            {
                ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
            }
        }
        return tree.Root;
    }

    private sealed class MergeTree<TStatistics>
        where TStatistics : class, IBlockStatistics<TStatistics>
    {
        private readonly int _leaves;
        private readonly ConcurrentBag<TStatistics> _pool;
        private readonly List<TStatistics?[]> _waiting = [];
        private TStatistics? _root;

        public MergeTree(int leaves, ConcurrentBag<TStatistics> pool)
        {
            _leaves = leaves;
            _pool = pool;
            for (int nodes = leaves; nodes > 1; nodes = (nodes + 1) / 2)
                _waiting.Add(new TStatistics?[nodes / 2]);
        }

        public TStatistics Root => _root!;

        /// <summary>Climbs from a finished leaf. Of two siblings the first to come waits in their place, the second merges both and climbs on.</summary>
        public void Add(int leaf, TStatistics statistics)
        {
            int index = leaf;
            int nodes = _leaves;
            foreach (TStatistics?[] level in _waiting)
            {
                bool hasSibling = (index ^ 1) < nodes;
                if (hasSibling)
                {
                    TStatistics? sibling = Interlocked.CompareExchange(ref level[index / 2], statistics, null);
                    if (sibling is null)
                        return;
                    (TStatistics left, TStatistics right) = index % 2 == 0 ? (statistics, sibling) : (sibling, statistics);
                    left.Merge(right);
                    _pool.Add(right);
                    statistics = left;
                }
                index /= 2;
                nodes = (nodes + 1) / 2;
            }
            _root = statistics;
        }
    }
}
