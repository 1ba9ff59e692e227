using System.Numerics.Tensors;

namespace MLNet.Generative;

/// <summary>Makes the model from which Baum-Welch starts. Randomness comes from the seed alone, never from threads; with very many frames k-means works on a random sample of them.</summary>
internal sealed class HmmStart(SequenceSet sequences, DataMoments moments, HmmEstimator.Options options, EmissionLearner emissions, int numberOfThreads)
{
    private const int StartsOfFirstKMeans = 10;
    private const int SampleFrames = 16_384;
    private const int SampleFramesPerState = 256;

    /// <summary>The starting point of an initialisation.</summary>
    /// <param name="initialization">Which one, from 0. The first takes pains, the others take care to differ.</param>
    /// <param name="seed">The seed of all of them.</param>
    public HmmModel Create(int initialization, int seed)
    {
        if (options.InitialModel is { } given)
            return given;

        seed = unchecked(seed + 7919 * initialization);
        var random = new Random(seed);
        WeightedRows frames = Sample(random);
        int[]? clusters = emissions.CanStartFromClusters ? Cluster(frames, seed, initialization, random) : null;
        HmmEmission emission = emissions.Start(frames, clusters, random);

        int states = options.NumberOfStates;
        bool isFirst = initialization == 0;
        var transitions = new double[states * states];
        for (int i = 0; i < states; i++)
            Distribute(transitions.AsSpan(i * states, states), isFirst, random);
        var initial = new double[states];
        Distribute(initial, isFirst, random);
        return new HmmModel(initial, transitions, emission);
    }

    private int[] Cluster(WeightedRows frames, int seed, int initialization, Random random) => options.Initialization switch
    {
        HmmInitialization.Quantiles => ByQuantiles(frames),
        HmmInitialization.RandomFrames => ByNearest(frames, random),
        _ => KMeans.BestClusters(frames, moments.Variances, options.NumberOfStates, initialization == 0 ? StartsOfFirstKMeans : 1, seed, numberOfThreads, options.CancellationToken),
    };

    private int[] ByQuantiles(WeightedRows frames)
    {
        double[] direction = MainDirection();
        var values = new double[frames.Count];
        int[] order = [.. Enumerable.Range(0, frames.Count)];
        for (int n = 0; n < values.Length; n++)
        {
            for (int j = 0; j < direction.Length; j++)
                values[n] += direction[j] * (frames.Row(n)[j] - moments.Mean[j]);
        }
        Array.Sort(values, order);

        var clusters = new int[frames.Count];
        double before = 0;
        foreach (int n in order)
        {
            double weight = frames.Weight(n);
            clusters[n] = Math.Clamp((int)((before + weight / 2) / frames.TotalWeight * options.NumberOfStates), 0, options.NumberOfStates - 1);
            before += weight;
        }
        return clusters;
    }

    /// <summary>The direction in which the standardised features vary most, divided by their deviations; that of their sum where no covariances are known.</summary>
    private double[] MainDirection()
    {
        int dimension = moments.Mean.Length;
        double[] inverse = Array.ConvertAll(moments.Variances, variance => variance > 0 ? 1 / Math.Sqrt(variance) : 0);
        if (dimension == 1 || moments.Covariance is not { } covariance)
            return inverse;

        var correlations = new double[dimension * dimension];
        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j < dimension; j++)
                correlations[i * dimension + j] = covariance[i * dimension + j] * inverse[i] * inverse[j];
        }
        double[] vectors = JacobiEigenvalues.Diagonalize(correlations, dimension, 0);
        int largest = Enumerable.Range(0, dimension).MaxBy(e => correlations[e * dimension + e]);
        var direction = new double[dimension];
        for (int j = 0; j < dimension; j++)
            direction[j] = vectors[j * dimension + largest] * inverse[j];
        return direction;
    }

    private int[] ByNearest(WeightedRows frames, Random random)
    {
        int[] order = [.. Enumerable.Range(0, frames.Count)];
        random.Shuffle(order);
        List<int> chosen = DistinctRows.Find(frames, order, options.NumberOfStates);
        double[] inverse = Array.ConvertAll(moments.Variances, variance => variance > 0 ? 1 / variance : 0);
        var clusters = new int[frames.Count];
        for (int n = 0; n < clusters.Length; n++)
        {
            double nearest = double.PositiveInfinity;
            for (int k = 0; k < chosen.Count; k++)
            {
                double distance = 0;
                for (int j = 0; j < inverse.Length; j++)
                {
                    double difference = frames.Row(n)[j] - frames.Row(chosen[k])[j];
                    distance += difference * difference * inverse[j];
                }
                if (distance < nearest)
                    (nearest, clusters[n]) = (distance, k);
            }
        }
        return clusters;
    }

    private WeightedRows Sample(Random random)
    {
        WeightedRows frames = sequences.Frames;
        int size = Math.Max(SampleFrames, SampleFramesPerState * options.NumberOfStates);
        if (frames.Count <= size)
            return frames;

        int[] order = [.. Enumerable.Range(0, frames.Count)];
        random.Shuffle(order);
        var chosen = new SortedSet<int>(order.AsSpan(0, size).ToArray());
        // Rare frames may all have been missed; k-means needs as many distinct ones as states.
        if (DistinctRows.Find(frames, chosen, options.NumberOfStates).Count < options.NumberOfStates)
            chosen.UnionWith(DistinctRows.Find(frames, order, options.NumberOfStates));
        return frames.Take([.. chosen]);
    }

    private static void Distribute(Span<double> probabilities, bool equally, Random random)
    {
        for (int k = 0; k < probabilities.Length; k++)
            probabilities[k] = equally ? 1 : -Math.Log(1 - random.NextDouble());
        TensorPrimitives.Divide(probabilities, TensorPrimitives.Sum<double>(probabilities), probabilities);
    }
}
