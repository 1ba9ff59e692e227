using System.Globalization;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative;
using Spectre.Console;

namespace Gallery.Exhibits;

/// <summary>
/// Major earthquakes from 1900 to 2006 (Zucchini and MacDonald 2009) as a Poisson hidden Markov model: how many regimes there were, when each ruled, and what to expect of the
/// next year.
/// </summary>
internal sealed class Earthquakes : IExhibit
{
    private const int Seed = 1;
    private const int NumberOfStarts = 20;
    private static readonly int[] s_numbersOfStates = [1, 2, 3, 4, 5];

    /// <inheritdoc/>
    public string Name => "earthquakes";

    /// <inheritdoc/>
    public string Description => "A Poisson hidden Markov model finds the quiet and the busy decades of a century of earthquakes.";

    /// <inheritdoc/>
    public void Run(GalleryContext context)
    {
        var mlContext = new MLContext(Seed);
        IDataView counts = mlContext.Data.LoadFromTextFile<Year>(GalleryContext.PathOfData("earthquakes.csv"), separatorChar: ',', hasHeader: true);
        // All years are steps of one sequence.
        IDataView years = mlContext.Transforms.CustomMapping<Year, Place>((_, place) => place.Planet = "Earth", contractName: null).Fit(counts).Transform(counts);
        IDataView series = mlContext.Data.GroupSequences(years, "Planet", ["Year", "Count"]);

        HmmSelection<HmmTransformer> selection = mlContext.Transforms.SelectHmm(
            series,
            new HmmEstimator.Options { InputColumnName = "Count", Emission = EmissionType.Poisson, NumberOfInitializations = NumberOfStarts, Seed = Seed },
            s_numbersOfStates);
        HmmTransformer best = selection.Best;
        context.Console.WriteLine(selection.ToString());
        context.Console.MarkupLineInterpolated($"[dim]Poisson emissions, the best of {NumberOfStarts} starts each. The star marks the lowest BIC.[/]");
        context.Console.WriteLine();
        double[] next = PredictNext(best.Model, series.GetColumn<float[]>("Count").Single());
        Show(context.Console, best.Model, next);

        string picture = context.PathOfOutput("earthquakes.png");
        EarthquakesPicture.Draw(picture, mlContext, series, selection, next, context.IsFull);
        context.TellFile("Picture", picture);
        string file = context.PathOfOutput("earthquakes.zip");
        IGenerativeTransformer loaded = LoadedModel.SaveAndLoad(mlContext, best, series, file);
        context.TellFile("Model", file);

        float[] century = loaded.Sample(1, Seed).GetColumn<float[]>("Count").Single();
        context.Console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"A century drawn from the loaded model begins {string.Join(" ", century.Take(20))}");
    }

    /// <summary>The probability of each state in the year after the last.</summary>
    private static double[] PredictNext(HmmModel model, float[] counts)
    {
        HmmFilter filter = model.CreateFilter();
        foreach (float count in counts)
            filter.Update([count]);
        return filter.Predict();
    }

    private static void Show(IAnsiConsole console, HmmModel model, double[] next)
    {
        Matrix<double> rates = ((PoissonEmission)model.Emissions).Rates;
        Matrix<double> transitions = model.TransitionMatrix;
        double[] share = model.StationaryDistribution();
        int[] states = [.. Enumerable.Range(0, model.NumberOfStates)];

        var table = new Table().Border(TableBorder.Simple);
        string[] titles = ["state", "earthquakes a year", "share of all years", "lasts, years", .. states.Select(k => $"then {k + 1}"), "next year"];
        table.AddColumns([.. titles.Select(title => new TableColumn(title).RightAligned().NoWrap())]);
        foreach (int k in states)
        {
            table.AddRow(
            [
                Text($"{k + 1}"),
                Text($"{rates[k, 0]:f1}"),
                Text($"{share[k]:f2}"),
                Text($"{1 / (1 - transitions[k, k]):f1}"),
                .. states.Select(j => Text($"{transitions[k, j]:f3}")),
                Text($"{next[k]:f3}"),
            ]);
        }
        console.Write(table);
        console.MarkupLine("[dim]then: the probability of each state in the year after; next year: in the year after the last.[/]");
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"Expected in the year after the last: {states.Sum(k => next[k] * rates[k, 0]):f1} earthquakes.");
        console.WriteLine();
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private sealed class Year
    {
        [LoadColumn(0), ColumnName("Year")]
        public float Number { get; set; }

        [LoadColumn(1)]
        public float Count { get; set; }
    }

    private sealed class Place
    {
        public string Planet { get; set; } = "";
    }
}
