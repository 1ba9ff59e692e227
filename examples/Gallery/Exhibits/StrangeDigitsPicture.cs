using Gallery.Pictures;
using MathNet.Numerics.Statistics;
using OxyPlot;
using OxyPlot.Legends;

namespace Gallery.Exhibits;

/// <summary>The strangest images and the most ordinary ones, the densities of their scores, and how well three detectors do with each digit.</summary>
internal static class StrangeDigitsPicture
{
    private const int Width = 1240;
    private const int Height = 1130;
    private const double Edge = 24;
    private const double Gap = 36;
    private const double ImagesTop = 88;
    private const double PlotsTop = 600;
    private const double ImageSize = 50;
    private const double ColumnPitch = 57;
    private const double RowPitch = 74;
    private const int Columns = 10;
    private const int RowsOfStrangest = 6;
    private const int PointsOfCurve = 400;
    private const double Beside = 0.2;
    private const double RoomForLegend = 1.35;

    /// <summary>Draws the sheet and saves it.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="results">The detectors of each digit.</param>
    /// <param name="shown">The one whose images are shown.</param>
    /// <param name="isFull">Whether to draw it large.</param>
    public static void Draw(string path, IReadOnlyList<OneDigit> results, OneDigit shown, bool isFull)
    {
        using var sheet = new PictureSheet(Width, Height, scale: isFull ? 2 : 1);
        StrangeImage[] normal = [.. shown.Images.Where(image => image.Digit == shown.Digit)];
        StrangeImage[] others = [.. shown.Images.Where(image => image.Digit != shown.Digit)];
        sheet.AddTitle(
            $"What is strange to an autoencoder that knows only the digit {shown.Digit}?",
            FormattableString.Invariant($"It learned from {shown.TrainingCount} images of an {shown.Digit}, and scores {normal.Length} others of an {shown.Digit} and all {others.Length:n0} images of other digits. Below each: the digit, and the score, −ELBO in nats."));
        const double column = (Width - 2 * Edge - Gap) / 2;
        var left = new OxyRect(Edge, ImagesTop, column, PlotsTop - ImagesTop);
        var right = new OxyRect(Edge + column + Gap, ImagesTop, column, PlotsTop - ImagesTop);

        sheet.AddHeading("The strangest images first", left, left.Top);
        DrawImages(sheet, left, left.Top + 34, shown.Images.Take(RowsOfStrangest * Columns));
        double top = right.Top;
        foreach ((string heading, IEnumerable<StrangeImage> images) in (IEnumerable<(string, IEnumerable<StrangeImage>)>)
            [
                ($"The strangest images of an {shown.Digit}", normal.Take(Columns)),
                ($"The least strange images of an {shown.Digit}", normal.Reverse().Take(Columns)),
                ("The least strange images of other digits", others.Reverse().Take(2 * Columns)),
            ])
        {
            sheet.AddHeading(heading, right, top);
            top = DrawImages(sheet, right, top + 34, images) + 12;
        }
        sheet.AddNote("Grey values have a density, which may exceed 1: scores below 0 are nothing special.", right.Left + right.Width / 2, top - 8, HorizontalAlignment.Center);
        sheet.AddPlot(CreateDensities(shown, normal, others), new OxyRect(Edge, PlotsTop, column, Height - PlotsTop));
        sheet.AddPlot(CreateAreas(results), new OxyRect(Edge + column + Gap, PlotsTop, column, Height - PlotsTop));
        sheet.Save(path);
    }

    // Returns where they end.
    private static double DrawImages(PictureSheet sheet, OxyRect place, double top, IEnumerable<StrangeImage> images)
    {
        double left = place.Left + (place.Width - Columns * ColumnPitch) / 2;
        int count = 0;
        foreach (StrangeImage image in images)
        {
            double x = left + count % Columns * ColumnPitch;
            double y = top + count++ / Columns * RowPitch;
            sheet.AddImage([.. image.Pixels.Select(grey => (double)grey)], DigitImages.Side, x, y, ImageSize);
            sheet.AddNote(Text($"{image.Digit}: {image.Score:f0}").Replace('-', '−'), x + ImageSize / 2, y + ImageSize + 1, HorizontalAlignment.Center);
        }
        return top + (count + Columns - 1) / Columns * RowPitch;
    }

    private static PlotModel CreateDensities(OneDigit shown, StrangeImage[] normal, StrangeImage[] others)
    {
        double[] scores = [.. shown.Images.Select(image => (double)image.Score).Order()];
        double lowest = scores[0] - 20;
        double highest = scores[^1];
        DataPoint[] ofNormal = Density(normal, lowest, highest);
        DataPoint[] ofOthers = Density(others, lowest, highest);
        double highestLine = 1.1 * ofNormal.Concat(ofOthers).Max(point => point.Y);
        PlotModel plot = new PlaneFrame("score: −ELBO, in nats", lowest, highest, "% of the images per nat", 0, RoomForLegend * highestLine).CreatePlot("How the scores are spread", roomOnTheRight: 20);
        plot.Legends[0].LegendPosition = LegendPosition.RightTop;
        CurveLayer.AddTo(plot, $"images of an {shown.Digit} that it has not seen", Palette.Component(0), ofNormal, withMarks: false);
        CurveLayer.AddTo(plot, "images of other digits", Palette.Component(1), ofOthers, withMarks: false);
        AddThreshold("threshold: exceeded by 5 % of what it learned from", shown.Threshold, LineStyle.Dot);
        AddThreshold($"exceeded by 5 % of every second unseen {shown.Digit}", shown.ThresholdOfUnseen, LineStyle.Dash);
        return plot;

        void AddThreshold(string title, double threshold, LineStyle style) =>
            CurveLayer.AddTo(plot, title, Palette.Ink, [new DataPoint(threshold, 0), new DataPoint(threshold, highestLine)], withMarks: false, style);
    }

    // A Gaussian kernel with Silverman's bandwidth.
    private static DataPoint[] Density(StrangeImage[] images, double lowest, double highest)
    {
        double[] scores = [.. images.Select(image => (double)image.Score)];
        double spread = Math.Min(scores.StandardDeviation(), scores.InterquartileRange() / 1.34);
        double bandwidth = 0.9 * spread * Math.Pow(scores.Length, -0.2);
        return [.. Enumerable.Range(0, PointsOfCurve + 1).Select(i =>
        {
            double x = lowest + i * (highest - lowest) / PointsOfCurve;
            return new DataPoint(x, 100 * KernelDensity.EstimateGaussian(x, bandwidth, scores));
        })];
    }

    private static PlotModel CreateAreas(IReadOnlyList<OneDigit> results)
    {
        double lowest = results.Min(result => Math.Min(result.Elbo, Math.Min(result.Gaussian, result.RandomizedPca)));
        PlotModel plot = new PlaneFrame("normal digit", -0.5, 9.5, "area under the ROC curve", Math.Floor(20 * lowest) / 20, 1.01).CreatePlot("Three detectors, each digit in turn as the normal one", roomOnTheRight: 20);
        plot.Axes[0].MajorStep = 1;
        plot.Legends[0].LegendPosition = LegendPosition.RightBottom;
        // Side by side, because two of them often agree.
        PointLayer.AddTo(
            plot,
            [.. results.SelectMany(result => (DataPoint[])[new(result.Digit - Beside, result.Elbo), new(result.Digit, result.Gaussian), new(result.Digit + Beside, result.RandomizedPca)])],
            [.. results.SelectMany(_ => (int[])[0, 1, 2])],
            ["autoencoder: −ELBO", "one Gaussian: −log p(x)", "ML.NET's RandomizedPca"]);
        return plot;
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
