using Microsoft.ML;
using MLNet.Generative;
using Spectre.Console;

namespace Gallery.Exhibits;

/// <summary>
/// Handwritten digits: trains a variational autoencoder, measures it on images that it has not seen, draws what it makes of them and what it makes up, and maps all images onto a
/// plane with a second one.
/// </summary>
internal sealed class Digits : IExhibit
{
    private const int Seed = 1;
    private const int EpochsToLook = 100;
    private const int EpochsInFull = 160;

    /// <inheritdoc/>
    public string Name => "digits";

    /// <inheritdoc/>
    public string Description => "Variational autoencoders learn to write digits.";

    /// <inheritdoc/>
    public void Run(GalleryContext context)
    {
        var mlContext = new MLContext(Seed);
        DigitImage[] images = DigitImages.Read(GalleryContext.PathOfData("digits.csv.gz"));
        IDataView data = mlContext.Data.LoadFromEnumerable(images);
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(data, testFraction: 0.2, seed: Seed);
        int epochs = context.IsFull ? EpochsInFull : EpochsToLook;

        VaeTransformer model = Train(context.Console, mlContext, split.TrainSet, latentDimension: 10, epochs);
        VaeTransformer map = Train(context.Console, mlContext, split.TrainSet, latentDimension: 2, epochs);
        VaeMetrics metrics = model.Evaluate(split.TestSet);
        Show(context.Console, [(model, metrics), (map, map.Evaluate(split.TestSet))]);

        DigitImage[] unseen = [.. mlContext.Data.CreateEnumerable<DigitImage>(split.TestSet, reuseRowObject: false)];
        string picture = context.PathOfOutput("digits.png");
        DigitsPicture.Draw(picture, model, map, images, unseen, metrics, context.IsFull);
        context.TellFile("Picture", picture);

        string file = context.PathOfOutput("digits.zip");
        mlContext.Model.Save(model, data.Schema, file);
        context.TellFile("Model", file);
        CheckLoaded(context.Console, file, model, split.TestSet);
    }

    private static VaeTransformer Train(IAnsiConsole console, MLContext mlContext, IDataView data, int latentDimension, int epochs)
    {
        var options = new VaeEstimator.Options
        {
            InputColumnName = nameof(DigitImage.Pixels),
            LatentDimension = latentDimension,
            HiddenLayers = [128, 64],
            Likelihood = VaeLikelihood.ContinuousBernoulli,
            NumberOfEpochs = epochs,
            BatchSize = 32,
            LearningRate = 2e-3,
            ValidationFraction = 0.1f,
            Seed = Seed,
        };
        if (!console.Profile.Capabilities.Interactive)
            return mlContext.Transforms.Vae(options).Fit(data);
        return console.Status().Start($"training with {latentDimension} latent dimensions", status =>
        {
            options.Progress = new StatusOfTraining(status);
            return mlContext.Transforms.Vae(options).Fit(data);
        });
    }

    private static void Show(IAnsiConsole console, IEnumerable<(VaeTransformer Model, VaeMetrics Metrics)> trained)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns([.. new[] { "latent dimensions", "active", "epochs", "ELBO", "reconstruction", "KL", "importance-weighted", "stopped" }.Select(title => new TableColumn(title).RightAligned().NoWrap())]);
        foreach ((VaeTransformer model, VaeMetrics metrics) in trained)
        {
            table.AddRow(
                Text($"{model.Model.LatentDimension}"),
                Text($"{metrics.NumberOfActiveUnits}"),
                Text($"{model.Summary.Epochs.Count}"),
                Text($"{metrics.Elbo:f2}"),
                Text($"{metrics.Reconstruction:f2}"),
                Text($"{metrics.KlDivergence:f2}"),
                Text($"{metrics.ImportanceWeightedLogLikelihood:f2}"),
                model.Summary.StopReason == StopReason.Diverged ? "diverged" : "after all epochs");
        }
        console.Write(table);
        console.MarkupLine("[dim]Nats per image, on images that training has not seen. ELBO = reconstruction − KL is a lower bound on log p(x); the importance-weighted bound is nearer to it.[/]");
        console.MarkupLine("[dim]The likelihood is a continuous Bernoulli: grey values are densities on [[0, 1]], so positive figures are possible.[/]");
        console.WriteLine();
    }

    private static void CheckLoaded(IAnsiConsole console, string file, VaeTransformer model, IDataView data)
    {
        var elsewhere = new MLContext();
        ITransformer loaded = elsewhere.Model.Load(file, out _);
        float[] before = Latents(elsewhere, model.Transform(data));
        float[] after = Latents(elsewhere, loaded.Transform(data));
        if (!before.SequenceEqual(after))
            throw new ExhibitFailedException("The loaded model gives other latent codes than the trained one.");
        console.WriteLine($"Loaded with plain ML.NET, it gives the same {after.Length:n0} latent values, bit for bit.");
    }

    private static float[] Latents(MLContext mlContext, IDataView encoded) =>
        [.. mlContext.Data.CreateEnumerable<Code>(encoded, reuseRowObject: true).SelectMany(row => row.Latent)];

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private sealed class Code
    {
        public float[] Latent { get; set; } = [];
    }

    private sealed class StatusOfTraining(StatusContext status) : IProgress<VaeTrainingProgress>
    {
        public void Report(VaeTrainingProgress value) => status.Status(Markup.Escape(value.ToString()));
    }
}
