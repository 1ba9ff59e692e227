using System.Runtime.CompilerServices;

namespace MLNet.Generative;

/// <summary>
/// A few rows, transposed: feature j of all rows lies side by side, so that one vector holds the same feature of eight rows. Kernels run over tiles
/// because a tile, and its differences from a mean, stay in the nearest cache while every component looks at them.
/// </summary>
/// <remarks>Unused places at the end of a short tile hold the last row with weight 0: they are computed and count for nothing.</remarks>
internal sealed class RowTile
{
    /// <summary>Rows in a tile.</summary>
    public const int Rows = 128;

    private readonly double[] _values;
    private readonly double[] _differences;
    private readonly double[] _weightedDifferences;
    private readonly double[] _weights = new double[Rows];

    public RowTile(int dimension)
    {
        Dimension = dimension;
        PaddedDimension = (dimension + 3) / 4 * 4;
        _values = new double[dimension * Rows];
        _differences = new double[PaddedDimension * Rows];
        _weightedDifferences = new double[PaddedDimension * Rows];
    }

    /// <summary>Features in a row.</summary>
    public int Dimension { get; }

    /// <summary>The dimension rounded up to a multiple of four; the differences of the added features are always 0.</summary>
    public int PaddedDimension { get; }

    /// <summary>The weight of each row of the tile; 0 beyond its end.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>The rows, features × rows.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Scratch for x − μ of a component, padded features × rows. Padding stays 0.</summary>
    public Span<double> Differences => _differences;

    /// <summary>Scratch for r (x − μ) of a component, padded features × rows. Padding stays 0.</summary>
    public Span<double> WeightedDifferences => _weightedDifferences;

    /// <summary>Takes <paramref name="count"/> rows, at least one and at most <see cref="Rows"/>, from a row-major block.</summary>
    /// <param name="rows">The block, count × dimension.</param>
    /// <param name="weights">One weight per row; empty for weights of 1.</param>
    /// <param name="count">The number of rows.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Load(ReadOnlySpan<double> rows, ReadOnlySpan<double> weights, int count)
    {
        int dimension = Dimension;
        double[] values = _values;
        for (int n = 0; n < count; n++)
        {
            ReadOnlySpan<double> row = rows.Slice(n * dimension, dimension);
            for (int j = 0; j < row.Length; j++)
                values[j * Rows + n] = row[j];
        }
        for (int j = 0; j < dimension && count < Rows; j++)
            values.AsSpan(j * Rows + count, Rows - count).Fill(values[j * Rows + count - 1]);

        if (weights.IsEmpty)
            _weights.AsSpan(0, count).Fill(1);
        else
            weights[..count].CopyTo(_weights);
        _weights.AsSpan(count).Clear();
    }

    /// <summary>Takes some features of the rows of another tile.</summary>
    /// <param name="tile">The other tile.</param>
    /// <param name="firstFeature">The first of the <see cref="Dimension"/> features to take.</param>
    public void LoadFeatures(RowTile tile, int firstFeature)
    {
        tile._values.AsSpan(firstFeature * Rows, Dimension * Rows).CopyTo(_values);
        tile._weights.CopyTo(_weights, 0);
    }
}
