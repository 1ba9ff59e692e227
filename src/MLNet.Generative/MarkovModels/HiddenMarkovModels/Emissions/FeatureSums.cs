using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MLNet.Generative;

/// <summary>For each state and feature Σ γ and Σ γ x over the frames in which the feature is present: all that independent Poisson or Bernoulli values need.</summary>
/// <param name="numberOfStates">K.</param>
/// <param name="dimension">D.</param>
/// <param name="needsWholeFrames">Whether a frame with a missing value counts for nothing.</param>
internal sealed class FeatureSums(int numberOfStates, int dimension, bool needsWholeFrames) : EmissionStatistics
{
    private readonly double[] _totals = new double[needsWholeFrames ? RowTile.Rows : 0];

    /// <summary>Σ γ, states × features.</summary>
    public double[] Weights { get; } = new double[numberOfStates * dimension];

    /// <summary>Σ γ x, states × features.</summary>
    public double[] Sums { get; } = new double[numberOfStates * dimension];

    /// <inheritdoc/>
    public override void Add(RowTile tile, int count, ReadOnlySpan<double> responsibilities)
    {
        if (needsWholeFrames)
            AddUp(tile);
        for (int k = 0; k < numberOfStates; k++)
        {
            ReadOnlySpan<double> line = responsibilities.Slice(k * RowTile.Rows, RowTile.Rows);
            for (int j = 0; j < dimension; j++)
            {
                ReadOnlySpan<double> values = tile.Values.Slice(j * RowTile.Rows, RowTile.Rows);
                (double weight, double sum) = Sum(values, needsWholeFrames ? _totals : values, line);
                Weights[k * dimension + j] += weight;
                Sums[k * dimension + j] += sum;
            }
        }
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        Weights.AsSpan().Clear();
        Sums.AsSpan().Clear();
    }

    /// <inheritdoc/>
    public override void Merge(EmissionStatistics other)
    {
        var sums = (FeatureSums)other;
        TensorPrimitives.Add(Weights, sums.Weights, Weights);
        TensorPrimitives.Add(Sums, sums.Sums, Sums);
    }

    /// <summary>Gives every state one more frame, usually the mean of all, so that nothing that occurs anywhere is impossible in a state.</summary>
    /// <param name="frame">The frame; NaN where a value is missing.</param>
    /// <param name="weight">The weight of that frame.</param>
    public void AddFrame(ReadOnlySpan<double> frame, double weight)
    {
        for (int i = 0; i < Weights.Length; i++)
        {
            double value = frame[i % dimension];
            if (double.IsNaN(value))
                continue;
            Weights[i] += weight;
            Sums[i] += weight * value;
        }
    }

    /// <summary>The mean of each feature over the frames in which it is present; NaN where it never is.</summary>
    public static double[] MeanFrame(WeightedRows frames, bool needsWholeFrames)
    {
        var sums = new FeatureSums(1, frames.Dimension, needsWholeFrames);
        ClusteredFrames.AddTo(sums, frames, new int[frames.Count], 1);
        var mean = new double[frames.Dimension];
        for (int j = 0; j < mean.Length; j++)
            mean[j] = sums.Sums[j] / sums.Weights[j];
        return mean;
    }

    // The total of a frame with a missing value is missing.
    private void AddUp(RowTile tile)
    {
        _totals.AsSpan().Clear();
        for (int j = 0; j < dimension; j++)
            TensorPrimitives.Add(_totals, tile.Values.Slice(j * RowTile.Rows, RowTile.Rows), _totals);
    }

    private static (double Weight, double Sum) Sum(ReadOnlySpan<double> values, ReadOnlySpan<double> presence, ReadOnlySpan<double> responsibilities)
    {
        ref double x = ref MemoryMarshal.GetReference(values);
        ref double p = ref MemoryMarshal.GetReference(presence);
        ref double r = ref MemoryMarshal.GetReference(responsibilities);
        Vector512<double> weight = default, sum = default;
        for (nuint n = 0; n < RowTile.Rows; n += Lanes.Count)
        {
            Vector512<double> present = Vector512.LoadUnsafe(ref p, n);
            Vector512<double> isPresent = Vector512.Equals(present, present);
            Vector512<double> counted = Vector512.ConditionalSelect(isPresent, Vector512.LoadUnsafe(ref r, n), Vector512<double>.Zero);
            weight += counted;
            sum = Lanes.MultiplyAdd(counted, Vector512.ConditionalSelect(isPresent, Vector512.LoadUnsafe(ref x, n), Vector512<double>.Zero), sum);
        }
        return (Lanes.Sum(weight), Lanes.Sum(sum));
    }
}
