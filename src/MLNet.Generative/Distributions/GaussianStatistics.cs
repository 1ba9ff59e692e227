using System.Numerics.Tensors;

namespace MLNet.Generative;

/// <summary>
/// What one Gaussian component needs to know of the rows: N = Σ r, Σ r (x − c) and Σ r (x − c)(x − c)ᵀ, where r are responsibilities and c is a
/// reference point near the rows, usually the component's current mean. Sums about c instead of 0 lose nothing when data lie far from 0.
/// </summary>
internal sealed class GaussianStatistics(int dimension, bool isDiagonal) : IBlockStatistics<GaussianStatistics>
{
    private readonly double[] _first = new double[dimension];
    private readonly double[] _second = new double[isDiagonal ? dimension : ScatterKernel.BlockedLength(dimension)];

    /// <summary>N = Σ r.</summary>
    public double Weight { get; private set; }

    /// <summary>Adds a tile's rows with their responsibilities.</summary>
    /// <param name="tile">The rows.</param>
    /// <param name="reference">The reference point c, the same for all rows that are added.</param>
    /// <param name="responsibilities">r of each row.</param>
    public void Add(RowTile tile, ReadOnlySpan<double> reference, ReadOnlySpan<double> responsibilities)
    {
        Weight += ScatterKernel.Weight(responsibilities);
        if (isDiagonal)
            ScatterKernel.Diagonal(tile, reference, responsibilities, _first, _second);
        else
            ScatterKernel.Full(tile, reference, responsibilities, _first, _second);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        Weight = 0;
        _first.AsSpan().Clear();
        _second.AsSpan().Clear();
    }

    /// <inheritdoc/>
    public void Merge(GaussianStatistics other)
    {
        Weight += other.Weight;
        TensorPrimitives.Add(_first, other._first, _first);
        TensorPrimitives.Add(_second, other._second, _second);
    }

    /// <summary>Moves the sums from the reference point to the mean of the rows.</summary>
    /// <param name="reference">The reference point c.</param>
    public WeightedScatter Center(ReadOnlySpan<double> reference)
    {
        var shift = new double[dimension];
        var mean = new double[dimension];
        for (int j = 0; j < dimension; j++)
        {
            shift[j] = _first[j] / Weight;
            mean[j] = reference[j] + shift[j];
        }

        if (isDiagonal)
        {
            var diagonal = new double[dimension];
            for (int j = 0; j < dimension; j++)
                diagonal[j] = Math.Max(0, _second[j] - shift[j] * _first[j]);
            return new WeightedScatter(Weight, mean, diagonal);
        }

        var scatter = new double[dimension * dimension];
        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double sum = _second[ScatterKernel.BlockedIndex(i, j)] - shift[i] * _first[j];
                scatter[i * dimension + j] = scatter[j * dimension + i] = i == j ? Math.Max(0, sum) : sum;
            }
        }
        return new WeightedScatter(Weight, mean, scatter);
    }

    /// <summary>Writes the sums: the weight, then the first and second moments.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Weight);
        foreach (double value in _first)
            writer.Write(value);
        foreach (double value in _second)
            writer.Write(value);
    }

    /// <summary>Reads what <see cref="Write"/> wrote of statistics of the same shape.</summary>
    public void Read(BinaryReader reader)
    {
        Weight = reader.ReadDouble();
        for (int i = 0; i < _first.Length; i++)
            _first[i] = reader.ReadDouble();
        for (int i = 0; i < _second.Length; i++)
            _second[i] = reader.ReadDouble();
    }
}

/// <summary>Σ r (x − mean)(x − mean)ᵀ over rows of total weight N = Σ r.</summary>
/// <param name="Weight">N.</param>
/// <param name="Mean">The mean of the rows.</param>
/// <param name="Matrix">The scatter, D × D row-major, or its diagonal.</param>
internal readonly record struct WeightedScatter(double Weight, double[] Mean, double[] Matrix);
