using System.Numerics.Tensors;

namespace MLNet.Generative;

/// <summary>The directions in which standardised features vary most, at most sixteen: rows in few coordinates, free of the units of the features and of features that repeat others.</summary>
internal sealed class PrincipalComponents
{
    private const int LargestNumberOfAxes = 16;

    // Of the variance along the first axis: with less, a direction is rounding.
    private const double SmallestShare = 1e-10;

    // Many more features than these are not compared with each other: rows are, of which so many span the axes well enough.
    private const int RowsForManyFeatures = 200;

    private readonly double[] _mean;
    private readonly double[][] _axes;
    private readonly double[] _variances;

    private PrincipalComponents(double[] mean, double[][] axes, double[] variances, bool areAll)
    {
        _mean = mean;
        _axes = axes;
        _variances = variances;
        AreAll = areAll;
    }

    /// <summary>Whether no direction in which rows differ has been left out.</summary>
    public bool AreAll { get; }

    /// <summary>The axes of all rows.</summary>
    /// <param name="rows">The rows, of positive weight; some of them span the axes where features are many.</param>
    /// <param name="moments">The moments that standardise the features.</param>
    public static PrincipalComponents Of(WeightedRows rows, DataMoments moments)
    {
        // A constant feature tells no rows apart.
        double[] inverse = Array.ConvertAll(moments.Variances, variance => variance > 0 ? 1 / Math.Sqrt(variance) : 0);
        return moments.Covariance is { } covariance && rows.Dimension <= ThinCovariance.LargestDimensionWithCovariance
            ? OfCorrelations(covariance, moments.Mean, inverse)
            : OfRows(rows, moments.Mean, inverse);
    }

    /// <summary>The coordinates of rows along the axes.</summary>
    /// <param name="rows">The rows; their weights stay.</param>
    /// <param name="whiten">Whether coordinates are divided by their deviations, so that all have variance 1.</param>
    public WeightedRows Project(WeightedRows rows, bool whiten)
    {
        int count = _axes.Length;
        var values = new double[rows.Count * count];
        var weights = new double[rows.Count];
        double[] scales = Array.ConvertAll(_variances, variance => whiten ? 1 / Math.Sqrt(variance) : 1);
        for (int n = 0; n < rows.Count; n++)
        {
            ReadOnlySpan<double> row = rows.Row(n);
            weights[n] = rows.Weight(n);
            for (int a = 0; a < count; a++)
            {
                double sum = 0;
                for (int j = 0; j < row.Length; j++)
                    sum += _axes[a][j] * (row[j] - _mean[j]);
                values[n * count + a] = sum * scales[a];
            }
        }
        return new WeightedRows(values, count, weights);
    }

    private static PrincipalComponents OfCorrelations(double[] covariance, double[] mean, double[] inverse)
    {
        int dimension = mean.Length;
        var correlations = new double[dimension * dimension];
        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j < dimension; j++)
                correlations[i * dimension + j] = covariance[i * dimension + j] * inverse[i] * inverse[j];
        }
        double[] vectors = JacobiEigenvalues.Diagonalize(correlations, dimension, 0);
        return Largest(mean, correlations, dimension, (e, axis) =>
        {
            for (int j = 0; j < dimension; j++)
                axis[j] = vectors[j * dimension + e] * inverse[j];
        });
    }

    /// <summary>From the inner products of rows: their eigenvectors are the coordinates of the rows along the axes.</summary>
    private static PrincipalComponents OfRows(WeightedRows rows, double[] mean, double[] inverse)
    {
        int count = Math.Min(rows.Count, RowsForManyFeatures);
        var standardized = new double[count][];
        double total = 0;
        for (int n = 0; n < count; n++)
        {
            // At equal distances over all rows, whatever their order means.
            int row = (int)((long)n * rows.Count / count);
            double root = Math.Sqrt(rows.Weight(row) / rows.TotalWeight * rows.Count);
            standardized[n] = new double[mean.Length];
            for (int j = 0; j < mean.Length; j++)
                standardized[n][j] = root * (rows.Row(row)[j] - mean[j]) * inverse[j];
            total += root * root;
        }

        var products = new double[count * count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j <= i; j++)
                products[i * count + j] = products[j * count + i] = TensorPrimitives.Dot<double>(standardized[i], standardized[j]) / total;
        }
        double[] vectors = JacobiEigenvalues.Diagonalize(products, count, 0);
        return Largest(mean, products, count, (e, axis) =>
        {
            double scale = 1 / Math.Sqrt(products[e * count + e] * total);
            for (int n = 0; n < count; n++)
            {
                for (int j = 0; j < axis.Length; j++)
                    axis[j] += vectors[n * count + e] * scale * standardized[n][j];
            }
            for (int j = 0; j < axis.Length; j++)
                axis[j] *= inverse[j];
        });
    }

    private static PrincipalComponents Largest(double[] mean, double[] diagonalized, int order, Action<int, double[]> fill)
    {
        double Eigenvalue(int e) => diagonalized[e * order + e];
        int[] sorted = [.. Enumerable.Range(0, order).OrderByDescending(Eigenvalue)];
        if (!(Eigenvalue(sorted[0]) > 0))
            return new PrincipalComponents(mean, [new double[mean.Length]], [1], areAll: true);

        int[] spread = [.. sorted.Where(e => Eigenvalue(e) > SmallestShare * Eigenvalue(sorted[0]))];
        int[] kept = [.. spread.Take(LargestNumberOfAxes)];
        double[][] axes = Array.ConvertAll(kept, e =>
        {
            var axis = new double[mean.Length];
            fill(e, axis);
            return axis;
        });
        return new PrincipalComponents(mean, axes, Array.ConvertAll(kept, Eigenvalue), areAll: kept.Length == spread.Length);
    }
}
