using Gallery.Pictures;
using MLNet.Generative;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Gallery.Exhibits;

/// <summary>The BIC of every covariance structure over the number of components: a plot for each data set, with a ring around the mixture that was chosen.</summary>
internal static class WhichMixturePicture
{
    private const int Width = 1240;
    private const int Height = 700;
    private const double Edge = 24;
    private const double RoomBetween = 20;
    private const double RoomForEdge = 8;
    private const double RoomForLegend = 128;
    private const double MarkSize = 4.5;
    private const double RingSize = 11;
    private const double LineHeight = 24;

    /// <summary>Draws the sheet and saves it.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="selections">The title of each plot, and what it shows.</param>
    /// <param name="isFull">Whether to draw it large.</param>
    public static void Draw(string path, IReadOnlyList<(string Title, GaussianMixtureSelection<GaussianMixtureTransformer> Selection)> selections, bool isFull)
    {
        using var sheet = new PictureSheet(Width, Height, scale: isFull ? 2 : 1);
        sheet.AddTitle(
            "Which mixture? The BIC of 14 covariance structures with 1 to 9 components",
            "Letters: volume, shape and orientation of the components, each Equal, Variable or the Identity. Zero is the mixture chosen; hollow marks are degenerate fits.");
        double width = (Width - 2 * Edge - RoomForLegend - RoomBetween * selections.Count) / selections.Count;
        double left = Edge;
        foreach ((string title, GaussianMixtureSelection<GaussianMixtureTransformer> selection) in selections)
        {
            sheet.AddPlot(CreatePlot(title, selection), left, left + width);
            left += width + RoomBetween;
        }
        AddLegend(sheet, [.. selections[0].Selection.Table.Select(row => row.Structure).Distinct()], sheet.Below(left, left + RoomForLegend));
        sheet.Save(path);
    }

    private static PlotModel CreatePlot(string title, GaussianMixtureSelection<GaussianMixtureTransformer> selection)
    {
        GaussianMixtureSelectionRow best = selection.BestRow;
        DataPoint PlaceOf(GaussianMixtureSelectionRow row) =>
            new(row.NumberOfComponents, DifferenceAxis.PlaceOf(row.Get(selection.Criterion) - best.Get(selection.Criterion)));

        GaussianMixtureSelectionRow[] fitted = [.. selection.Table.Where(row => row.Summary is not null)];
        PlotModel plot = new PlaneFrame("number of components", 0, 0, "", 0, 0).Around([.. fitted.Select(PlaceOf)], share: 0.06).CreatePlot(title, RoomForEdge);
        UseDifferences(plot);
        plot.Legends.Clear();
        foreach (IGrouping<string, GaussianMixtureSelectionRow> structure in fitted.GroupBy(row => row.Structure).OrderBy(structure => structure.Key == best.Structure))
            AddCurve(plot, structure, PlaceOf, isBest: structure.Key == best.Structure);
        AddRing(plot, PlaceOf(best), FormattableString.Invariant($"{best.Structure}, {best.NumberOfComponents} components: BIC {best.Summary!.Bic:f1}"));
        return plot;
    }

    private static void UseDifferences(PlotModel plot)
    {
        Axis plain = plot.Axes[1];
        plot.Axes[0].MajorStep = 1;
        // Room for the label below the lowest mark.
        double room = 0.1 * (plain.Maximum - plain.Minimum);
        plot.Axes[1] = new DifferenceAxis("BIC above that of the mixture chosen, logarithmic")
        {
            Minimum = Math.Min(plain.Minimum, -room),
            Maximum = plain.Maximum,
            TitleFontSize = plain.TitleFontSize,
            AxisTitleDistance = plain.AxisTitleDistance,
            TextColor = Palette.Ink,
            TicklineColor = Palette.Frame,
            AxislineColor = Palette.Frame,
            TickStyle = TickStyle.Outside,
            MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = Palette.Blank,
        };
    }

