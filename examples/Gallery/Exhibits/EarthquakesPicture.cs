using Gallery.Pictures;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative;
using OxyPlot;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Gallery.Exhibits;

/// <summary>Earthquakes over the years with the rate of the most probable state, and the probability of each state below; beside them BIC and AIC, and what the next year may bring.</summary>
internal static class EarthquakesPicture
{
    private const int Width = 1240;
    private const int Height = 800;
    private const double Edge = 24;
    private const double RoomBetween = 20;
    private const double RoomOnTheRight = 8;
    private const double RoomBesideYears = 1.5;
    private const double ShareOfYears = 0.65;
    private const double ShareOfCounts = 0.66;
    private const double ShareOfCriteria = 0.5;
    private const int LargestCount = 45;
    private const double RarestShown = 0.001;

    /// <summary>Draws the sheet and saves it.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="mlContext">The context that learned the models.</param>
    /// <param name="series">The years and their counts, as one sequence.</param>
    /// <param name="selection">The models.</param>
    /// <param name="next">The probability of each state in the year after the last.</param>
    /// <param name="isFull">Whether to draw it large.</param>
    public static void Draw(string path, MLContext mlContext, IDataView series, HmmSelection<HmmTransformer> selection, double[] next, bool isFull)
    {
        IDataView labelled = mlContext.Data.FlattenSequences(selection.Best.Transform(series), "Planet", ["Year", "Count", "PredictedLabel", "Probability"]);
        LabelledYear[] years = [.. mlContext.Data.CreateEnumerable<LabelledYear>(labelled, reuseRowObject: false)];
        HmmModel model = selection.Best.Model;

        using var sheet = new PictureSheet(Width, Height, scale: isFull ? 2 : 1);
        sheet.AddTitle("Major earthquakes, 1900 to 2006: a hidden Markov model with Poisson counts", $"How many a year depends on a state of the earth that nobody sees. {Verdict(selection)}");
        double middle = Edge + ShareOfYears * (Width - 2 * Edge);
        (OxyRect counts, OxyRect posterior) = Split(sheet.Below(Edge, middle), ShareOfCounts);
        (OxyRect criteria, OxyRect forecast) = Split(sheet.Below(middle + RoomBetween, Width - Edge), ShareOfCriteria);
        sheet.AddPlot(CreateCounts(years, model), counts);
        sheet.AddPlot(CreatePosterior(years, model), posterior);
        sheet.AddPlot(CreateCriteria(selection), criteria);
        sheet.AddPlot(CreateForecast((int)years[^1].Number + 1, model, next), forecast);
        sheet.Save(path);
    }

    private static string Verdict(HmmSelection<HmmTransformer> selection)
    {
        int byAic = selection.Table.Where(row => row.Summary is { IsDegenerate: false }).MinBy(row => row.Summary!.Aic)!.NumberOfStates;
        return byAic == selection.BestNumberOfStates
            ? $"The model tells {byAic} states apart, by BIC and by AIC."
            : $"By BIC there are {selection.BestNumberOfStates} such states, shown here; AIC would take {byAic}.";
    }

    private static (OxyRect Above, OxyRect Below) Split(OxyRect place, double share) =>
        (new OxyRect(place.Left, place.Top, place.Width, share * place.Height), new OxyRect(place.Left, place.Top + share * place.Height, place.Width, (1 - share) * place.Height));

    private static PlotModel CreateCounts(LabelledYear[] years, HmmModel model)
    {
        Matrix<double> rates = ((PoissonEmission)model.Emissions).Rates;
        PlotModel plot = new PlaneFrame("year", years[0].Number - RoomBesideYears, years[^1].Number + RoomBesideYears, "earthquakes of magnitude 7 or more", 0, LargestCount)
            .CreatePlot("Each year, and the rate of its most probable state", RoomOnTheRight);
        var steps = new StairStepSeries { Title = "rate of the state", Color = Palette.Ink, StrokeThickness = 1.6, VerticalStrokeThickness = 0.8 };
        foreach (LabelledYear year in years)
            steps.Points.Add(new DataPoint(year.Number - 0.5, rates[(int)year.State - 1, 0]));
        steps.Points.Add(new DataPoint(years[^1].Number + 0.5, steps.Points[^1].Y));
        plot.Series.Add(steps);
        PointLayer.AddTo(
            plot,
            [.. years.Select(year => new DataPoint(year.Number, year.Count))],
            [.. years.Select(year => (int)year.State - 1)],
            [.. Enumerable.Range(0, model.NumberOfStates).Select(k => FormattableString.Invariant($"state {k + 1}: {rates[k, 0]:f1} a year"))]);
        plot.Legends[0].LegendPosition = LegendPosition.RightTop;
        return plot;
    }

