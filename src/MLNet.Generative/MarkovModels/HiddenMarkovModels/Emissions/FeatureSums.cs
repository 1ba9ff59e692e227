using System.Numerics.Tensors;

namespace MLNet.Generative;

/// <summary>For each state its expected number of frames Σ γ and, for each feature, Σ γ x: all that Poisson, multinomial and Bernoulli emissions need to know.</summary>
internal sealed class FeatureSums(int numberOfStates, int dimension) : EmissionStatistics
{
    /// <summary>Σ γ of each state.</summary>
    public double[] Weights { get; } = new double[numberOfStates];

    /// <summary>Σ γ x, states × features.</summary>
    public double[] Sums { get; } = new double[numberOfStates * dimension];

    public override void Add(RowTile tile, int count, ReadOnlySpan<double> responsibilities)
    {
        for (int k = 0; k < numberOfStates; k++)
        {
            ReadOnlySpan<double> line = responsibilities.Slice(k * RowTile.Rows, count);
            Weights[k] += TensorPrimitives.Sum(line);
            for (int j = 0; j < dimension; j++)
                Sums[k * dimension + j] += TensorPrimitives.Dot(line, tile.Values.Slice(j * RowTile.Rows, count));
        }
    }

    public override void Clear()
    {
        Weights.AsSpan().Clear();
        Sums.AsSpan().Clear();
    }

    public override void Merge(EmissionStatistics other)
    {
        var sums = (FeatureSums)other;
        TensorPrimitives.Add(Weights, sums.Weights, Weights);
        TensorPrimitives.Add(Sums, sums.Sums, Sums);
    }

    /// <summary>The sums of frames in clusters, each state with one more frame like the mean of all: what no frame of a state shows is then unlikely, but not impossible.</summary>
    public static FeatureSums OfClusters(WeightedRows frames, int[]? clusters, DataMoments moments, int numberOfStates, Random random)
    {
        var sums = new FeatureSums(numberOfStates, frames.Dimension);
        ClusteredFrames.AddTo(sums, frames, clusters ?? ClusteredFrames.AtRandom(frames, numberOfStates, random), numberOfStates);
        for (int k = 0; k < numberOfStates; k++)
        {
            sums.Weights[k]++;
            for (int j = 0; j < frames.Dimension; j++)
                sums.Sums[k * frames.Dimension + j] += moments.Mean[j];
        }
        return sums;
    }
}
