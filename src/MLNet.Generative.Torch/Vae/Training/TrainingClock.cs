using System.Diagnostics;

namespace MLNet.Generative;

/// <summary>How fast a training goes, and how long it will take.</summary>
/// <param name="rowsPerEpoch">The rows of one pass.</param>
/// <param name="numberOfEpochs">The number of passes.</param>
/// <param name="finishedBefore">How many of them were over before the clock began.</param>
internal sealed class TrainingClock(long rowsPerEpoch, int numberOfEpochs, int finishedBefore)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _finished;

    /// <summary>A pass is over.</summary>
    /// <param name="epoch">What came of it.</param>
    /// <param name="learningRate">The learning rate at its end.</param>
    /// <param name="beta">The weight of the KL divergence at its end.</param>
    public VaeTrainingProgress Finished(VaeEpoch epoch, double learningRate, double beta)
    {
        TimeSpan now = _clock.Elapsed;
        double rowsPerSecond = rowsPerEpoch / Math.Max((now - _finished).TotalSeconds, 1e-9);
        _finished = now;
        return new VaeTrainingProgress(epoch, numberOfEpochs, rowsPerSecond, now / (epoch.Number - finishedBefore) * (numberOfEpochs - epoch.Number), learningRate, beta);
    }
}
