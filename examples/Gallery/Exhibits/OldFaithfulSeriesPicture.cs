using Gallery.Pictures;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative;
using OxyPlot;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Gallery.Exhibits;

/// <summary>Eruptions one after the other in the colours of their states, seen and drawn; each eruption against the next; and what the next one is expected to be.</summary>
internal static class OldFaithfulSeriesPicture
{
    private const int Width = 1240;
    private const int Height = 860;
    private const double Edge = 24;
    private const double RoomBetween = 20;
    private const double RoomOnTheRight = 8;
    private const double ShareOfSeries = 0.6;
    private const double Shortest = 1;
    private const double Longest = 6;
    private const int LengthOfSeries = 90;
    private const int PointsPerCurve = 301;

    /// <summary>Draws the sheet and saves it.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="mlContext">The context that learned the models.</param>
    /// <param name="hmm">The hidden Markov model.</param>
    /// <param name="mixture">The mixture, which knows no order.</param>
    /// <param name="series">The eruptions, as one sequence.</param>
    /// <param name="drawn">A sequence drawn from the hidden Markov model.</param>
    /// <param name="isFull">Whether to draw it large.</param>
    public static void Draw(string path, MLContext mlContext, HmmTransformer hmm, GaussianMixtureTransformer mixture, IDataView series, IDataView drawn, bool isFull)
    {
        IDataView labelled = mlContext.Data.FlattenSequences(hmm.Transform(series), "Geyser", ["Eruption", "PredictedLabel"]);
        (float[] Eruption, int State)[] steps =
            [.. mlContext.Data.CreateEnumerable<Step>(labelled, reuseRowObject: false).Select(step => (step.Eruption, (int)step.State - 1))];
        float[][] drawnEruptions = [.. drawn.GetColumn<float[]>("Eruption").Single().Chunk(hmm.Model.Dimension)];
        uint[] drawnStates = drawn.GetColumn<uint[]>("Label").Single();

        using var sheet = new PictureSheet(Width, Height, scale: isFull ? 2 : 1);
        sheet.AddTitle(
            "Old Faithful in time order: a hidden Markov model",
            FormattableString.Invariant($"After a short eruption a long one is due. A mixture knows the same two kinds, but not which comes next: log-likelihood {Signed(mixture.Summary)} against {Signed(hmm.Summary)}."));
        double middle = Edge + ShareOfSeries * (Width - 2 * Edge);
        (OxyRect seen, OxyRect made) = Halve(sheet.Below(Edge, middle));
        (OxyRect pairs, OxyRect next) = Halve(sheet.Below(middle + RoomBetween, Width - Edge));
        string[] titles = [.. Means(hmm.Model).Select((mean, k) => FormattableString.Invariant($"state {k + 1}: {mean[0]:f1} minutes, then {mean[1]:f0} of rest"))];
        sheet.AddPlot(CreateSeries($"The first {LengthOfSeries} of {steps.Length} eruptions", steps, titles), seen);
        sheet.AddPlot(CreateSeries($"{LengthOfSeries} eruptions drawn from the model", [.. drawnEruptions.Select((eruption, t) => (eruption, (int)drawnStates[t] - 1))], titles), made);
        sheet.AddPlot(CreatePairs(steps, hmm.Model), pairs);
        sheet.AddPlot(CreateNext(hmm.Model, mixture.Model), next);
        sheet.Save(path);
    }

    private static string Signed(FitSummary summary) => FormattableString.Invariant($"{summary.LogLikelihood:f1}").Replace('-', '−');

    private static (OxyRect Above, OxyRect Below) Halve(OxyRect place) =>
        (new OxyRect(place.Left, place.Top, place.Width, place.Height / 2), new OxyRect(place.Left, place.Top + place.Height / 2, place.Width, place.Height / 2));

    private static IReadOnlyList<Vector<double>> Means(HmmModel model) => ((GaussianEmission)model.Emissions).Means;

