using Gallery.Pictures;
using MathNet.Numerics.Distributions;
using MLNet.Generative;
using OxyPlot;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Gallery.Exhibits;

/// <summary>Four panels on one sheet: unseen digits and their reconstructions, digits made up, the map of all digits, and the training.</summary>
internal static class DigitsPicture
{
    private const int Width = 1240;
    private const int Height = 1130;
    private const double Edge = 24;
    private const double Gap = 36;
    private const double ImagesTop = 88;
    private const double PlotsTop = 560;
    private const int SeedOfSample = 7;

    /// <summary>Draws the sheet and saves it.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="model">The autoencoder.</param>
    /// <param name="map">One with two latent dimensions.</param>
    /// <param name="images">All images.</param>
    /// <param name="unseen">Those that training has not seen.</param>
    /// <param name="metrics">How well the autoencoder describes those.</param>
    /// <param name="isFull">Whether to draw it large.</param>
    public static void Draw(
        string path, VaeTransformer model, VaeTransformer map, IReadOnlyList<DigitImage> images, IReadOnlyList<DigitImage> unseen, VaeMetrics metrics, bool isFull)
    {
        using var sheet = new PictureSheet(Width, Height, scale: isFull ? 2 : 1);
        sheet.AddTitle(
            "Handwritten digits: variational autoencoders",
            FormattableString.Invariant($"{images.Count:n0} images of 8 × 8 pixels. Ten numbers say what a digit looks like ({metrics.NumberOfActiveUnits} in use); the decoder writes new ones from numbers drawn at random."));
        const double column = (Width - 2 * Edge - Gap) / 2;
        var left = new OxyRect(Edge, ImagesTop, column, PlotsTop - ImagesTop);
        var right = new OxyRect(Edge + column + Gap, ImagesTop, column, PlotsTop - ImagesTop);

        DrawReconstructions(sheet, left, model.Model, unseen);
        DrawSamples(sheet, right, model.Model, unseen);
        sheet.AddPlot(CreateMap(map.Model, images), new OxyRect(Edge, PlotsTop, column, Height - PlotsTop));
        sheet.AddPlot(CreateCurve(model.Summary), new OxyRect(Edge + column + Gap, PlotsTop, column, Height - PlotsTop));
        sheet.Save(path);
    }

    private static void DrawReconstructions(PictureSheet sheet, OxyRect place, VaeModel model, IReadOnlyList<DigitImage> unseen)
    {
        const double size = 50;
        const double pitch = 57;
        sheet.AddHeading("Digits it has not seen, and their reconstructions", place, place.Top);
        for (int set = 0; set < 3; set++)
        {
            double top = place.Top + 34 + set * (2 * pitch + 20);
            for (int digit = 0; digit < 10; digit++)
            {
                double[] original = Pixels(unseen, digit, set);
                double x = place.Left + digit * pitch + (place.Width - 10 * pitch) / 2;
                sheet.AddImage(original, DigitImages.Side, x, top, size);
                sheet.AddImage(model.Reconstruct(original), DigitImages.Side, x, top + pitch - 4, size);
            }
        }
        sheet.AddNote("Above: the image. Below: E[x | z = posterior mean].", place.Left + place.Width / 2, place.Top + 34 + 3 * (2 * pitch + 20) - 16, HorizontalAlignment.Center);
    }

