using System.Globalization;
using MLNet.Generative;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Gallery.Pictures;

/// <summary>The log-density of a mixture over a plane, as a shade and as contour lines.</summary>
internal sealed class DensityLayer
{
    private const string AxisKey = "density";

    private readonly PlaneFrame _frame;
    private readonly double[] _x;
    private readonly double[] _y;
    private readonly double[,] _logDensity;
    private readonly double[] _levels;

    /// <summary>Computes the log-density on a grid.</summary>
    /// <param name="mixture">A mixture of two features.</param>
    /// <param name="frame">The part of the plane.</param>
    /// <param name="gridSize">The number of grid points in each direction.</param>
    /// <param name="numberOfLevels">The number of contour lines: one per nat, from just below the highest point on.</param>
    public DensityLayer(GaussianMixtureModel mixture, PlaneFrame frame, int gridSize, int numberOfLevels)
    {
        _frame = frame;
        _x = ArrayBuilder.CreateVector(frame.XLowest, frame.XHighest, gridSize);
        _y = ArrayBuilder.CreateVector(frame.YLowest, frame.YHighest, gridSize);
        _logDensity = ArrayBuilder.Evaluate((x, y) => mixture.LogDensity([x, y]), _x, _y);
        double highest = Math.Floor(_logDensity.Cast<double>().Max());
        _levels = [.. Enumerable.Range(0, numberOfLevels).Select(step => highest - numberOfLevels + 1 + step)];
    }

    /// <summary>Draws the shade and the lines.</summary>
    /// <param name="plot">The plot, still without points.</param>
    /// <param name="showScale">Whether to draw the scale of colours on the right.</param>
    public void AddTo(PlotModel plot, bool showScale)
    {
        plot.Axes.Add(CreateScale(showScale));
        plot.Series.Add(new HeatMapSeries
        {
            X0 = _frame.XLowest,
            X1 = _frame.XHighest,
            Y0 = _frame.YLowest,
            Y1 = _frame.YHighest,
            Data = _logDensity,
            Interpolate = true,
            ColorAxisKey = AxisKey,
        });
        plot.Series.Add(new ContourSeries
        {
            Data = _logDensity,
            ColumnCoordinates = _x,
            RowCoordinates = _y,
            ContourLevels = _levels,
            Color = Palette.Contour,
            LabelBackground = OxyColors.Undefined,
            FontSize = 0, // The scale of colours says the levels.
            StrokeThickness = 1,
        });
    }

    private LinearColorAxis CreateScale(bool isVisible) => new()
    {
        Key = AxisKey,
        Position = isVisible ? AxisPosition.Right : AxisPosition.None,
        Palette = Palette.Density,
        Minimum = _levels[0],
        Maximum = _levels[^1] + 1,
        LowColor = Palette.Paper,
        MajorStep = 1,
        LabelFormatter = value => value.ToString("0;−0", CultureInfo.InvariantCulture),
        Title = "log-density, nats",
        AxisTitleDistance = 8,
        AxisDistance = 14,
        TextColor = Palette.Ink,
        TicklineColor = Palette.Frame,
        MinorTickSize = 0,
    };
}
