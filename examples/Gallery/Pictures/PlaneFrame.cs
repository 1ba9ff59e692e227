using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;

namespace Gallery.Pictures;

/// <summary>The part of a plane that a picture shows, and how its axes are called.</summary>
/// <param name="XTitle">The title of the horizontal axis, with the unit.</param>
/// <param name="XLowest">Its left end.</param>
/// <param name="XHighest">Its right end.</param>
/// <param name="YTitle">The title of the vertical axis, with the unit.</param>
/// <param name="YLowest">Its lower end.</param>
/// <param name="YHighest">Its upper end.</param>
internal sealed record PlaneFrame(string XTitle, double XLowest, double XHighest, string YTitle, double YLowest, double YHighest)
{
    private const double FontSize = 13;
    private const double TitleFontSize = 15;
    private const double RoomForAxes = 62;

    /// <summary>An empty plot of this part of the plane. Plots with the same room on the right have plot areas of the same size.</summary>
    /// <param name="title">The title above the plot.</param>
    /// <param name="roomOnTheRight">The room for a colour scale.</param>
    public PlotModel CreatePlot(string title, double roomOnTheRight)
    {
        var plot = new PlotModel
        {
            Title = title,
            TitleFontSize = TitleFontSize,
            TitleFontWeight = FontWeights.Bold,
            TitleHorizontalAlignment = TitleHorizontalAlignment.CenteredWithinPlotArea,
            TitleColor = Palette.Ink,
            TitlePadding = 10,
            TextColor = Palette.Ink,
            DefaultFontSize = FontSize,
            Background = Palette.Paper,
            Padding = new OxyThickness(0, 0, 0, 12),
            PlotMargins = new OxyThickness(RoomForAxes, double.NaN, roomOnTheRight, RoomForAxes),
            PlotAreaBorderColor = Palette.Frame,
            PlotAreaBorderThickness = new OxyThickness(1),
        };
        plot.Axes.Add(CreateAxis(AxisPosition.Bottom, XTitle, XLowest, XHighest));
        plot.Axes.Add(CreateAxis(AxisPosition.Left, YTitle, YLowest, YHighest));
        plot.Legends.Add(new Legend
        {
            LegendPosition = LegendPosition.RightBottom,
            LegendPlacement = LegendPlacement.Inside,
            LegendFontSize = FontSize,
            LegendTextColor = Palette.Ink,
            LegendBackground = OxyColor.FromAColor(225, Palette.Paper),
            LegendBorder = Palette.Frame,
            LegendBorderThickness = 1,
            LegendMargin = 12,
            LegendPadding = 8,
            LegendLineSpacing = 3,
            LegendSymbolLength = 24,
        });
        return plot;
    }

    /// <summary>The frame with room for every point and a share of the range on each side.</summary>
    public PlaneFrame Around(IReadOnlyCollection<DataPoint> points, double share)
    {
        double xRoom = share * (points.Max(point => point.X) - points.Min(point => point.X));
        double yRoom = share * (points.Max(point => point.Y) - points.Min(point => point.Y));
        return this with
        {
            XLowest = points.Min(point => point.X) - xRoom,
            XHighest = points.Max(point => point.X) + xRoom,
            YLowest = points.Min(point => point.Y) - yRoom,
            YHighest = points.Max(point => point.Y) + yRoom,
        };
    }

    private static LinearAxis CreateAxis(AxisPosition position, string title, double lowest, double highest) => new()
    {
        Position = position,
        Title = title,
        Minimum = lowest,
        Maximum = highest,
        TitleFontSize = FontSize,
        AxisTitleDistance = 10,
        TextColor = Palette.Ink,
        TicklineColor = Palette.Frame,
        AxislineColor = Palette.Frame,
        TickStyle = TickStyle.Outside,
        MinorTickSize = 0,
        LabelFormatter = value => value.ToString("g6", CultureInfo.InvariantCulture).Replace('-', '−'),
    };
}
