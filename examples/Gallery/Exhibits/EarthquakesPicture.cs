using Gallery.Pictures;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative;
using OxyPlot;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Gallery.Exhibits;

/// <summary>Earthquakes over the years with the rate of the most probable state, the probability of the busier states below, and BIC and AIC beside.</summary>
internal static class EarthquakesPicture
{
    private const int Width = 1240;
    private const int Height = 720;
    private const double Edge = 24;
    private const double RoomBetween = 20;
    private const double ShareOfYears = 0.66;
    private const double ShareOfCounts = 0.64;

    /// <summary>Draws the sheet and saves it.</summary>
    public static void Draw(string path, MLContext mlContext, IDataView years, IDataView series, HmmSelection<HmmTransformer> selection, bool isFull)
    {
        int[] numbers = [.. mlContext.Data.CreateEnumerable<Earthquakes.Year>(years, reuseRowObject: false).Select(year => (int)year.Number)];
        IDataView labelled = mlContext.Data.FlattenSequences(selection.Best.Transform(series), "Planet", ["Count", "PredictedLabel", "Probability"]);
        LabelledYear[] rows = [.. mlContext.Data.CreateEnumerable<LabelledYear>(labelled, reuseRowObject: false)];
        HmmModel model = selection.Best.Model;

        using var sheet = new PictureSheet(Width, Height, scale: isFull ? 2 : 1);
        sheet.AddTitle(
            "Major earthquakes, 1900 to 2006: a hidden Markov model with Poisson counts",
            "How many a year depends on a regime that nobody sees. The model finds the regimes, when each ruled, and, by BIC, how many there were.");
        double middle = Edge + ShareOfYears * (Width - 2 * Edge);
        OxyRect left = sheet.Below(Edge, middle);
        sheet.AddPlot(Counts(numbers, rows, model), new OxyRect(left.Left, left.Top, left.Width, ShareOfCounts * left.Height));
        sheet.AddPlot(Posterior(numbers, rows, model), new OxyRect(left.Left, left.Top + ShareOfCounts * left.Height, left.Width, (1 - ShareOfCounts) * left.Height));
        sheet.AddPlot(Criteria(selection), middle + RoomBetween, Width - Edge);
        sheet.Save(path);
    }

    private static PlotModel Counts(int[] years, LabelledYear[] rows, HmmModel model)
    {
        var rates = ((PoissonEmission)model.Emissions).Rates;
        PlotModel plot = new PlaneFrame("year", years[0] - 1, years[^1] + 1, "earthquakes of magnitude 7 or more", 0, 45)
            .CreatePlot("each year, and the rate of the most probable state", 8);
        PointLayer.AddTo(
            plot,
            [.. rows.Select((row, t) => new DataPoint(years[t], row.Count))],
            [.. rows.Select(row => (int)row.State - 1)],
            [.. Enumerable.Range(0, model.NumberOfStates).Select(k => FormattableString.Invariant($"state {k + 1}: {rates[k, 0]:f1} a year"))]);
        var steps = new StairStepSeries { Color = Palette.Ink, StrokeThickness = 1.6, VerticalStrokeThickness = 0.8 };
        for (int t = 0; t < rows.Length; t++)
            steps.Points.Add(new DataPoint(years[t] - 0.5, rates[(int)rows[t].State - 1, 0]));
        steps.Points.Add(new DataPoint(years[^1] + 0.5, steps.Points[^1].Y));
        plot.Series.Add(steps);
        plot.Legends[0].LegendPosition = LegendPosition.RightTop;
        return plot;
    }

    private static PlotModel Posterior(int[] years, LabelledYear[] rows, HmmModel model)
    {
        PlotModel plot = new PlaneFrame("year", years[0] - 1, years[^1] + 1, "probability", 0, 1).CreatePlot("how sure the model is of each year's state", 8);
        plot.Legends.Clear();
        var below = new double[rows.Length];
        for (int k = 0; k < model.NumberOfStates; k++)
        {
            var area = new AreaSeries { Color = OxyColors.Transparent, Fill = OxyColor.FromAColor(200, Palette.Component(k)), StrokeThickness = 0 };
            for (int t = 0; t < rows.Length; t++)
            {
                area.Points2.Add(new DataPoint(years[t], below[t]));
                below[t] += rows[t].Probability[k];
                area.Points.Add(new DataPoint(years[t], Math.Min(1, below[t])));
            }
            plot.Series.Add(area);
        }
        return plot;
    }

    private static PlotModel Criteria(HmmSelection<HmmTransformer> selection)
    {
        HmmSelectionRow[] rows = [.. selection.Table.Where(row => row.Summary is not null)];
        IEnumerable<double> values = rows.SelectMany(row => (double[])[row.Summary!.Bic, row.Summary!.Aic]);
        double room = 0.08 * (values.Max() - values.Min());
        PlotModel plot = new PlaneFrame("number of states", 0.5, rows[^1].NumberOfStates + 0.5, "criterion: lower is better", values.Min() - room, values.Max() + room)
            .CreatePlot("how many regimes?", 8);
        plot.Axes[0].MajorStep = 1;
        AddCriterion(plot, "BIC", Palette.Component(0), rows.Select(row => new DataPoint(row.NumberOfStates, row.Summary!.Bic)));
        AddCriterion(plot, "AIC", Palette.Component(1), rows.Select(row => new DataPoint(row.NumberOfStates, row.Summary!.Aic)));
        plot.Legends[0].LegendPosition = LegendPosition.LeftBottom;
        return plot;
    }

    private static void AddCriterion(PlotModel plot, string title, OxyColor colour, IEnumerable<DataPoint> points)
    {
        var line = new LineSeries { Title = title, Color = colour, MarkerType = MarkerType.Circle, MarkerSize = 4, MarkerFill = colour };
        line.Points.AddRange(points);
        plot.Series.Add(line);
    }

    private sealed class LabelledYear
    {
        public float Count { get; set; }

        [ColumnName("PredictedLabel")]
        public uint State { get; set; }

        public float[] Probability { get; set; } = [];
    }
}
