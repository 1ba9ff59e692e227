namespace MLNet.Generative;

/// <summary>The values that training rows lack: NaN.</summary>
internal sealed class MissingFeatures
{
    private readonly long _values;
    private readonly int _incompleteRows;
    private readonly int _rows;

    private MissingFeatures(long values, int incompleteRows, int rows, IReadOnlyList<int> emptyRows)
    {
        _values = values;
        _incompleteRows = incompleteRows;
        _rows = rows;
        EmptyRows = emptyRows;
    }

    /// <summary>No value is missing.</summary>
    public static MissingFeatures None { get; } = new(0, 0, 0, []);

    /// <summary>Whether any value is missing.</summary>
    public bool Any => _values > 0;

    /// <summary>The rows of which no value is known, in ascending order: there is nothing to learn from them.</summary>
    public IReadOnlyList<int> EmptyRows { get; }

    /// <summary>Finds them.</summary>
    /// <param name="rows">The rows, one after another.</param>
    /// <param name="dimension">The number of features.</param>
    /// <param name="names">What errors call a feature.</param>
    /// <exception cref="InvalidOperationException">A feature is missing in every row.</exception>
    public static MissingFeatures Find(ReadOnlySpan<double> rows, int dimension, FeatureNames names)
    {
        int count = rows.Length / dimension;
        long values = 0;
        int incompleteRows = 0;
        var missingPerFeature = new int[dimension];
        var emptyRows = new List<int>();
        for (int n = 0; n < count; n++)
        {
            int found = 0;
            ReadOnlySpan<double> row = rows.Slice(n * dimension, dimension);
            for (int j = 0; j < row.Length; j++)
            {
                if (!double.IsNaN(row[j]))
                    continue;
                found++;
                missingPerFeature[j]++;
            }
            values += found;
            incompleteRows += found > 0 ? 1 : 0;
            if (found == dimension)
                emptyRows.Add(n);
        }

        int unknown = Array.IndexOf(missingPerFeature, count);
        if (unknown >= 0)
            throw new InvalidOperationException($"All {count} rows have a missing value (NaN) in {names.Feature(unknown)}, so there is nothing to learn about it. Remove the feature, or give rows in which it is known.");
        return new MissingFeatures(values, incompleteRows, count, emptyRows);
    }

    /// <summary>What a summary says about them.</summary>
    public IEnumerable<string> Remarks()
    {
        if (Any)
            yield return $"{_values} values are missing, in {_incompleteRows} of {_rows} rows: they were left out of the reconstruction term.";
        if (EmptyRows.Count > 0)
            yield return $"{EmptyRows.Count} of {_rows} rows have no value at all, and were left out of the training.";
    }

    /// <summary>What belongs to the rows that have a value: the memory itself if all have.</summary>
    /// <param name="values">As many values for each row.</param>
    /// <param name="width">How many: the number of features for the rows themselves.</param>
    public ReadOnlyMemory<double> WithoutEmptyRows(ReadOnlyMemory<double> values, int width)
    {
        if (EmptyRows.Count == 0)
            return values;
        var kept = new double[values.Length - EmptyRows.Count * width];
        int to = 0;
        int from = 0;
        foreach (int end in EmptyRows.Append(_rows))
        {
            ReadOnlySpan<double> run = values.Span[(from * width)..(end * width)];
            run.CopyTo(kept.AsSpan(to));
            to += run.Length;
            from = end + 1;
        }
        return kept;
    }
}
