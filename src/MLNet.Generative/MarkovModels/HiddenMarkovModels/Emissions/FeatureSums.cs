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

    /// <summary>Gives every state one more frame, the mean of all, so that nothing is impossible in one state that occurs in another.</summary>
    /// <param name="weight">The weight of that frame.</param>
    public void AddMeanFrame(double weight)
    {
        for (int j = 0; j < dimension; j++)
        {
            double total = 0, sum = 0;
            for (int k = 0; k < numberOfStates; k++)
            {
                total += Weights[k * dimension + j];
                sum += Sums[k * dimension + j];
            }
            for (int k = 0; k < numberOfStates && total > 0; k++)
            {
                Weights[k * dimension + j] += weight;
                Sums[k * dimension + j] += weight * (sum / total);
            }
        }
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
