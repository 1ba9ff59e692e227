using System.Globalization;
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
        IDataView file = mlContext.Data.LoadFromTextFile<Year>(GalleryContext.PathOfData("earthquakes.csv"), separatorChar: ',', hasHeader: true);
        // All years are steps of one sequence.
        IDataView years = mlContext.Transforms.CustomMapping<Year, Place>((_, place) => place.Planet = "Earth", contractName: null).Fit(file).Transform(file);
        IDataView series = mlContext.Data.GroupSequences(years, "Planet", "Count");

        HmmSelection<HmmTransformer> selection = mlContext.Transforms.SelectHmm(
            series,
            new HmmEstimator.Options { InputColumnName = "Count", Emission = EmissionType.Poisson, NumberOfInitializations = NumberOfStarts, Seed = Seed },
            s_numbersOfStates);
        HmmTransformer best = selection.Best;
        context.Console.WriteLine(selection.ToString());
        context.Console.MarkupLineInterpolated($"[dim]Poisson emissions, best of {NumberOfStarts} starts each. The star marks the lowest BIC.[/]");
        context.Console.WriteLine();
        Show(context.Console, best.Model, [.. mlContext.Data.CreateEnumerable<Year>(years, reuseRowObject: false).Select(year => (double)year.Count)]);

        string picture = context.PathOfOutput("earthquakes.png");
        EarthquakesPicture.Draw(picture, mlContext, years, series, selection, context.IsFull);
        context.TellFile("Picture", picture);
        string model = context.PathOfOutput("earthquakes.zip");
        mlContext.Model.Save(best, series.Schema, model);
        context.TellFile("Model", model);

        IDataView drawn = mlContext.Model.Load(model, out _).FindGenerative().Sample(1, seed: Seed);
        float[] century = mlContext.Data.CreateEnumerable<Series>(drawn, reuseRowObject: false).Single().Count;
        context.Console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"A century drawn from the loaded model begins {string.Join(" ", century.Take(20))}");
    }

    private static void Show(IAnsiConsole console, HmmModel model, double[] counts)
    {
        var rates = ((PoissonEmission)model.Emissions).Rates;
        double[] share = model.StationaryDistribution();
        for (int k = 0; k < model.NumberOfStates; k++)
        {
            double lasts = 1 / (1 - model.TransitionMatrix[k, k]);
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"state {k + 1}: {rates[k, 0]:f1} earthquakes a year, lasts {lasts:f0} years on average, {share[k]:p0} of the time");
        }

        HmmFilter filter = model.CreateFilter();
        foreach (double count in counts)
            filter.Update([count]);
        double[] next = filter.Predict();
        double expected = next.Select((probability, k) => probability * rates[k, 0]).Sum();
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"expected in the year after the last: {expected:f1}");
        console.WriteLine();
    }

    internal sealed class Year
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

    internal sealed class Series
    {
        public float[] Count { get; set; } = [];
    }
}
