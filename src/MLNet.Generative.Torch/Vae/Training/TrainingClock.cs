using System.Diagnostics;

namespace MLNet.Generative;

/// <summary>How fast a training goes, and how long it will take.</summary>
/// <param name="rowsPerEpoch">The rows of one pass.</param>
/// <param name="numberOfEpochs">The number of passes.</param>
internal sealed class TrainingClock(long rowsPerEpoch, int numberOfEpochs)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _finished;

    /// <summary>A pass is over.</summary>
    public VaeTrainingProgress Finished(VaeEpoch epoch)
    {
        TimeSpan now = _clock.Elapsed;
        double rowsPerSecond = rowsPerEpoch / Math.Max((now - _finished).TotalSeconds, 1e-9);
        _finished = now;
        return new VaeTrainingProgress(epoch, numberOfEpochs, rowsPerSecond, now / epoch.Number * (numberOfEpochs - epoch.Number));
    }
}
