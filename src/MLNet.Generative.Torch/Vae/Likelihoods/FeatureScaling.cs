using System.Numerics.Tensors;

namespace MLNet.Generative;

/// <summary>
/// The network's units: (x − <see cref="Means"/>) / <see cref="Scales"/>, feature by feature. Computed in double before anything becomes 32 bits, so that large offsets cost nothing.
/// </summary>
/// <param name="Means">What is subtracted.</param>
/// <param name="Scales">What it is divided by; positive.</param>
internal sealed record FeatureScaling(double[] Means, double[] Scales)
{
    private const double RoundingShare = 1e-15;

    /// <summary>Features as they are.</summary>
    public static FeatureScaling None(int dimension)
    {
        var scales = new double[dimension];
        Array.Fill(scales, 1);
        return new FeatureScaling(new double[dimension], scales);
    }

    /// <summary>To mean 0 and standard deviation 1 over the values that are known; a constant feature takes the root mean square of the others' scales.</summary>
    /// <param name="rows">Rows, one after another, with NaN for a value that is missing. Every feature has one that is not.</param>
    /// <param name="dimension">The number of features.</param>
    /// <param name="constant">The features that are constant, up to rounding.</param>
    /// <param name="weights">A positive weight for each row; empty for weights of 1.</param>
    /// <exception cref="InvalidOperationException">The difference of two values of a feature overflows.</exception>
    public static FeatureScaling Standardize(ReadOnlySpan<double> rows, int dimension, out IReadOnlyList<int> constant, ReadOnlySpan<double> weights = default)
    {
        var means = new double[dimension];
        var scales = new double[dimension];
        var found = new List<int>();
        int count = rows.Length / dimension;
        double largestWeight = weights.IsEmpty ? 1 : TensorPrimitives.Max(weights);
        for (int j = 0; j < dimension; j++)
        {
            // Around the first value, so that an offset far larger than the spread cancels before it is squared; over the largest, so that no square overflows.
            double origin = FirstKnown(rows, dimension, j);
            double largest = 0;
            for (int n = 0; n < count; n++)
            {
                double value = rows[n * dimension + j];
                if (!double.IsNaN(value))
                    largest = Math.Max(largest, Math.Abs(value - origin));
            }
            if (!double.IsFinite(largest))
                throw new InvalidOperationException($"The values of feature {j} are too far apart for a standard deviation. Divide them by a constant.");
            double mean = 0;
            double variance = 0;
            if (largest > 0)
            {
                mean = Average(rows, dimension, j, weights, largestWeight, origin, largest);
                // A second time, around the mean: a row of next to no weight may lie where differences of squares have no digits left.
                variance = Average(rows, dimension, j, weights, largestWeight, origin, largest, mean);
            }
            double scale = largest * Math.Sqrt(variance);
            means[j] = origin + mean * largest;
            // Differences of a few last bits are rounding, not information.
            bool varies = double.IsNormal(scale) && double.IsFinite(1 / scale) && scale > RoundingShare * Math.Abs(means[j]);
            scales[j] = varies ? scale : 0;
            if (scales[j] == 0)
                found.Add(j);
        }

        double typical = found.Count == dimension ? 1 : RootMeanSquare([.. scales.Where(scale => scale > 0)]);
        foreach (int j in found)
            scales[j] = typical;
        constant = found;
        return new FeatureScaling(means, scales);
    }

    /// <summary>The root of the mean square of positive numbers, however large or small they are.</summary>
    public static double RootMeanSquare(double[] values)
    {
        double largest = values.Max();
        return largest * Math.Sqrt(values.Average(value => value / largest * (value / largest)));
    }

    /// <summary>Turns rows into the network's units. A missing value stays NaN.</summary>
    public void Apply(ReadOnlySpan<double> rows, Span<float> scaled)
    {
        for (int i = 0, j = 0; i < rows.Length; i++)
        {
            scaled[i] = (float)((rows[i] - Means[j]) / Scales[j]);
            j = j + 1 == Means.Length ? 0 : j + 1;
        }
    }

    /// <summary>Turns rows in the network's units into the features' own.</summary>
    public void Invert(ReadOnlySpan<float> scaled, Span<double> rows)
    {
        for (int i = 0, j = 0; i < rows.Length; i++)
        {
            rows[i] = Means[j] + Scales[j] * scaled[i];
            j = j + 1 == Means.Length ? 0 : j + 1;
        }
    }

    // The weighted mean over known values of (x − origin) / unit or, around a center, of the square of its distance from there.
    private static double Average(ReadOnlySpan<double> rows, int dimension, int feature, ReadOnlySpan<double> weights, double largestWeight, double origin, double unit, double? center = null)
    {
        double sum = 0;
        double known = 0;
        for (int i = feature, n = 0; i < rows.Length; i += dimension, n++)
        {
            double value = (rows[i] - origin) / unit;
            if (double.IsNaN(value))
                continue;
            double weight = weights.IsEmpty ? 1 : weights[n] / largestWeight;
            double distance = value - (center ?? 0);
            sum += weight * (center is null ? value : distance * distance);
            known += weight;
        }
        return sum / known;
    }

    private static double FirstKnown(ReadOnlySpan<double> rows, int dimension, int feature)
    {
        int i = feature;
        while (double.IsNaN(rows[i]))
            i += dimension;
        return rows[i];
    }
}
