namespace MLNet.Generative.Acceptance;

/// <summary>The training of a 784-400-20 autoencoder in batches of 128 on random images, in which one pixel in five is not black, as in MNIST: only its time is of interest.</summary>
/// <param name="numberOfRows">The number of images.</param>
/// <param name="numberOfThreads">The number of libtorch's threads; <see langword="null"/> for its own.</param>
internal sealed class RandomImagesTraining(int numberOfRows, int? numberOfThreads)
{
    private const int Pixels = 784;

    /// <summary>Trains.</summary>
    /// <param name="numberOfEpochs">How often to go through the images.</param>
    /// <param name="afterEpoch">Told the number of each epoch that is done, on the thread that trains.</param>
    /// <param name="stop">Stops it early.</param>
    /// <returns>The median of the epochs' times, in milliseconds.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public double Run(int numberOfEpochs, Action<int> afterEpoch, CancellationToken stop = default)
    {
        var random = new Random(1);
        var rows = new double[numberOfRows * Pixels];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = random.Next(5) == 0 ? random.NextDouble() : 0;
        var clock = new EpochClock(numberOfRows, afterEpoch);
        VaeLearner.Fit(rows, Pixels, new VaeEstimator.Options
        {
            LatentDimension = 20,
            HiddenLayers = [400],
            Likelihood = VaeLikelihood.Bernoulli,
            BatchSize = 128,
            NumberOfEpochs = numberOfEpochs,
            NumberOfThreads = numberOfThreads,
            Seed = 1,
            Progress = clock,
            CancellationToken = stop,
        });
        return clock.MedianMilliseconds;
    }

    private sealed class EpochClock(int numberOfRows, Action<int> afterEpoch) : IProgress<VaeTrainingProgress>
    {
        private readonly List<double> _milliseconds = [];

        public double MedianMilliseconds => _milliseconds.Order().ElementAt(_milliseconds.Count / 2);

        public void Report(VaeTrainingProgress value)
        {
            _milliseconds.Add(1000 * numberOfRows / value.RowsPerSecond);
            afterEpoch(value.Epoch.Number);
        }
    }
}
