namespace MLNet.Generative;

/// <summary>Draws rows by their weights.</summary>
internal static class RowSample
{
    /// <summary>A random sample, or the rows themselves if they are not more.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="size">The number of rows to draw.</param>
    /// <param name="numberOfDistinctRows">The sample has at least so many different rows of positive weight, if the rows have; for that it may be larger than asked for.</param>
    /// <param name="random">The source of randomness.</param>
    public static WeightedRows Draw(WeightedRows rows, int size, int numberOfDistinctRows, Random random)
    {
        if (rows.Count <= size)
            return rows;

        int[] order = Shuffle(rows, random);
        var chosen = new SortedSet<int>(order.AsSpan(0, size).ToArray());
        // Rare rows may all have been missed; clusters need as many distinct rows as there are of them.
        if (DistinctRows.Find(rows, chosen, numberOfDistinctRows).Count < numberOfDistinctRows)
            chosen.UnionWith(DistinctRows.Find(rows, order, numberOfDistinctRows));

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
    public static int[] Shuffle(WeightedRows rows, Random random)
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
