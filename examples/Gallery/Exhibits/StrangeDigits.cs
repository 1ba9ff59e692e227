using MathNet.Numerics.Statistics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative;
using Spectre.Console;

namespace Gallery.Exhibits;

/// <summary>
/// Handwritten digits as anomalies: each digit in turn is all that a detector sees, and every other digit is strange. Three detectors are compared, and one of them, an autoencoder that knows
/// only eights, shows what it finds strange.
/// </summary>
internal sealed class StrangeDigits : IExhibit
{
    /// <summary>The digit whose images are shown. An eight looks a little like every other digit.</summary>
    internal const int Shown = 8;

    private const int Seed = 1;
    private const int NumberOfEpochs = 150;
    private const float Contamination = 0.05f;

    // Of the grey scale from 0 to 1: pixels that are white in all training images would otherwise have no variance at all.
    private const double LeastVariance = 0.01;

    private const int LatentDimension = 10;

    /// <inheritdoc/>
    public string Name => "strange-digits";

    /// <inheritdoc/>
    public string Description => "Detectors that know a single digit find the other nine strange.";

    /// <inheritdoc/>
    public void Run(GalleryContext context)
    {
        DigitImage[] images = DigitImages.Read(GalleryContext.PathOfData("digits.csv.gz"));
        OneDigit[] results = context.Console.Profile.Capabilities.Interactive
            ? context.Console.Status().Start("training on each digit", status => Measure(images, digit => status.Status($"training on digit {digit}")))
            : Measure(images, _ => { });
        OneDigit shown = results[Shown];
        Show(context.Console, results);

        string picture = context.PathOfOutput("strange-digits.png");
        StrangeDigitsPicture.Draw(picture, results, shown, context.IsFull);
        context.TellFile("Picture", picture);
        if (results.Any(result => !(result.Elbo > 0.9)))
            throw new ExhibitFailedException("An autoencoder ranks more than a tenth of the pairs of a normal and a strange digit the wrong way round.");
    }

    private static OneDigit[] Measure(DigitImage[] images, Action<int> tell) => [.. Enumerable.Range(0, 10).Select(digit =>
    {
        tell(digit);
        return Measure(images, digit);
    })];

    // Half of a digit's images to train on; the other half and all other digits to score.
    private static OneDigit Measure(DigitImage[] images, int digit)
    {
        var mlContext = new MLContext(Seed);
        DigitImage[] normal = [.. images.Where(image => image.Digit == digit)];
        new Random(Seed).Shuffle(normal);
        int half = normal.Length / 2;
        IDataView training = mlContext.Data.LoadFromEnumerable(normal[..half]);
        StrangeImage[] rows = [.. normal[half..].Concat(images.Where(image => image.Digit != digit)).Select(image => new StrangeImage
        {
            Pixels = image.Pixels,
            Digit = image.Digit,
            Label = image.Digit == digit ? 0 : 1,
        })];
        IDataView test = mlContext.Data.LoadFromEnumerable(rows);

        AnomalyDetectionCatalog.AnomalyDetectionTrainers trainers = mlContext.AnomalyDetection.Trainers;
        AnomalyTransformer autoencoder = trainers.Vae(
            new VaeEstimator.Options
            {
                InputColumnName = nameof(DigitImage.Pixels),
                LatentDimension = LatentDimension,
                HiddenLayers = [64, 32],
                Likelihood = VaeLikelihood.GaussianSharedVariance,
                NumberOfEpochs = NumberOfEpochs,
                BatchSize = 32,
                LearningRate = 2e-3,
                NumberOfThreads = 1,
                Seed = Seed,
            },
            Contamination).Fit(training);
        AnomalyTransformer mixture = trainers.GaussianMixture(new GaussianMixtureEstimator.Options
        {
            FeatureColumnName = nameof(DigitImage.Pixels),
            NumberOfComponents = 1,
            CovarianceRegularization = LeastVariance,
            Seed = Seed,
        }).Fit(training);
        ITransformer components = trainers.RandomizedPca(nameof(DigitImage.Pixels), rank: LatentDimension, seed: Seed).Fit(training);

        // Training has seen its rows, so their scores are too low to judge others by: images that it has not seen give a threshold that holds for unseen ones.
        int[] kept = [.. Enumerable.Range(0, normal.Length - half).Where(n => n % 2 == 0)];
        float[] scores = [.. autoencoder.Transform(test).GetColumn<float>(nameof(StrangeImage.Score))];
        AnomalyTransformer calibrated = autoencoder.WithThreshold(kept.Select(n => scores[n]).Quantile(1 - Contamination));
        StrangeImage[] judged = [.. mlContext.Data.CreateEnumerable<StrangeImage>(calibrated.Transform(test), reuseRowObject: false)];
        foreach (int n in kept)
            judged[n].SetsThreshold = true;
        return new OneDigit(
            digit, half, Area(mlContext.Data.LoadFromEnumerable(judged)), Area(mixture.Transform(test)), Area(components.Transform(test)), autoencoder.Threshold, calibrated.Threshold,
            [.. judged.OrderByDescending(image => image.Score)]);

        double Area(IDataView data) => mlContext.AnomalyDetection.Evaluate(data).AreaUnderRocCurve;
    }

