using System.Globalization;
using Microsoft.ML;

namespace MLNet.Generative.Acceptance;

/// <summary>
/// What the cases of variational autoencoders on images share: a Bernoulli decoder, one hidden layer each way, 20 latent dimensions, Adam with a step size of 0.001,
/// batches of 128, weight 1; through ML.NET's own doors from data view to metrics.
/// </summary>
/// <param name="name">The name of the case.</param>
/// <param name="numberOfEpochs">How often training goes through the images.</param>
public abstract class VaeOnImages(string name, int numberOfEpochs) : IAcceptanceCase
{
    private const int Seed = 1;

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public abstract string Summary { get; }

    /// <inheritdoc/>
    public IReadOnlyList<DataFolder> Needs => [DataFolder.Mnist];

    /// <summary>How often training goes through the images.</summary>
    protected int NumberOfEpochs => numberOfEpochs;

    /// <inheritdoc/>
    public IEnumerable<AcceptanceFigure> Measure(AcceptanceRun run) => Measure(ImageSet.Read(run.PathOf(DataFolder.Mnist)), run);

    /// <summary>The same on images of any kind.</summary>
    public abstract IEnumerable<AcceptanceFigure> Measure(ImageSet images, AcceptanceRun run);

    /// <summary>The trained autoencoder, and how fast training was.</summary>
    protected (VaeTransformer Model, IReadOnlyList<AcceptanceFigure> Figures) Train(IReadOnlyList<float[]> images, bool drawsZerosAndOnes, AcceptanceRun run)
    {
        var context = new MLContext(Seed);
        var epochs = new Epochs(run);
        VaeTransformer model = context.Transforms.Vae(new VaeEstimator.Options
        {
            LatentDimension = 20,
            HiddenLayers = [400],
            Likelihood = VaeLikelihood.Bernoulli,
            DynamicBinarization = drawsZerosAndOnes,
            Beta = 1,
            LearningRate = 1e-3,
            BatchSize = 128,
            NumberOfEpochs = numberOfEpochs,
            Seed = Seed,
            Progress = epochs,
        }).Fit(ImageSet.ToDataView(context, images));
        return (model,
        [
            new AcceptanceFigure("training, rows per second (median of epochs)", epochs.MedianRowsPerSecond),
            new AcceptanceFigure("peak memory of the process so far, MiB", Machine.PeakMemory()),
        ]);
    }

    /// <summary>How well the autoencoder describes images that it has not seen.</summary>
    protected static VaeMetrics Evaluate(VaeTransformer model, IReadOnlyList<float[]> images, int numberOfImportanceSamples = 1) =>
        model.Evaluate(ImageSet.ToDataView(new MLContext(Seed), images), numberOfImportanceSamples, Seed);

    /// <summary>Tells the progress of training in lines, and remembers its speed. Called on the training's own thread.</summary>
    private sealed class Epochs(AcceptanceRun run) : IProgress<VaeTrainingProgress>
    {
        private readonly List<double> _rowsPerSecond = [];

        public double MedianRowsPerSecond => _rowsPerSecond.Order().ElementAt(_rowsPerSecond.Count / 2);

        public void Report(VaeTrainingProgress value)
        {
            _rowsPerSecond.Add(value.RowsPerSecond);
            run.Report(string.Create(CultureInfo.InvariantCulture, $"epoch {value.Epoch.Number}: loss {value.Loss:f2}, KL {value.KlDivergence:f2}, {value.RowsPerSecond:n0} rows/s"));
        }
    }
}