    private static PlotModel CreatePosterior(LabelledYear[] years, HmmModel model)
    {
        PlotModel plot = new PlaneFrame("year", years[0].Number - RoomBesideYears, years[^1].Number + RoomBesideYears, "probability", 0, 1).CreatePlot("How sure the model is of each year's state", RoomOnTheRight);
        plot.Legends.Clear();
        var below = new double[years.Length];
        for (int k = 0; k < model.NumberOfStates; k++)
        {
            var area = new AreaSeries { Color = OxyColors.Transparent, Fill = OxyColor.FromAColor(190, Palette.Component(k)), StrokeThickness = 0, MinimumSegmentLength = 0 };
            for (int t = 0; t < years.Length; t++)
            {
                double above = Math.Min(1, below[t] + years[t].Probability[k]);
                foreach (double x in (double[])[years[t].Number - 0.5, years[t].Number + 0.5])
                {
                    area.Points.Add(new DataPoint(x, above));
                    area.Points2.Add(new DataPoint(x, below[t]));
                }
                below[t] = above;
            }
            plot.Series.Add(area);
        }
        return plot;
    }

    private static PlotModel CreateCriteria(HmmSelection<HmmTransformer> selection)
    {
        HmmSelectionRow[] rows = [.. selection.Table.Where(row => row.Summary is not null)];
        DataPoint[] bic = [.. rows.Select(row => new DataPoint(row.NumberOfStates, row.Summary!.Bic))];
        DataPoint[] aic = [.. rows.Select(row => new DataPoint(row.NumberOfStates, row.Summary!.Aic))];
        PlotModel plot = new PlaneFrame("number of states", 0, 0, "criterion: lower is better", 0, 0).Around([.. bic, .. aic], share: 0.1).CreatePlot("How many states?", RoomOnTheRight);
        plot.Axes[0].MajorStep = 1;
        plot.Axes[1].MajorStep = 25;
        CurveLayer.AddTo(plot, "BIC", Palette.Component(2), bic, withMarks: true);
        CurveLayer.AddTo(plot, "AIC", Palette.Component(3), aic, withMarks: true);
        plot.Legends[0].LegendPosition = LegendPosition.TopCenter;
        return plot;
    }

    private static PlotModel CreateForecast(int year, HmmModel model, double[] next)
    {
        Matrix<double> rates = ((PoissonEmission)model.Emissions).Rates;
        double[] always = model.StationaryDistribution();
        DataPoint[] coming = Mix(rates, next), usual = Mix(rates, always);
        PlotModel plot = new PlaneFrame("number of earthquakes", 0, LargestCount, "probability", 0, 1.25 * coming.Max(point => point.Y)).CreatePlot($"What {year} may bring", RoomOnTheRight);
        CurveLayer.AddTo(plot, $"{year}", Palette.Component(0), coming.Where(point => point.Y > RarestShown), withMarks: true);
        CurveLayer.AddTo(plot, "any year", Palette.PaleInk, usual, withMarks: false);
        plot.Legends[0].LegendPosition = LegendPosition.RightTop;
        return plot;
    }

    /// <summary>Σ_k P(state k) Poisson(x | λ_k).</summary>
    private static DataPoint[] Mix(Matrix<double> rates, double[] states) =>
        [.. Enumerable.Range(0, LargestCount + 1).Select(count => new DataPoint(count, states.Select((probability, k) => probability * Poisson.PMF(rates[k, 0], count)).Sum()))];

    private sealed class LabelledYear
    {
        [ColumnName("Year")]
        public float Number { get; set; }

        public float Count { get; set; }

        [ColumnName("PredictedLabel")]
        public uint State { get; set; }

        public float[] Probability { get; set; } = [];
    }
}
