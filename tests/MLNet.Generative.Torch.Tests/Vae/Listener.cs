namespace MLNet.Generative.Tests;

/// <summary>Hears of progress at once, on the thread that makes it.</summary>
internal sealed class Listener(Action<VaeTrainingProgress>? heard = null) : IProgress<VaeTrainingProgress>
{
    public List<VaeTrainingProgress> Reports { get; } = [];

    public void Report(VaeTrainingProgress value)
    {
        Reports.Add(value);
        heard?.Invoke(value);
    }
}