    private static PlotModel CreateSeries(string title, (float[] Eruption, int State)[] steps, string[] titles)
    {
        DataPoint[] points = [.. steps.Take(LengthOfSeries).Select((step, t) => new DataPoint(t + 1, step.Eruption[0]))];
        // Room for the legend above the eruptions.
        PlotModel plot = new PlaneFrame("number of the eruption", 0, LengthOfSeries + 1, "length, minutes", Shortest, Longest + 1).CreatePlot(title, RoomOnTheRight);
        var line = new LineSeries { Color = Palette.Frame, StrokeThickness = 1 };
        line.Points.AddRange(points);
        plot.Series.Add(line);
        PointLayer.AddTo(plot, points, [.. steps.Take(LengthOfSeries).Select(step => step.State)], titles);
        plot.Axes[1].MajorStep = 1;
        plot.Legends[0].LegendPosition = LegendPosition.RightTop;
        return plot;
    }

    private static PlotModel CreatePairs((float[] Eruption, int State)[] steps, HmmModel model)
    {
        DataPoint[] points = [.. steps.Zip(steps.Skip(1), (now, next) => new DataPoint(now.Eruption[0], next.Eruption[0]))];
        int[] states = [.. Enumerable.Range(0, model.NumberOfStates)];
        string[] titles = [.. states.Select(k => $"after state {k + 1}: {string.Join(", ", states.Select(j => FormattableString.Invariant($"{100 * model.TransitionMatrix[k, j]:f0} % state {j + 1}")))}")];
        PlotModel plot = new PlaneFrame("length of an eruption, minutes", Shortest, Longest, "length of the next, minutes", Shortest, Longest + 1).CreatePlot("Each eruption and the next", RoomOnTheRight);
        plot.Axes[1].MajorStep = 1;
        PointLayer.AddTo(plot, points, [.. steps.SkipLast(1).Select(step => step.State)], titles);
        plot.Legends[0].LegendPosition = LegendPosition.RightTop;
        return plot;
    }

    private static PlotModel CreateNext(HmmModel model, GaussianMixtureModel mixture)
    {
        var emission = (GaussianEmission)model.Emissions;
        Func<double, double>[] densities =
        [
            .. Enumerable.Range(0, model.NumberOfStates).Select(k => DensityOfLength(model.TransitionMatrix.Row(k), emission.Means, emission.Covariances)),
            DensityOfLength(mixture.Weights, mixture.Means, mixture.Covariances),
        ];
        DataPoint[][] curves = [.. densities.Select(density => ArrayBuilder.CreateVector(Shortest, Longest, PointsPerCurve).Select(x => new DataPoint(x, density(x))).ToArray())];
        double highest = curves.SelectMany(curve => curve).Max(point => point.Y);
        PlotModel plot = new PlaneFrame("length of the next eruption, minutes", Shortest, Longest, "density per minute", 0, 1.55 * highest).CreatePlot("What each model expects next", RoomOnTheRight);
        for (int k = 0; k < model.NumberOfStates; k++)
            CurveLayer.AddTo(plot, $"after an eruption in state {k + 1}", Palette.Component(k), curves[k], withMarks: false);
        CurveLayer.AddTo(plot, "mixture: the same after any", Palette.PaleInk, curves[^1], withMarks: false, LineStyle.Dash);
        plot.Legends[0].LegendPosition = LegendPosition.RightTop;
        return plot;
    }

    /// <summary>p(length) = Σ_k w_k N(length | μ_k, σ²_k), of the first of two features.</summary>
    private static Func<double, double> DensityOfLength(IEnumerable<double> weights, IReadOnlyList<Vector<double>> means, IReadOnlyList<Matrix<double>> covariances) =>
        length => weights.Select((weight, k) => weight * Normal.PDF(means[k][0], Math.Sqrt(covariances[k][0, 0]), length)).Sum();

    private sealed class Step
    {
        public float[] Eruption { get; set; } = [];

        [ColumnName("PredictedLabel")]
        public uint State { get; set; }
    }
}
