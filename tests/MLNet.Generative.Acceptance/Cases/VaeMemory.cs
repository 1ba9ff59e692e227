using TorchSharp;

namespace MLNet.Generative.Acceptance;

/// <summary>What steps of training leave behind: tensors that are alive, and memory of the process, after the first hundred steps and after many more.</summary>
/// <param name="numberOfSteps">How many more.</param>
public sealed class VaeMemory(int numberOfSteps) : IAcceptanceCase
{
    private const int StepsPerEpoch = 100;
    private const int BatchSize = 128;

    /// <summary>The full size.</summary>
    public VaeMemory()
        : this(numberOfSteps: 1000)
    {
    }

    /// <inheritdoc/>
    public string Name => "vae-memory";

    /// <inheritdoc/>
    public string Summary => $"784-400-20: live tensors and working set over {numberOfSteps:n0} steps of training.";

    /// <inheritdoc/>
    public IReadOnlyList<DataFolder> Needs => [];

    /// <inheritdoc/>
    public IEnumerable<AcceptanceFigure> Measure(AcceptanceRun run)
    {
        var tensors = new List<long>();
        var bytes = new List<long>();
        new RandomImagesTraining(StepsPerEpoch * BatchSize, null).Run(1 + numberOfSteps / StepsPerEpoch, _ =>
        {
            tensors.Add(torch.Tensor.TotalCount);
            GC.Collect();
            bytes.Add(Environment.WorkingSet);
        });
        yield return new AcceptanceFigure("live tensors more than before", tensors[^1] - tensors[0], Highest: 0);
        yield return new AcceptanceFigure("working set, MB", bytes[^1] / 1e6);
        yield return new AcceptanceFigure("MB more than before", (bytes[^1] - bytes[0]) / 1e6, Highest: 50);
    }
}
