using Gallery.Pictures;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative;
using OxyPlot;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Gallery.Exhibits;

/// <summary>The eruptions one after the other in the colours of their states, and each against the next.</summary>
internal static class OldFaithfulSeriesPicture
{
    private const int Width = 1240;
    private const int Height = 640;
    private const double Edge = 24;
    private const double RoomBetween = 20;
    private const double ShareOfSeries = 0.6;
    private const int LengthOfSeries = 90;

    /// <summary>Draws the sheet and saves it.</summary>
    public static void Draw(string path, MLContext mlContext, HmmTransformer hmm, IDataView series, bool isFull)
    {
        IDataView labelled = mlContext.Data.FlattenSequences(hmm.Transform(series), "Geyser", ["Eruption", "PredictedLabel"]);
        Step[] steps = [.. mlContext.Data.CreateEnumerable<Step>(labelled, reuseRowObject: false)];
        var emission = (GaussianEmission)hmm.Model.Emissions;
        string[] titles = [.. emission.Means.Select((mean, k) => FormattableString.Invariant($"state {k + 1}: {mean[0]:f1} minutes, then {mean[1]:f0} of rest"))];

        using var sheet = new PictureSheet(Width, Height, scale: isFull ? 2 : 1);
        sheet.AddTitle(
            "Old Faithful in time order: a hidden Markov model",
            "After a short eruption a long one is due. A mixture of Gaussians sees the same two kinds of eruption, but not which comes next.");
        double middle = Edge + ShareOfSeries * (Width - 2 * Edge);
        sheet.AddPlot(Series(steps, titles), Edge, middle);
        sheet.AddPlot(Next(steps, hmm.Model), middle + RoomBetween, Width - Edge);
        sheet.Save(path);
    }

    private static PlotModel Series(Step[] steps, string[] titles)
    {
        DataPoint[] points = [.. steps.Take(LengthOfSeries).Select((step, t) => new DataPoint(t + 1, step.Eruption[0]))];
        PlotModel plot = new PlaneFrame("eruption", 0, LengthOfSeries + 1, "length, minutes", 1.2, 6).CreatePlot($"the first {LengthOfSeries} of {steps.Length} eruptions", 8);
        var line = new LineSeries { Color = Palette.Frame, StrokeThickness = 1 };
        line.Points.AddRange(points);
        plot.Series.Add(line);
        PointLayer.AddTo(plot, points, [.. steps.Take(LengthOfSeries).Select(step => (int)step.State - 1)], titles);
        plot.Legends[0].LegendPosition = LegendPosition.RightTop;
        return plot;
    }

    private static PlotModel Next(Step[] steps, HmmModel model)
    {
        DataPoint[] points = [.. steps.Skip(1).Select((step, t) => new DataPoint(steps[t].Eruption[0], step.Eruption[0]))];
        PlotModel plot = new PlaneFrame("length of an eruption, minutes", 1.2, 6, "length of the next, minutes", 1.2, 6).CreatePlot("each eruption and the next", 8);
        string[] titles =
        [
            .. Enumerable.Range(0, model.NumberOfStates).Select(k => FormattableString.Invariant($"after state {k + 1}: {100 * model.TransitionMatrix[k, k]:f0} % stay")),
        ];
        PointLayer.AddTo(plot, points, [.. steps.SkipLast(1).Select(step => (int)step.State - 1)], titles);
        plot.Legends[0].LegendPosition = LegendPosition.RightTop;
        return plot;
    }

    private sealed class Step
    {
        public float[] Eruption { get; set; } = [];

        [ColumnName("PredictedLabel")]
        public uint State { get; set; }
    }
}
