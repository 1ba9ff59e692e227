using OxyPlot;
using OxyPlot.Series;

namespace Gallery.Pictures;

/// <summary>Lines from point to point.</summary>
internal static class CurveLayer
{
    private const double Thickness = 2;
    private const double MarkSize = 4;

    /// <summary>Draws a line.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="title">What the legend says of it.</param>
    /// <param name="colour">Its colour.</param>
    /// <param name="points">Its points, from left to right.</param>
    /// <param name="withMarks">Whether each point has a mark: what lies between them then means nothing.</param>
    /// <param name="style">How it is drawn.</param>
    public static void AddTo(PlotModel plot, string title, OxyColor colour, IEnumerable<DataPoint> points, bool withMarks, LineStyle style = LineStyle.Solid)
    {
        var line = new LineSeries
        {
            Title = title,
            Color = colour,
            StrokeThickness = Thickness,
            LineStyle = style,
            MarkerType = withMarks ? MarkerType.Circle : MarkerType.None,
            MarkerSize = MarkSize,
            MarkerFill = colour,
        };
        line.Points.AddRange(points);
        plot.Series.Add(line);
    }
}