    private static void DrawSamples(PictureSheet sheet, OxyRect place, VaeModel model, IReadOnlyList<DigitImage> unseen)
    {
        const double size = 50;
        const double pitch = 57;
        sheet.AddHeading("Digits it makes up, and one turning into another", place, place.Top);
        double x0 = place.Left + (place.Width - 10 * pitch) / 2;
        var latents = new double[40 * model.LatentDimension];
        Normal.Samples(new Random(SeedOfSample), latents, 0, 1);
        double[][] drawn = [.. model.Decode(latents).Chunk(model.Dimension)];
        for (int i = 0; i < drawn.Length; i++)
            sheet.AddImage(drawn[i], DigitImages.Side, x0 + i % 10 * pitch, place.Top + 34 + i / 10 * pitch, size);
        sheet.AddNote("E[x | z] for 40 draws of z from the prior", place.Left + place.Width / 2, place.Top + 34 + 4 * pitch, HorizontalAlignment.Center);

        double top = place.Top + 34 + 4 * pitch + 32;
        for (int row = 0; row < 2; row++)
        {
            (int from, int to) = row == 0 ? (0, 6) : (2, 7);
            double[][] way = model.Interpolate(Pixels(unseen, from, 0), Pixels(unseen, to, 1), numberOfSteps: 10);
            for (int step = 0; step < way.Length; step++)
                sheet.AddImage(way[step], DigitImages.Side, x0 + step * pitch, top + row * pitch, size);
        }
        sheet.AddNote("on the straight line between the codes of two digits that it has not seen", place.Left + place.Width / 2, top + 2 * pitch, HorizontalAlignment.Center);
    }

    private static double[] Pixels(IReadOnlyList<DigitImage> images, int digit, int which) =>
        [.. images.Where(image => image.Digit == digit).ElementAt(which).Pixels.Select(grey => (double)grey)];

    private static PlotModel CreateMap(VaeModel map, IReadOnlyList<DigitImage> images)
    {
        double[] codes = map.Encode([.. images.SelectMany(image => image.Pixels).Select(grey => (double)grey)]);
        DataPoint[] points = [.. images.Select((_, n) => new DataPoint(codes[2 * n], codes[2 * n + 1]))];
        PlotModel plot = new PlaneFrame("first latent dimension", 0, 0, "second latent dimension", 0, 0).Around(points, share: 0.05).CreatePlot("All digits, trained on or not, on a plane by a second autoencoder", roomOnTheRight: 70);
        plot.Legends[0].LegendPosition = LegendPosition.RightMiddle;
        plot.Legends[0].LegendMargin = -62;
        PointLayer.AddTo(plot, points, [.. images.Select(image => image.Digit)], [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")], Palette.Category);
        return plot;
    }

    private static PlotModel CreateCurve(VaeSummary summary)
    {
        DataPoint[] training = [.. summary.Epochs.Select(epoch => new DataPoint(epoch.Number, epoch.Objective))];
        DataPoint[] validation = [.. summary.Epochs.Select(epoch => new DataPoint(epoch.Number, epoch.ValidationObjective ?? epoch.Objective))];
        DataPoint[] reconstruction = [.. summary.Epochs.Select(epoch => new DataPoint(epoch.Number, epoch.Reconstruction))];
        DataPoint[] kl = [.. summary.Epochs.Select(epoch => new DataPoint(epoch.Number, epoch.KlDivergence))];
        double lowest = Math.Min(0, training.Min(point => point.Y));
        var frame = new PlaneFrame("epoch", 0, summary.Epochs.Count, "nats per image", lowest, 1.12 * Math.Max(kl.Max(point => point.Y), reconstruction.Max(point => point.Y)));
        PlotModel plot = frame.CreatePlot("The training", roomOnTheRight: 20);
        plot.Legends[0].LegendPosition = LegendPosition.RightMiddle;
        Add(plot, "objective (ELBO) on the training images", training, 0, LineStyle.Solid);
        Add(plot, "on images kept for validation", validation, 1, LineStyle.Solid);
        Add(plot, "reconstruction, its first part", reconstruction, 3, LineStyle.Dash);
        Add(plot, "KL divergence from the prior, its second", kl, 2, LineStyle.Dash);
        return plot;
    }

    private static void Add(PlotModel plot, string title, IEnumerable<DataPoint> points, int colour, LineStyle style)
    {
        var series = new LineSeries { Title = title, Color = Palette.Component(colour), StrokeThickness = 2, LineStyle = style };
        series.Points.AddRange(points);
        plot.Series.Add(series);
    }
}
