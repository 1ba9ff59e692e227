using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>A density with a threshold is an anomaly detector that ML.NET's evaluator understands.</summary>
public sealed class AnomalyDetectionTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Malignant_samples_are_strange_to_a_mixture_of_benign_ones()
    {
        (IDataView train, IDataView test) = BreastCancer();
        var normalize = _mlContext.Transforms.NormalizeMeanVariance("Features", fixZero: false);
        AnomalyDetectionMetrics mixture = Evaluate(normalize.Append(_mlContext.AnomalyDetection.Trainers.GaussianMixture(
            numberOfComponents: 2, covarianceType: CovarianceType.Diagonal)).Fit(train).Transform(test));
        AnomalyDetectionMetrics pca = Evaluate(normalize.Append(_mlContext.AnomalyDetection.Trainers.RandomizedPca(rank: 5, seed: 1)).Fit(train).Transform(test));

        Assert.True(mixture.AreaUnderRocCurve >= 0.95, $"{mixture.AreaUnderRocCurve}; RandomizedPca {pca.AreaUnderRocCurve}");
        // RandomizedPca divides the error by the length of the row, and malignant rows are long: it ranks them as the most ordinary.
        Assert.True(mixture.AreaUnderRocCurve > pca.AreaUnderRocCurve);
        TestContext.Current.TestOutputHelper?.WriteLine($"area under the ROC curve: Gaussian mixture {mixture.AreaUnderRocCurve:f4}, RandomizedPca {pca.AreaUnderRocCurve:f4}");
    }

    [Fact]
    public void The_evaluator_takes_the_highest_score_as_strangest()
    {
        IDataView data = Normal(300);
        IDataView test = _mlContext.Data.LoadFromEnumerable(new[] { 0f, 0.1f, -0.2f, 9f, -8f }.Select(x => new Point { Features = [x, 0], Label = Math.Abs(x) > 5 ? 1 : 0 }).ToArray());
        var detector = _mlContext.AnomalyDetection.Trainers.FromDensity(_mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: 3), contamination: 0.02f);
        Assert.Equal(1, Evaluate(detector.Fit(data).Transform(test)).AreaUnderRocCurve);
    }

    [Theory]
    [InlineData(1e-6f, 1)]
    [InlineData(0.01f, 3)]
    [InlineData(0.1f, 30)]
    [InlineData(0.5f, 150)]
    public void The_threshold_labels_the_contaminated_share_of_the_training_rows(float contamination, int anomalies)
    {
        IDataView data = Normal(300);
        AnomalyTransformer detector = _mlContext.AnomalyDetection.Trainers.GaussianMixture(numberOfComponents: 1, contamination: contamination).Fit(data);
        Assert.Equal(anomalies, Predict(detector, data).Count(prediction => prediction.PredictedLabel));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-0.1f)]
    [InlineData(0.6f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Contamination_out_of_range_is_an_error_when_the_detector_is_made(float contamination)
    {
        AnomalyDetectionCatalog.AnomalyDetectionTrainers trainers = _mlContext.AnomalyDetection.Trainers;
        IEstimator<IGenerativeTransformer> density = _mlContext.Clustering.Trainers.GaussianMixture();
        Func<object>[] doors =
        [
            () => trainers.FromDensity(density, contamination),
            () => trainers.FromDensity(density, new AnomalyEstimator.Options { Contamination = contamination }),
            () => trainers.GaussianMixture(contamination: contamination),
            () => trainers.GaussianMixture(new GaussianMixtureEstimator.Options(), contamination),
            () => trainers.Hmm("Sequence", contamination: contamination),
            () => trainers.Hmm(new HmmEstimator.Options(), contamination),
        ];
        Assert.All(doors, door => Assert.Contains(
            $"Contamination is {contamination}; it must be greater than 0 and at most 0.5", Assert.Throws<ArgumentOutOfRangeException>("Contamination", door).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_score_is_minus_the_log_density()
    {
        IDataView data = Normal(100);
        AnomalyTransformer detector = _mlContext.AnomalyDetection.Trainers.GaussianMixture(numberOfComponents: 2).Fit(data);
        float[] densities = [.. detector.Model.Transform(data).GetColumn<float>("LogDensity")];
        Prediction[] predictions = Predict(detector, data);
        for (int n = 0; n < densities.Length; n++)
        {
            Assert.Equal(-densities[n], predictions[n].Score);
            Assert.Equal(predictions[n].Score > detector.Threshold, predictions[n].PredictedLabel);
        }
    }

    [Fact]
    public void The_threshold_is_the_type_seven_quantile()
    {
        // R: quantile(c(1, 2, 4, 8), 0.9) is 6.8; with weights the numbers are repeated: quantile(c(1, 2, 2, 4, 4, 4), 0.3) is 2.
        Assert.Equal(6.8f, WeightedQuantile.Of([(8, 1), (1, 1), (4, 1), (2, 1)], 0.9), 1e-6f);
        Assert.Equal(2f, WeightedQuantile.Of([(4, 3), (1, 1), (2, 2)], 0.3));
        Assert.Equal(5f, WeightedQuantile.Of([(5, 1)], 0.99));
        // Weights that are shares count as equal numbers do.
        List<(float, double)> shares = [.. Enumerable.Range(0, 1000).Select(n => ((float)n, 0.001))];
        Assert.Equal(989.01f, WeightedQuantile.Of(shares, 0.99), 1e-3f);
    }

    [Fact]
    public void Weights_count_for_the_threshold_as_repeated_rows_do()
    {
        Point[] points = [.. Enumerable.Range(0, 40).Select(n => new Point { Features = [n % 7, n % 11], Weight = n % 3 })];
        Point[] repeated = [.. points.SelectMany(point => Enumerable.Repeat(point, (int)point.Weight))];
        AnomalyTransformer weighted = _mlContext.AnomalyDetection.Trainers.GaussianMixture(exampleWeightColumnName: "Weight", numberOfComponents: 1, contamination: 0.2f)
            .Fit(_mlContext.Data.LoadFromEnumerable(points));
        AnomalyTransformer plain = _mlContext.AnomalyDetection.Trainers.GaussianMixture(numberOfComponents: 1, contamination: 0.2f)
            .Fit(_mlContext.Data.LoadFromEnumerable(repeated));
        Assert.Equal(plain.Threshold, weighted.Threshold, 1e-5f);
    }

    [Fact]
    public void Rows_that_training_skips_do_not_move_the_threshold()
    {
        Point[] points = [.. RandomMixtures.Rows(new Random(2), 300, 2).Chunk(2).Select(row => new Point { Features = [(float)row[0], (float)row[1]] })];
        Point[] withHoles = [.. points, .. Enumerable.Repeat(new Point { Features = [float.NaN, float.NaN] }, 200)];
        float Threshold(Point[] rows) => _mlContext.AnomalyDetection.Trainers.GaussianMixture(
            new GaussianMixtureEstimator.Options { NumberOfComponents = 2, Seed = 1 }, contamination: 0.05f).Fit(_mlContext.Data.LoadFromEnumerable(rows)).Threshold;
        Assert.Equal(Threshold(points), Threshold(withHoles));
    }

    [Fact]
    public void A_weight_column_that_an_output_hides_still_counts()
    {
        Point[] points = [.. Enumerable.Range(0, 40).Select(n => new Point { Features = [n % 7, n % 11], Weight = n % 3 })];
        float Threshold(string weight) => _mlContext.AnomalyDetection.Trainers.GaussianMixture(exampleWeightColumnName: weight, numberOfComponents: 1, contamination: 0.2f)
            .Fit(_mlContext.Transforms.CopyColumns("Score", "Weight").Fit(_mlContext.Data.LoadFromEnumerable(points)).Transform(_mlContext.Data.LoadFromEnumerable(points))).Threshold;
        Assert.Equal(Threshold("Weight"), Threshold("Score"));
    }

    [Fact]
    public void With_another_threshold_a_new_detector_is_made()
    {
        IDataView data = Normal(100);
        AnomalyTransformer detector = _mlContext.AnomalyDetection.Trainers.GaussianMixture(numberOfComponents: 1).Fit(data);
        AnomalyTransformer strict = detector.WithThreshold(float.MinValue);

        Assert.Equal(100, Predict(strict, data).Count(prediction => prediction.PredictedLabel));
        Assert.Equal(1, Predict(detector, data).Count(prediction => prediction.PredictedLabel));
        Assert.Throws<ArgumentOutOfRangeException>(() => detector.WithThreshold(float.NaN));
    }

    [Fact]
    public void An_invalid_row_is_the_strangest_of_all()
    {
        AnomalyTransformer detector = _mlContext.AnomalyDetection.Trainers.GaussianMixture(numberOfComponents: 1).Fit(Normal(100));
        Prediction prediction = Predict(detector, _mlContext.Data.LoadFromEnumerable([new Point { Features = [float.PositiveInfinity, 0] }]))[0];
        Assert.Equal(float.MaxValue, prediction.Score);
        Assert.True(prediction.PredictedLabel);
    }

    [Fact]
    public void Renamed_columns_of_the_model_do_not_matter()
    {
        IDataView data = Normal(100);
        var options = new GaussianMixtureEstimator.Options { NumberOfComponents = 2, LogDensityColumnName = "Density", ScoreColumnName = "Distances", Seed = 1 };
        AnomalyTransformer renamed = _mlContext.AnomalyDetection.Trainers.FromDensity(
            _mlContext.Clustering.Trainers.GaussianMixture(options),
            new AnomalyEstimator.Options { ScoreColumnName = "Strangeness", PredictedLabelColumnName = "IsStrange" }).Fit(data);
        AnomalyTransformer plain = _mlContext.AnomalyDetection.Trainers.GaussianMixture(new GaussianMixtureEstimator.Options { NumberOfComponents = 2, Seed = 1 }).Fit(data);

        Assert.Equal(["IsStrange", "Strangeness"], renamed.GetOutputSchema(data.Schema).Select(column => column.Name).TakeLast(2));
        Assert.Equal(plain.Transform(data).GetColumn<float>("Score"), renamed.Transform(data).GetColumn<float>("Strangeness"));
    }

    private AnomalyDetectionMetrics Evaluate(IDataView scored) => _mlContext.AnomalyDetection.Evaluate(scored, "Label", "Score", "PredictedLabel");

    private Prediction[] Predict(ITransformer model, IDataView data) =>
        [.. _mlContext.Data.CreateEnumerable<Prediction>(model.Transform(data), reuseRowObject: false)];

    private IDataView Normal(int count)
    {
        double[] rows = RandomMixtures.Rows(new Random(2), count, 2);
        return _mlContext.Data.LoadFromEnumerable(rows.Chunk(2).Select(row => new Point { Features = [(float)row[0], (float)row[1]] }).ToArray());
    }

    private (IDataView Train, IDataView Test) BreastCancer()
    {
        Sample[] samples = [.. File.ReadLines(ClassicData.PathOf("breast_cancer.csv")).Skip(1).Select(line =>
        {
            float[] cells = Array.ConvertAll(line.Split(','), cell => float.Parse(cell, CultureInfo.InvariantCulture));
            return new Sample { Features = cells[..30], Label = 1 - cells[30] };
        })];
        Sample[] benign = [.. samples.Where(sample => sample.Label == 0)];
        Sample[] train = [.. benign.Where((_, n) => n % 2 == 0)];
        Sample[] test = [.. benign.Where((_, n) => n % 2 == 1), .. samples.Where(sample => sample.Label == 1)];
        return (_mlContext.Data.LoadFromEnumerable(train), _mlContext.Data.LoadFromEnumerable(test));
    }

    private sealed class Sample
    {
        [VectorType(30)]
        public float[] Features = [];

        public float Label;
    }

    private sealed class Point
    {
        [VectorType(2)]
        public float[] Features = [];

        public float Weight = 1;
        public float Label;
    }

    private sealed class Prediction
    {
        public bool PredictedLabel;
        public float Score;
    }
}
