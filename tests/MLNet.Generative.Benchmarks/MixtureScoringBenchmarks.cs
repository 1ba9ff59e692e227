using BenchmarkDotNet.Attributes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Benchmarks;

/// <summary>
/// 200,000 rows of 16 features through a mixture of 8 components with full covariances: the bare model in a loop over an array, row by row and in tiles as in the learning, and <c>Transform</c> with no column,
/// one and all four, which is meant to reach half the speed of the first: a ratio below 2. ML.NET's KMeans stands beside them.
/// </summary>
[MemoryDiagnoser]
public class MixtureScoringBenchmarks
{
    private const int Rows = 200_000;
    private const int Dimension = 16;
    private const int Components = 8;

    private readonly double[] _posterior = new double[Components];
    private readonly double[] _joint = new double[Components * RowTile.Rows];
    private readonly RowTile _tile = new(Dimension);
    private double[] _values = [];
    private GaussianMixtureModel _model = null!;
    private IDataView _mixture = null!;
    private IDataView _detector = null!;
    private IDataView _kMeans = null!;

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        double[][] means = [.. Enumerable.Range(0, Components).Select(_ => Enumerable.Range(0, Dimension).Select(_ => 2 * random.NextDouble()).ToArray())];
        Row[] rows = [.. Enumerable.Range(0, Rows).Select(_ => new Row { Features = Array.ConvertAll(means[random.Next(Components)], mean => (float)(mean + random.NextDouble() - random.NextDouble())) })];
        _values = [.. rows.SelectMany(row => Array.ConvertAll(row.Features, value => (double)value))];
        var context = new MLContext(seed: 1);
        IDataView view = context.Data.LoadFromEnumerable(rows);
        IDataView some = context.Data.LoadFromEnumerable(rows[..5000]);
        AnomalyTransformer detector = context.AnomalyDetection.Trainers.FromDensity(context.Clustering.Trainers.GaussianMixture(numberOfComponents: Components)).Fit(some);
        var mixture = (GaussianMixtureTransformer)detector.Model;
        _model = mixture.Model;
        _mixture = mixture.Transform(view);
        _detector = detector.Transform(view);
        _kMeans = context.Clustering.Trainers.KMeans(numberOfClusters: Components).Fit(some).Transform(view);
    }

    /// <summary>The limit.</summary>
    [Benchmark(Baseline = true)]
    public double BareModel()
    {
        double sum = 0;
        for (int start = 0; start < _values.Length; start += Dimension)
            sum += _model.Posterior(_values.AsSpan(start, Dimension), _posterior);
        return sum;
    }

    /// <summary>What the learning does to get responsibilities.</summary>
    [Benchmark]
    public double BareTiles()
    {
        double sum = 0;
        for (int first = 0; first < Rows; first += RowTile.Rows)
        {
            _tile.Load(_values.AsSpan(first * Dimension), default, Math.Min(RowTile.Rows, Rows - first));
            MixtureExpectation.JointLogDensities(_model, _tile, _joint);
            sum += LogSumExp.Normalize(_joint, Components, _tile.Weights).LogLikelihood;
        }
        return sum;
    }

    /// <summary>The cursor alone.</summary>
    [Benchmark]
    public long NoColumn()
    {
        using DataViewRowCursor cursor = _mixture.GetRowCursor([]);
        while (cursor.MoveNext())
        {
        }
        return cursor.Position;
    }

    /// <summary>One column.</summary>
    [Benchmark]
    public float LogDensity() => _mixture.GetColumn<float>("LogDensity").Sum();

    /// <summary>All that the mixture says.</summary>
    [Benchmark]
    public float AllColumns()
    {
        DataViewSchema schema = _mixture.Schema;
        using DataViewRowCursor cursor = _mixture.GetRowCursor([schema["PredictedLabel"], schema["Score"], schema["Probability"], schema["LogDensity"]]);
        ValueGetter<uint> getLabel = cursor.GetGetter<uint>(schema["PredictedLabel"]);
        ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(schema["Score"]);
        ValueGetter<VBuffer<float>> getProbability = cursor.GetGetter<VBuffer<float>>(schema["Probability"]);
        ValueGetter<float> getLogDensity = cursor.GetGetter<float>(schema["LogDensity"]);
        (uint label, VBuffer<float> score, VBuffer<float> probability, float logDensity, float sum) = (0, default, default, 0, 0);
        while (cursor.MoveNext())
        {
            getLabel(ref label);
            getScore(ref score);
            getProbability(ref probability);
            getLogDensity(ref logDensity);
            sum += logDensity;
        }
        return sum;
    }

    /// <summary>The score of an anomaly detector on the mixture.</summary>
    [Benchmark]
    public float Detector() => _detector.GetColumn<float>("Score").Sum();

    /// <summary>ML.NET's own clusters: label and distances.</summary>
    [Benchmark]
    public float KMeans()
    {
        DataViewSchema schema = _kMeans.Schema;
        using DataViewRowCursor cursor = _kMeans.GetRowCursor([schema["PredictedLabel"], schema["Score"]]);
        ValueGetter<uint> getLabel = cursor.GetGetter<uint>(schema["PredictedLabel"]);
        ValueGetter<VBuffer<float>> getScore = cursor.GetGetter<VBuffer<float>>(schema["Score"]);
        (uint label, VBuffer<float> score, float sum) = (0, default, 0);
        while (cursor.MoveNext())
        {
            getLabel(ref label);
            getScore(ref score);
            sum += label;
        }
        return sum;
    }

    public sealed class Row
    {
        [VectorType(Dimension)]
        public float[] Features { get; set; } = [];
    }
}
