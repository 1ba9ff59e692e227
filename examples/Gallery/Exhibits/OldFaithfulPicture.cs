using Gallery.Pictures;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative;
using OxyPlot;

namespace Gallery.Exhibits;

/// <summary>Two plots on one sheet: the eruptions with the mixture that learned them, and as many eruptions drawn from the mixture.</summary>
internal static class OldFaithfulPicture
{
    private const int Width = 1240;
    private const int Height = 700;
    private const double RoomForEdge = 8;
    private const double RoomForScale = 88;
    private const double RoomBetween = 24;
    private const int NumberOfContours = 6;
    private const int SeedOfSample = 7;

    /// <summary>Draws the sheet and saves it.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="mlContext">The context that learned the mixture.</param>
    /// <param name="fit">The pipeline with the mixture.</param>
    /// <param name="data">The eruptions.</param>
    /// <param name="isFull">Whether to draw it large.</param>
    public static void Draw(string path, MLContext mlContext, TransformerChain<GaussianMixtureTransformer> fit, IDataView data, bool isFull)
    {
        GaussianMixtureModel mixture = fit.LastTransformer.Model;
        ClusteredRow[] observed = [.. mlContext.Data.CreateEnumerable<ClusteredRow>(fit.Transform(data), reuseRowObject: false)];
        IDataView sample = fit.FindGenerative().Sample(observed.Length, SeedOfSample);
        DrawnRow[] drawn = [.. mlContext.Data.CreateEnumerable<DrawnRow>(sample, reuseRowObject: false)];

        DataPoint[] observedPoints = [.. observed.Select(row => new DataPoint(row.Features[0], row.Features[1]))];
        DataPoint[] drawnPoints = [.. drawn.Select(row => new DataPoint(row.Features[0], row.Features[1]))];
        PlaneFrame frame = new PlaneFrame("eruption length, minutes", 0, 0, "waiting time to the next eruption, minutes", 0, 0)
            .Around([.. observedPoints, .. drawnPoints], share: 0.08);
        var density = new DensityLayer(mixture, frame, gridSize: isFull ? 401 : 201, NumberOfContours);
        string[] titles = [.. mixture.Weights.Select((weight, k) => FormattableString.Invariant($"component {k + 1}, weight {weight:f2}"))];

        PlotModel left = frame.CreatePlot($"{observed.Length} observed eruptions", RoomForEdge);
        density.AddTo(left, showScale: false);
        PointLayer.AddTo(left, observedPoints, [.. observed.Select(row => (int)row.Component - 1)], titles);
        ComponentLayer.AddTo(left, mixture);
        ComponentLayer.AddLegend(left);

        PlotModel right = frame.CreatePlot($"{drawn.Length} eruptions drawn from the mixture", RoomForEdge + RoomForScale);
        density.AddTo(right, showScale: true);
        PointLayer.AddTo(right, drawnPoints, [.. drawn.Select(row => (int)row.Component - 1)], titles);

        using var sheet = new PictureSheet(Width, Height, scale: isFull ? 2 : 1);
        sheet.AddTitle(
            $"Old Faithful: a mixture of {mixture.NumberOfComponents} Gaussians",
            "Short eruptions are followed by short rests, long ones by long rests. The mixture was told neither, and new eruptions drawn from it look like the old.");
        const double edge = 24;
        double end = (Width - 2 * edge - RoomBetween - RoomForScale) / 2 + edge;
        sheet.AddPlot(left, edge, end);
        sheet.AddPlot(right, end + RoomBetween, Width - edge);
        sheet.Save(path);
    }

    private sealed class ClusteredRow
    {
        public float[] Features { get; set; } = [];

        [ColumnName("PredictedLabel")]
        public uint Component { get; set; }
    }

    private sealed class DrawnRow
    {
        public float[] Features { get; set; } = [];

        [ColumnName("Label")]
        public uint Component { get; set; }
    }
}
