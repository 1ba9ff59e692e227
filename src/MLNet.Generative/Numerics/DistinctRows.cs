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
