using System.Collections.Concurrent;
using System.Globalization;

namespace MLNet.Generative;

/// <summary>The mean, variances and covariance of the training rows: what floors, starting points and the test for degeneracy refer to.</summary>
internal sealed class DataMoments
{
    // The square of a spread must be a normal number, with room for sums and ratios of squares.
    private const double SmallestSpread = 1e-140;
    private const double LargestMagnitude = 1e140;

    // In standard deviations of the data.
    private const double FarAway = 1e4;

    private DataMoments(double[] mean, double[] variances, double[]? covariance)
    {
        Mean = mean;
        Variances = variances;
        Covariance = covariance;
    }

    /// <summary>The weighted mean of each feature.</summary>
    public double[] Mean { get; }

    /// <summary>The weighted population variance of each feature; exactly 0 for a constant one.</summary>
    public double[] Variances { get; }

    /// <summary>The weighted population covariance, D × D row-major; <see langword="null"/> where only variances were asked for.</summary>
    public double[]? Covariance { get; }

    /// <summary>Computes the moments in two passes, the second about the mean.</summary>
    /// <exception cref="ArgumentException">There is no row of positive weight, or a value is not finite or too large or close to compute with.</exception>
    public static DataMoments Of(WeightedRows rows, bool withCovariance, int numberOfThreads, CancellationToken cancellationToken)
    {
        if (rows.Count == 0)
            throw new ArgumentException("There are no rows to learn from.", nameof(rows));
        if (!(rows.TotalWeight > 0))
            throw new ArgumentException($"All {rows.Count} rows have weight 0. Give at least one row a positive weight.", nameof(rows));

        bool[] isConstant = CheckRange(rows);
        int anyRow = Enumerable.Range(0, rows.Count).First(n => rows.Weight(n) > 0);
        WeightedScatter first = Scatter(rows, rows.Row(anyRow).ToArray(), isDiagonal: true, numberOfThreads, cancellationToken);
        WeightedScatter second = Scatter(rows, first.Mean, !withCovariance, numberOfThreads, cancellationToken);

        int dimension = rows.Dimension;
        var mean = new double[dimension];
        var variances = new double[dimension];
        for (int j = 0; j < dimension; j++)
        {
            // Exactly the constant, and exactly 0: a mean of equal numbers can differ from them in the last bit.
            mean[j] = isConstant[j] ? rows.Row(anyRow)[j] : second.Mean[j];
            variances[j] = isConstant[j] ? 0 : second.Matrix[withCovariance ? j * dimension + j : j] / second.Weight;
        }
        double[]? covariance = withCovariance ? Array.ConvertAll(second.Matrix, sum => sum / second.Weight) : null;
        return new DataMoments(mean, variances, covariance);
    }

    /// <summary>The moments of one feature alone.</summary>
    public DataMoments Feature(int feature) => new([Mean[feature]], [Variances[feature]], [Variances[feature]]);

    /// <summary>
    /// The point about which a component's sums are taken: its mean, near which nothing cancels; or the mean of the data, if the component lies so far outside them
    /// that differences from its mean would all be the same.
    /// </summary>
    public double[] ReferenceFor(double[] mean)
    {
        for (int j = 0; j < mean.Length; j++)
        {
            if (!(Math.Abs(mean[j] - Mean[j]) <= FarAway * Math.Sqrt(Variances[j])))
                return Mean;
        }
        return mean;
    }

    private static WeightedScatter Scatter(WeightedRows rows, double[] reference, bool isDiagonal, int numberOfThreads, CancellationToken cancellationToken)
    {
        var tiles = new ConcurrentBag<RowTile>();
        GaussianStatistics sums = BlockReduction.Run(
            BlockReduction.CountBlocks(rows.Count),
            numberOfThreads,
            [],
            () => new GaussianStatistics(rows.Dimension, isDiagonal),
            (block, statistics) =>
            {
                RowTile tile = tiles.TryTake(out RowTile? free) ? free : new RowTile(rows.Dimension);
                (int tileIndex, int end) = rows.TilesOfBlock(block);
                for (; tileIndex < end; tileIndex++)
                {
                    rows.Load(tile, tileIndex);
                    statistics.Add(tile, reference, tile.Weights);
                }
                tiles.Add(tile);
            },
            cancellationToken);
        return sums.Center(reference);
    }

    /// <summary>Which features are constant over the rows that count, once all values are known to have squares.</summary>
    private static bool[] CheckRange(WeightedRows rows)
    {
        int dimension = rows.Dimension;
        double[] lowest = [.. Enumerable.Repeat(double.PositiveInfinity, dimension)];
        double[] highest = [.. Enumerable.Repeat(double.NegativeInfinity, dimension)];
        var largest = new double[dimension];
        for (int n = 0; n < rows.Count; n++)
        {
            ReadOnlySpan<double> row = rows.Row(n);
            bool counts = rows.Weight(n) > 0;
            for (int j = 0; j < row.Length; j++)
            {
                double value = row[j];
                if (!double.IsFinite(value))
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Row {n}, feature {j} is {value}. Every value must be finite: remove the row, or replace the value."), nameof(rows));
                largest[j] = Math.Max(largest[j], Math.Abs(value));
                if (counts)
                    (lowest[j], highest[j]) = (Math.Min(lowest[j], value), Math.Max(highest[j], value));
            }
        }

        var isConstant = new bool[dimension];
        for (int j = 0; j < dimension; j++)
        {
            double range = highest[j] - lowest[j];
            isConstant[j] = range == 0;
            if (largest[j] > LargestMagnitude || (!isConstant[j] && range < SmallestSpread))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Feature {j} has values up to {largest[j]:g3} in magnitude, in a range of {range:g3}: their squares cannot be computed with in double precision. Rescale the feature."), nameof(rows));
        }
        return isConstant;
    }
}
