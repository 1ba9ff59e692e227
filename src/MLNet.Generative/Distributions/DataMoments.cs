using System.Collections.Concurrent;
using System.Globalization;

namespace MLNet.Generative;

/// <summary>The mean, variances and covariance of the training rows: what floors, starting points and the test for degeneracy refer to.</summary>
internal sealed class DataMoments
{
    // The square of a spread must be a normal number, with room for sums and ratios of squares.
    private const double SmallestSpread = 1e-140;
    private const double LargestMagnitude = 1e140;

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

        WeightedScatter first = Scatter(rows, rows.Row(0).ToArray(), isDiagonal: true, numberOfThreads, cancellationToken);
        CheckRange(rows, first);
        WeightedScatter second = Scatter(rows, first.Mean, !withCovariance, numberOfThreads, cancellationToken);

        int dimension = rows.Dimension;
        var variances = new double[dimension];
        for (int j = 0; j < dimension; j++)
        {
            // The second mean can differ from a constant's value in the last bit, the first cannot: its differences are exactly 0.
            bool isConstant = first.Matrix[j] == 0;
            variances[j] = isConstant ? 0 : second.Matrix[withCovariance ? j * dimension + j : j] / second.Weight;
        }
        double[]? covariance = withCovariance ? Array.ConvertAll(second.Matrix, sum => sum / second.Weight) : null;
        return new DataMoments(second.Mean, variances, covariance);
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

    private static void CheckRange(WeightedRows rows, WeightedScatter scatter)
    {
        for (int j = 0; j < rows.Dimension; j++)
        {
            double variance = scatter.Matrix[j] / scatter.Weight;
            bool isFine = variance == 0 || (variance > SmallestSpread * SmallestSpread && variance < LargestMagnitude * LargestMagnitude);
            if (isFine && Math.Abs(scatter.Mean[j]) < LargestMagnitude)
                continue;

            for (int n = 0; n < rows.Count; n++)
            {
                if (!double.IsFinite(rows.Row(n)[j]))
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Row {n}, feature {j} is {rows.Row(n)[j]}. Every value must be finite: remove the row, or replace the value."), nameof(rows));
            }
            double largest = Enumerable.Range(0, rows.Count).Max(n => Math.Abs(rows.Row(n)[j]));
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Feature {j} has values up to {largest:g3} in magnitude that are too large, or too close together, to square their differences in double precision. Rescale it."), nameof(rows));
        }
    }
}