    private static void Show(IAnsiConsole console, IEnumerable<OneDigit> results)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns([.. new[] { "normal digit", "images to learn from", "ELBO", "Gaussian", "RandomizedPca", "called strange: normal", "others", "by threshold of unseen: normal", "others" }
            .Select(title => new TableColumn(title).RightAligned().NoWrap())]);
        foreach (OneDigit result in results)
        {
            table.AddRow(
                Text($"{result.Digit}"), Text($"{result.TrainingCount}"), Text($"{result.Elbo:f3}"), Text($"{result.Gaussian:f3}"), Text($"{result.RandomizedPca:f3}"),
                Percent(result.ShareAbove(result.Threshold, isNormal: true)), Percent(result.ShareAbove(result.Threshold, isNormal: false)),
                Percent(result.ShareAbove(result.ThresholdOfUnseen, isNormal: true)), Percent(result.ShareAbove(result.ThresholdOfUnseen, isNormal: false)));
        }
        console.Write(table);
        console.MarkupLine("[dim]Area under the ROC curve on images that training has not seen: 1 is perfect, 0.5 is guessing. The Gaussian has a full covariance: a mixture with one component.[/]");
        console.MarkupLine(Text($"[dim]Called strange: the share of unseen images above the autoencoder's threshold, which {100 * Contamination:f0} % of the training images exceed. Images that it has learned from score too low to[/]"));
        console.MarkupLine("[dim]judge others by, the more so the fewer there are; WithThreshold takes one from every second unseen image of the digit, and the last two columns count the rest.[/]");
        console.WriteLine();

        static string Percent(double share) => Text($"{100 * share:f0} %");
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

/// <summary>What detectors that know one digit make of the others.</summary>
/// <param name="Digit">The normal digit.</param>
/// <param name="TrainingCount">How many of its images they learned from.</param>
/// <param name="Elbo">The area under the ROC curve of the autoencoder's −ELBO.</param>
/// <param name="Gaussian">The same of −log p(x) under a Gaussian.</param>
/// <param name="RandomizedPca">The same of ML.NET's principal components.</param>
/// <param name="Threshold">The autoencoder's threshold, which a given share of its training images exceeds.</param>
/// <param name="ThresholdOfUnseen">One which the same share of images that it has not seen exceeds.</param>
/// <param name="Images">The images that it has not seen, the strangest first.</param>
internal sealed record OneDigit(
    int Digit, int TrainingCount, double Elbo, double Gaussian, double RandomizedPca, float Threshold, float ThresholdOfUnseen, IReadOnlyList<StrangeImage> Images)
{
    /// <summary>The share of the normal or of the other images, without those that a threshold was taken from, with a score above a threshold.</summary>
    public double ShareAbove(float threshold, bool isNormal) =>
        Images.Where(image => image.Digit == Digit == isNormal && !image.SetsThreshold).Average(image => image.Score > threshold ? 1.0 : 0);
}

/// <summary>An image with its score.</summary>
internal sealed class StrangeImage
{
    /// <summary>Grey values from 0 to 1, row by row.</summary>
    [VectorType(DigitImages.Side * DigitImages.Side)]
    public float[] Pixels { get; set; } = [];

    /// <summary>The digit.</summary>
    public int Digit { get; set; }

    /// <summary>1 for another digit than the normal one.</summary>
    public float Label { get; set; }

    /// <summary>−ELBO, in nats.</summary>
    public float Score { get; set; }

    /// <summary>Whether the score is above the detector's threshold.</summary>
    public bool PredictedLabel { get; set; }

    /// <summary>Whether the threshold of unseen images was taken from it.</summary>
    [NoColumn]
    public bool SetsThreshold { get; set; }
}
