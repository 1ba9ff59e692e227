using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative;
using Spectre.Console;

namespace Gallery.Exhibits;

/// <summary>
/// Old Faithful again (Azzalini and Bowman 1990), but in time order: a Gaussian hidden Markov model sees what a mixture cannot, that a short eruption is nearly always followed by
/// a long one.
/// </summary>
internal sealed class OldFaithfulSeries : IExhibit
{
    private const int Seed = 1;
    private const int NumberOfStarts = 10;

    /// <inheritdoc/>
    public string Name => "old-faithful-series";

    /// <inheritdoc/>
    public string Description => "A Gaussian hidden Markov model learns what the geyser does next.";

    /// <inheritdoc/>
    public void Run(GalleryContext context)
    {
        var mlContext = new MLContext(Seed);
        IDataView eruptions = mlContext.Data.LoadFromTextFile<Eruption>(GalleryContext.PathOfData("faithful.csv"), separatorChar: ',', hasHeader: true);
        // All eruptions are steps of one sequence.
        IDataView rows = mlContext.Transforms.Concatenate("Eruption", "eruptions", "waiting")
            .Append(mlContext.Transforms.CustomMapping<Eruption, Place>((_, place) => place.Geyser = "Old Faithful", contractName: null))
            .Fit(eruptions).Transform(eruptions);
        IDataView series = mlContext.Data.GroupSequences(rows, "Geyser", "Eruption");

        var options = new HmmEstimator.Options { InputColumnName = "Eruption", NumberOfStates = 2, NumberOfInitializations = NumberOfStarts, Seed = Seed };
        HmmTransformer hmm = mlContext.Transforms.Hmm(options).Fit(series);
        // The same two Gaussians, for rows in any order.
        GaussianMixtureTransformer mixture = mlContext.Clustering.Trainers.GaussianMixture("Eruption", numberOfComponents: 2).Fit(rows);
        Show(context.Console, hmm, mixture);

        string file = context.PathOfOutput("old-faithful-series.zip");
        IGenerativeTransformer loaded = LoadedModel.SaveAndLoad(mlContext, hmm, series, file);
        string picture = context.PathOfOutput("old-faithful-series.png");
        OldFaithfulSeriesPicture.Draw(picture, mlContext, hmm, mixture, series, loaded.Sample(1, Seed), context.IsFull);
        context.TellFile("Picture", picture);
        context.TellFile("Model", file);
    }

    private static void Show(IAnsiConsole console, HmmTransformer hmm, GaussianMixtureTransformer mixture)
    {
        IReadOnlyList<Vector<double>> means = ((GaussianEmission)hmm.Model.Emissions).Means;
        Matrix<double> transitions = hmm.Model.TransitionMatrix;
        double[] share = hmm.Model.StationaryDistribution();
        var states = new Table().Border(TableBorder.Simple);
        AddColumns(states, ["state", "eruption, minutes", "rest, minutes", "share", .. means.Select((_, k) => $"then {k + 1}")]);
        for (int k = 0; k < means.Count; k++)
            states.AddRow([Text($"{k + 1}"), Text($"{means[k][0]:f2}"), Text($"{means[k][1]:f1}"), Text($"{share[k]:f2}"), .. transitions.Row(k).Select(probability => Text($"{probability:f3}"))]);
        console.Write(states);
        console.MarkupLine("[dim]then: the probability of each state at the next eruption.[/]");

        var models = new Table().Border(TableBorder.Simple);
        AddColumns(models, ["model", "df", "log-likelihood", "BIC"]);
        foreach ((string name, FitSummary summary) in new[] { ("mixture of 2 Gaussians, in any order", mixture.Summary), ("hidden Markov model, in time order", hmm.Summary) })
            models.AddRow(name, Text($"{summary.NumberOfParameters}"), Text($"{summary.LogLikelihood:f2}"), Text($"{summary.Bic:f2}"));
        console.Write(models);
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[dim]Order alone is worth {hmm.Summary.LogLikelihood - mixture.Summary.LogLikelihood:f1} nats for {hmm.Summary.NumberOfParameters - mixture.Summary.NumberOfParameters} more parameters.[/]");
        console.WriteLine();
    }

    private static void AddColumns(Table table, string[] titles) =>
        table.AddColumns([.. titles.Select(title => new TableColumn(title).Alignment(title == "model" ? Justify.Left : Justify.Right).NoWrap())]);

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private sealed class Eruption
    {
        [LoadColumn(0), ColumnName("eruptions")]
        public float Length { get; set; }

        [LoadColumn(1), ColumnName("waiting")]
        public float Waiting { get; set; }
    }

    private sealed class Place
    {
        public string Geyser { get; set; } = "";
    }
}
