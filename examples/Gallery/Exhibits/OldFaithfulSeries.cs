using System.Globalization;
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

        HmmTransformer hmm = mlContext.Transforms.Hmm(new HmmEstimator.Options { InputColumnName = "Eruption", NumberOfStates = 2, NumberOfInitializations = NumberOfStarts, Seed = Seed }).Fit(series);
        GaussianMixtureTransformer mixture = mlContext.Clustering.Trainers.GaussianMixture("Eruption", numberOfComponents: 2).Fit(rows);
        Show(context.Console, hmm, mixture);

        string picture = context.PathOfOutput("old-faithful-series.png");
        OldFaithfulSeriesPicture.Draw(picture, mlContext, hmm, series, context.IsFull);
        context.TellFile("Picture", picture);
        string model = context.PathOfOutput("old-faithful-series.zip");
        mlContext.Model.Save(hmm, series.Schema, model);
        context.TellFile("Model", model);
    }

    private static void Show(IAnsiConsole console, HmmTransformer hmm, GaussianMixtureTransformer mixture)
    {
        var emission = (GaussianEmission)hmm.Model.Emissions;
        var transitions = hmm.Model.TransitionMatrix;
        for (int k = 0; k < hmm.Model.NumberOfStates; k++)
        {
            string next = string.Join(", ", Enumerable.Range(0, hmm.Model.NumberOfStates).Select(j => string.Create(CultureInfo.InvariantCulture, $"{transitions[k, j]:p0} state {j + 1}")));
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"state {k + 1}: {emission.Means[k][0]:f1} minutes long, {emission.Means[k][1]:f0} minutes to the next; then {next}");
        }
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"log-likelihood: mixture of 2 Gaussians {mixture.Summary.LogLikelihood:f1}, hidden Markov model {hmm.Summary.LogLikelihood:f1}");
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"BIC: {mixture.Summary.Bic:f1} and {hmm.Summary.Bic:f1}: the order of the eruptions says much");
        console.WriteLine();
    }

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
