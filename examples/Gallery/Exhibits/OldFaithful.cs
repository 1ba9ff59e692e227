using System.Globalization;
using Gallery.Child;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative;
using Spectre.Console;

namespace Gallery.Exhibits;

/// <summary>
/// The 272 eruptions of the Old Faithful geyser (Azzalini and Bowman 1990): fits mixtures of one to six Gaussians, chooses one, draws it, draws rows from it,
/// and has another process use it.
/// </summary>
internal sealed class OldFaithful : IExhibit
{
    private const int Seed = 1;
    private const int LargestNumberOfComponents = 6;
    private const int NumberOfStarts = 30;

    /// <inheritdoc/>
    public string Name => "old-faithful";

    /// <inheritdoc/>
    public string Description => "A Gaussian mixture learns how a geyser erupts and rests.";

    /// <inheritdoc/>
    public void Run(GalleryContext context)
    {
        var mlContext = new MLContext(Seed);
        IDataView data = mlContext.Data.LoadFromTextFile<Eruption>(GalleryContext.PathOfData("faithful.csv"), separatorChar: ',', hasHeader: true);

        TransformerChain<GaussianMixtureTransformer>[] fits =
            [.. Enumerable.Range(1, LargestNumberOfComponents).Select(components => CreatePipeline(mlContext, components).Fit(data))];
        TransformerChain<GaussianMixtureTransformer> best = fits
            .Where(fit => !fit.LastTransformer.Summary.IsDegenerate)
            .MinBy(fit => fit.LastTransformer.Summary.Bic)!;
        Show(context.Console, fits, best);

        string picture = context.PathOfOutput("old-faithful.png");
        OldFaithfulPicture.Draw(picture, mlContext, best, data, context.IsFull);
        context.TellFile("Picture", picture);

        string model = context.PathOfOutput("old-faithful.zip");
        mlContext.Model.Save(best, data.Schema, model);
        context.TellFile("Model", model);

        context.Console.WriteLine();
        context.Console.WriteLine("Another process loads it with plain ML.NET and predicts (length, waiting):");
        context.Console.Write(ChildProcess.Predict(model));
    }

    private static EstimatorChain<GaussianMixtureTransformer> CreatePipeline(MLContext mlContext, int numberOfComponents) =>
        mlContext.Transforms.Concatenate("Features", "eruptions", "waiting")
            .Append(mlContext.Clustering.Trainers.GaussianMixture(new GaussianMixtureEstimator.Options
            {
                NumberOfComponents = numberOfComponents,
                CovarianceType = CovarianceType.VVV,
                NumberOfInitializations = NumberOfStarts,
                Seed = Seed,
            }));

    private static void Show(
        IAnsiConsole console, TransformerChain<GaussianMixtureTransformer>[] fits, TransformerChain<GaussianMixtureTransformer> best)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns(
            Column("K"), Column("covariance").LeftAligned(), Column("df"), Column("log-likelihood"), Column("BIC"), Column("AIC"), Column("").LeftAligned());
        foreach (TransformerChain<GaussianMixtureTransformer> fit in fits)
        {
            FitSummary summary = fit.LastTransformer.Summary;
            string style = fit == best ? "bold" : summary.IsDegenerate ? "dim" : "default";
            table.AddRow([.. Row(fit.LastTransformer.Model, summary, fit == best).Select(cell => new Markup($"[{style}]{Markup.Escape(cell)}[/]"))]);
        }
        console.Write(table);
        console.MarkupLine("[dim]df: free parameters. VVV: every component has a full covariance of its own.[/]");
        console.MarkupLine("[dim]Chosen is the lowest BIC of the fits that are not degenerate.[/]");
        foreach (GaussianMixtureTransformer fit in fits.Select(fit => fit.LastTransformer).Where(fit => fit.Summary.IsDegenerate))
        {
            foreach (string note in fit.Summary.Notes)
                console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[dim]K = {fit.Model.NumberOfComponents}: {note}[/]");
        }
        console.WriteLine();
    }

    private static TableColumn Column(string title) => new TableColumn(title).RightAligned().NoWrap();

    private static IEnumerable<string> Row(GaussianMixtureModel model, FitSummary summary, bool isBest) =>
    [
        Text($"{model.NumberOfComponents}"),
        model.CovarianceType.ToLetters(model.Dimension),
        Text($"{summary.NumberOfParameters}"),
        Text($"{summary.LogLikelihood:f2}"),
        Text($"{summary.Bic:f2}"),
        Text($"{summary.Aic:f2}"),
        isBest ? "chosen" : summary.IsDegenerate ? "degenerate" : "",
    ];

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private sealed class Eruption
    {
        [LoadColumn(0), ColumnName("eruptions")]
        public float Length { get; set; }

        [LoadColumn(1), ColumnName("waiting")]
        public float Waiting { get; set; }
    }
}
