namespace MLNet.Generative;

/// <summary>Rows of D features, row-major in one block of memory, each with a weight.</summary>
internal sealed class WeightedRows
{
    // Sums of squares are products of a weight and a square.
    private const double LargestTotalWeight = 1e20;

    private readonly ReadOnlyMemory<double> _values;
    private readonly ReadOnlyMemory<double> _weights;

    /// <param name="values">Count × dimension values.</param>
    /// <param name="dimension">D.</param>
    /// <param name="weights">One weight per row; empty for weights of 1.</param>
    /// <exception cref="ArgumentException">The lengths do not fit, or a weight is negative or not finite.</exception>
    public WeightedRows(ReadOnlyMemory<double> values, int dimension, ReadOnlyMemory<double> weights)
    {
        if (dimension < 1)
            throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "A row has at least one feature.");
        if (values.Length % dimension != 0)
            throw new ArgumentException($"{values.Length} values are not a whole number of rows of {dimension} features.", nameof(values));
        Count = values.Length / dimension;
        if (!weights.IsEmpty && weights.Length != Count)
            throw new ArgumentException($"There are {Count} rows but {weights.Length} weights. Give one weight per row, or none.", nameof(weights));

        _values = values;
        _weights = weights;
        Dimension = dimension;
        (TotalWeight, SmallestPositiveWeight) = weights.IsEmpty ? (Count, 1) : CheckWeights(weights.Span);
    }

    /// <summary>The number of rows.</summary>
    public int Count { get; }

    /// <summary>D.</summary>
    public int Dimension { get; }

    /// <summary>The sum of the weights: the number of rows that the data stand for.</summary>
    public double TotalWeight { get; }

    /// <summary>The smallest weight that is not 0.</summary>
    public double SmallestPositiveWeight { get; }

    /// <summary>The weight of a row.</summary>
    public double Weight(int row) => _weights.IsEmpty ? 1 : _weights.Span[row];

    /// <summary>A row.</summary>
    public ReadOnlySpan<double> Row(int row) => _values.Span.Slice(row * Dimension, Dimension);

    /// <summary>A copy of some of the rows with their weights, in the order given.</summary>
    public WeightedRows Take(ReadOnlySpan<int> rows)
    {
        var values = new double[rows.Length * Dimension];
        var weights = new double[rows.Length];
        for (int n = 0; n < rows.Length; n++)
        {
            Row(rows[n]).CopyTo(values.AsSpan(n * Dimension));
            weights[n] = Weight(rows[n]);
        }
        return new WeightedRows(values, Dimension, weights);
    }

    /// <summary>The number of tiles that cover the rows.</summary>
    public int NumberOfTiles => (Count + RowTile.Rows - 1) / RowTile.Rows;

    /// <summary>The tiles of a block.</summary>
    public (int First, int End) TilesOfBlock(int block)
    {
        const int tilesPerBlock = BlockReduction.BlockRows / RowTile.Rows;
        return (block * tilesPerBlock, Math.Min(NumberOfTiles, (block + 1) * tilesPerBlock));
    }

    /// <summary>Loads the rows of one tile and returns their number.</summary>
    public int Load(RowTile tile, int index)
    {
        int first = index * RowTile.Rows;
        int count = Math.Min(RowTile.Rows, Count - first);
        ReadOnlySpan<double> weights = _weights.IsEmpty ? default : _weights.Span.Slice(first, count);
        tile.Load(_values.Span.Slice(first * Dimension, count * Dimension), weights, count);
        return count;
    }

    private static (double Sum, double SmallestPositive) CheckWeights(ReadOnlySpan<double> weights)
    {
        double sum = 0, smallest = double.PositiveInfinity;
        for (int n = 0; n < weights.Length; n++)
        {
            if (!(weights[n] >= 0) || double.IsInfinity(weights[n]))
                throw new ArgumentException($"The weight of row {n} is {weights[n]}. Weights are finite and not negative.", nameof(weights));
            sum += weights[n];
            if (weights[n] > 0)
                smallest = Math.Min(smallest, weights[n]);
        }
        if (sum > LargestTotalWeight)
            throw new ArgumentException($"The weights sum to {sum:g3}, too much to compute with. Divide them by a number.", nameof(weights));
        return (sum, smallest);
    }
}
