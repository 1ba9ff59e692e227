using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Acceptance;

/// <summary>
/// How fast rows go through a fitted Gaussian mixture of 8 components with full covariances, as a step of a pipeline with all its columns, beside the bare model in a loop over an array on one thread.
/// They take turns, and of each the best turn counts. ML.NET's KMeans takes turns as well.
/// </summary>
/// <param name="numberOfRows">How many rows of 16 features.</param>
/// <param name="numberOfRepetitions">How many turns.</param>
public sealed class MixtureTransform(int numberOfRows, int numberOfRepetitions) : IAcceptanceCase
{
    private const int Dimension = 16;
    private const int NumberOfComponents = 8;

    // What ML.NET's readers take for a pass is shared by all rows.
    private const double MostBytes = 8;

    /// <summary>The full size.</summary>
    public MixtureTransform()
        : this(numberOfRows: 1_000_000, numberOfRepetitions: 9)
    {
    }

    /// <inheritdoc/>
    public string Name => "gmm-transform";

    /// <inheritdoc/>
    public string Summary => $"{numberOfRows:n0} rows of {Dimension} features through a mixture of {NumberOfComponents}: Transform against the bare model, and memory.";

    /// <inheritdoc/>
    public IReadOnlyList<DataFolder> Needs => [];

    /// <inheritdoc/>
    public IEnumerable<AcceptanceFigure> Measure(AcceptanceRun run)
    {
        var mlContext = new MLContext(seed: 1);
        Row[] rows = MakeRows();
        IDataView view = mlContext.Data.LoadFromEnumerable(rows);
        IDataView some = mlContext.Data.LoadFromEnumerable(rows.Take(5000).ToArray());
        AnomalyTransformer detector = mlContext.AnomalyDetection.Trainers
            .FromDensity(mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: NumberOfComponents)).Fit(some);
        var mixture = (GaussianMixtureTransformer)detector.Model;
        ITransformer kMeans = mlContext.Clustering.Trainers.KMeans(numberOfClusters: NumberOfComponents).Fit(some);
        double[] values = [.. rows.SelectMany(row => Array.ConvertAll(row.Features, value => (double)value))];

        (string Name, Action Pass)[] passes =
        [
            ("bare model", () => ScoreBare(mixture.Model, values)),
            ("Transform", () => Read(mixture.Transform(view), "PredictedLabel", "Score", "Probability", "LogDensity")),
            ("detector's Transform", () => Read(detector.Transform(view), "PredictedLabel", "Score")),
            ("KMeans' Transform", () => Read(kMeans.Transform(view), "PredictedLabel", "Score")),
        ];
        double[] seconds = Array.ConvertAll(passes, _ => double.PositiveInfinity);
        double bytes = double.PositiveInfinity;
        // The first turn warms up.
        for (int repetition = 0; repetition <= numberOfRepetitions; repetition++)
        {
            for (int i = 0; i < passes.Length; i++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                long start = Stopwatch.GetTimestamp();
                passes[i].Pass();
                double elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
                if (repetition == 0)
                    continue;
                seconds[i] = Math.Min(seconds[i], elapsed);
                if (i == 1)
                    bytes = Math.Min(bytes, (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / numberOfRows);
            }
        }
        for (int i = 0; i < passes.Length; i++)
            yield return new AcceptanceFigure($"{passes[i].Name}, rows/s", numberOfRows / seconds[i]);
        yield return new AcceptanceFigure("Transform / bare model", seconds[0] / seconds[1], Lowest: 0.5);
        yield return new AcceptanceFigure("detector's Transform / bare model", seconds[0] / seconds[2], Lowest: 0.5);
        yield return new AcceptanceFigure("Transform, bytes allocated per row", bytes, Highest: MostBytes);
    }

    private Row[] MakeRows()
    {
        var random = new Random(1);
        float[][] means = [.. Enumerable.Range(0, NumberOfComponents).Select(_ => Enumerable.Range(0, Dimension).Select(_ => 2 * random.NextSingle()).ToArray())];
        return [.. Enumerable.Range(0, numberOfRows).Select(_ => new Row { Features = Array.ConvertAll(means[random.Next(NumberOfComponents)], mean => mean + random.NextSingle() - random.NextSingle()) })];
    }

    private static void ScoreBare(GaussianMixtureModel model, double[] values)
    {
        var posterior = new double[model.NumberOfComponents];
        for (int start = 0; start < values.Length; start += Dimension)
            model.Posterior(values.AsSpan(start, Dimension), posterior);
    }

    private static void Read(IDataView view, params string[] names)
    {
        DataViewSchema.Column[] columns = Array.ConvertAll(names, name => view.Schema[name]);
        using DataViewRowCursor cursor = view.GetRowCursor(columns);
        Action[] readers = Array.ConvertAll(columns, column => column.Type.RawType switch
        {
            var type when type == typeof(float) => Reader<float>(cursor, column),
            var type when type == typeof(uint) => Reader<uint>(cursor, column),
            var type when type == typeof(bool) => Reader<bool>(cursor, column),
            _ => Reader<VBuffer<float>>(cursor, column),
        });
        while (cursor.MoveNext())
        {
            foreach (Action read in readers)
                read();
        }
    }

    private static Action Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        ValueGetter<T> get = row.GetGetter<T>(column);
        T value = default!;
        return () => get(ref value);
    }

    private sealed class Row
    {
        [VectorType(Dimension)]
        public float[] Features { get; set; } = [];
    }
}
