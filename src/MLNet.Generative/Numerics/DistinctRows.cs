namespace MLNet.Generative;

/// <summary>Tells rows with equal values apart from different ones.</summary>
internal static class DistinctRows
{
    /// <summary>The first <paramref name="limit"/> rows, in the order given, that have a positive weight and differ from each other; fewer if there are no more.</summary>
    public static List<int> Find(WeightedRows rows, IEnumerable<int> candidates, int limit)
    {
        var found = new List<int>();
        var seen = new HashSet<int>(new RowComparer(rows));
        foreach (int row in candidates)
        {
            if (found.Count == limit)
                break;
            if (rows.Weight(row) > 0 && seen.Add(row))
                found.Add(row);
        }
        return found;
    }

    /// <summary>All different rows of positive weight in the order of their values, each with the weights of its equals, and for every row the index of its own: −1 if its weight is 0.</summary>
    public static (WeightedRows Rows, int[] Indices) Merge(WeightedRows rows)
    {
        List<int> found = Find(rows, Enumerable.Range(0, rows.Count), int.MaxValue);
        found.Sort((x, y) => rows.Row(x).SequenceCompareTo(rows.Row(y)));
        var indexOf = new Dictionary<int, int>(new RowComparer(rows));
        foreach (int row in found)
            indexOf.Add(row, indexOf.Count);

        var indices = new int[rows.Count];
        var weights = new double[found.Count];
        for (int n = 0; n < indices.Length; n++)
        {
            indices[n] = rows.Weight(n) > 0 ? indexOf[n] : -1;
            if (indices[n] >= 0)
                weights[indices[n]] += rows.Weight(n);
        }
        var values = new double[found.Count * rows.Dimension];
        for (int n = 0; n < found.Count; n++)
            rows.Row(found[n]).CopyTo(values.AsSpan(n * rows.Dimension));
        return (new WeightedRows(values, rows.Dimension, weights), indices);
    }

    private sealed class RowComparer(WeightedRows rows) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => rows.Row(x).SequenceEqual(rows.Row(y));

        public int GetHashCode(int row)
        {
            var hash = new HashCode();
            foreach (double value in rows.Row(row))
                hash.Add(value);
            return hash.ToHashCode();
        }
    }
}
