using OxyPlot;
using OxyPlot.Series;

namespace Gallery.Pictures;

/// <summary>Rows over a plane, in the colours of their components.</summary>
internal static class PointLayer
{
    private const double Size = 3.4;
    private const byte Opacity = 190;

    // Their outlines would cover their neighbours.
    private const int ManyPoints = 1000;

    /// <summary>Draws the points.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="points">The points.</param>
    /// <param name="components">The component of each, from 0.</param>
    /// <param name="titles">What the legend says of each component.</param>
    /// <param name="colour">The colour of each component; <see langword="null"/> for those of the palette.</param>
    public static void AddTo(
        PlotModel plot, IReadOnlyList<DataPoint> points, IReadOnlyList<int> components, IReadOnlyList<string> titles, Func<int, OxyColor>? colour = null)
    {
        for (int k = 0; k < titles.Count; k++)
        {
            // A line without a line: a scatter series would take its colours from the scale of the density.
            var series = new LineSeries
            {
                Title = titles[k],
                Color = OxyColors.Transparent,
                MarkerType = MarkerType.Circle,
                MarkerSize = Size,
                MarkerFill = OxyColor.FromAColor(Opacity, (colour ?? Palette.Component)(k)),
                MarkerStroke = Palette.Paper,
                MarkerStrokeThickness = points.Count < ManyPoints ? 0.6 : 0,
            };
            for (int n = 0; n < points.Count; n++)
            {
                if (components[n] == k)
                    series.Points.Add(points[n]);
            }
            plot.Series.Add(series);
        }
    }
}
