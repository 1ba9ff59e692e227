namespace MLNet.Generative.Acceptance;

/// <summary>An epoch of training alone, and while another process trains the same on the same processors.</summary>
/// <param name="numberOfRows">How many images.</param>
/// <param name="numberOfEpochs">How many epochs, of whose times the median counts.</param>
/// <param name="startNeighbour">Starts the other process, with a number of threads.</param>
public sealed class VaeBesideTraining(int numberOfRows, int numberOfEpochs, Func<int?, IDisposable> startNeighbour) : IAcceptanceCase
{
    /// <summary>The full size.</summary>
    public VaeBesideTraining()
        : this(numberOfRows: 10_000, numberOfEpochs: 9, TrainingNeighbour.Start)
    {
    }

    /// <inheritdoc/>
    public string Name => "vae-beside-training";

    /// <inheritdoc/>
    public string Summary => $"An epoch of 784-400-20 on {numberOfRows:n0} images, alone and while another process trains the same; median of {numberOfEpochs}.";

    /// <inheritdoc/>
    public IReadOnlyList<DataFolder> Needs => [];

    /// <inheritdoc/>
    public IEnumerable<AcceptanceFigure> Measure(AcceptanceRun run)
    {
        foreach (int? threads in (int?[])[4, null])
        {
            string each = threads is { } number ? $"{number} threads each" : "libtorch's own number of threads";
            var training = new RandomImagesTraining(numberOfRows, threads);
            double alone = Median(training);
            yield return new AcceptanceFigure($"epoch alone, ms, {each}", alone);
            double beside;
            using (startNeighbour(threads))
                beside = Median(training);
            yield return new AcceptanceFigure($"epoch beside, ms, {each}", beside);
            yield return new AcceptanceFigure($"times as long, {each}", beside / alone);
        }
    }

    private double Median(RandomImagesTraining training) => training.Run(numberOfEpochs, _ => { });
}