    private static void AddCurve(PlotModel plot, IGrouping<string, GaussianMixtureSelectionRow> structure, Func<GaussianMixtureSelectionRow, DataPoint> placeOf, bool isBest)
    {
        LineSeries curve = CreateCurve(structure.Key, isBest ? 3 : 1.4);
        var degenerate = new LineSeries
        {
            Color = OxyColors.Transparent,
            MarkerType = curve.MarkerType,
            MarkerSize = MarkSize,
            MarkerFill = Palette.Paper,
            MarkerStroke = curve.Color,
            MarkerStrokeThickness = 1.4,
        };
        // Where a fit is degenerate the curve has a gap.
        foreach (GaussianMixtureSelectionRow row in structure)
        {
            curve.Points.Add(row.Summary!.IsDegenerate ? DataPoint.Undefined : placeOf(row));
            if (row.Summary.IsDegenerate)
                degenerate.Points.Add(placeOf(row));
        }
        plot.Series.Add(curve);
        plot.Series.Add(degenerate);
    }

    private static LineSeries CreateCurve(string structure, double thickness)
    {
        OxyColor colour = FamilyOf(structure).Colour;
        return new LineSeries
        {
            Title = structure,
            Color = colour,
            StrokeThickness = thickness,
            MarkerType = MarkOf(structure),
            MarkerSize = MarkSize,
            MarkerFill = colour,
            MarkerStroke = Palette.Paper,
            MarkerStrokeThickness = 0.8,
        };
    }

    private static void AddRing(PlotModel plot, DataPoint place, string label)
    {
        plot.Annotations.Add(new PointAnnotation { X = place.X, Y = place.Y, Shape = MarkerType.Circle, Size = RingSize, Fill = OxyColors.Transparent, Stroke = Palette.Ink, StrokeThickness = 2 });
        plot.Annotations.Add(new TextAnnotation
        {
            Text = label,
            TextPosition = place,
            Offset = new ScreenVector(-RingSize, RingSize + 2),
            TextHorizontalAlignment = HorizontalAlignment.Left,
            TextVerticalAlignment = VerticalAlignment.Top,
            FontWeight = FontWeights.Bold,
            TextColor = Palette.Ink,
            Stroke = OxyColors.Transparent,
        });
    }

    private static (string Family, OxyColor Colour) FamilyOf(string structure) => structure switch
    {
        [_, 'I', _] => ("spherical", Palette.PaleInk),
        [_, _, 'I'] => ("diagonal", Palette.Component(3)),
        [_, _, 'E'] => ("one orientation", Palette.Component(0)),
        _ => ("own orientations", Palette.Component(1)),
    };

    private static MarkerType MarkOf(string structure) => structure switch
    {
        ['E', 'V', _] => MarkerType.Triangle,
        ['V', 'V', _] => MarkerType.Diamond,
        ['V', ..] => MarkerType.Square,
        _ => MarkerType.Circle,
    };

    // Drawn by hand: OxyPlot cuts the names of groups off where their longest member ends.
    private static void AddLegend(PictureSheet sheet, IReadOnlyList<string> structures, OxyRect place)
    {
        double top = place.Top + LineHeight;
        foreach (IGrouping<string, string> family in structures.GroupBy(structure => FamilyOf(structure).Family))
        {
            sheet.AddText(family.Key, place.Left, top);
            top += LineHeight;
            double height = family.Count() * LineHeight;
            sheet.AddPlot(CreateLegend([.. family]), new OxyRect(place.Left, top, place.Width, height));
            top += height + LineHeight / 2;
        }
    }

    /// <summary>A plot of nothing but its legend.</summary>
    private static PlotModel CreateLegend(IReadOnlyList<string> structures)
    {
        var plot = new PlotModel { PlotAreaBorderThickness = new OxyThickness(0), PlotMargins = new OxyThickness(0), Padding = new OxyThickness(0) };
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Bottom, IsAxisVisible = false });
        plot.Axes.Add(new LinearAxis { Position = AxisPosition.Left, IsAxisVisible = false });
        plot.Legends.Add(new Legend
        {
            LegendPosition = LegendPosition.LeftTop,
            LegendPlacement = LegendPlacement.Inside,
            LegendFontSize = 14,
            LegendTextColor = Palette.Ink,
            LegendBorderThickness = 0,
            LegendMargin = 0,
            LegendPadding = 0,
            LegendLineSpacing = 5,
            LegendSymbolLength = 32,
        });
        foreach (string structure in structures)
            plot.Series.Add(CreateCurve(structure, thickness: 1.4));
        return plot;
    }
}
