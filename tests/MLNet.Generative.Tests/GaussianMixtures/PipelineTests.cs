using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>A mixture as a step of an ML.NET pipeline: columns, and missing and invalid values.</summary>
public sealed class PipelineTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Eight_lines_from_a_file_to_a_saved_model()
    {
        string path = Path.Combine(Path.GetTempPath(), Guid.NewGuid() + ".zip");
        var mlContext = new MLContext(seed: 1);
        var data = mlContext.Data.LoadFromTextFile<Eruption>(ClassicData.PathOf("faithful.csv"), ',', hasHeader: true);
        var model = mlContext.Transforms.Concatenate("Features", "Eruptions", "Waiting")
            .Append(mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: 2))
            .Fit(data);
        mlContext.Model.Save(model, data.Schema, path);

        ITransformer loaded = new MLContext().Model.Load(path, out _);
        Prediction prediction = new MLContext().Model.CreatePredictionEngine<Eruption, Prediction>(loaded).Predict(new Eruption { Eruptions = 3, Waiting = 65 });
        File.Delete(path);

        Assert.Equal(-1130.26396505, model.LastTransformer.Summary.LogLikelihood, 1e-4);
        Assert.Equal(-8.75037, prediction.LogDensity, 1e-3);
        Assert.Equal(0.7845, prediction.Probability[prediction.PredictedLabel - 1], 1e-3);
        var generative = (GaussianMixtureTransformer)loaded.FindGenerative();
        Assert.Equal(model.LastTransformer.Summary.LogLikelihood, generative.Summary.LogLikelihood);
        Assert.Equal(model.LastTransformer.Summary.LogLikelihoodTrace, generative.Summary.LogLikelihoodTrace);
    }

    [Theory]
    [InlineData(CovarianceType.VVV, -1130.263965048)]
    [InlineData(CovarianceType.EEE, -1140.18675944)]
    [InlineData(CovarianceType.VVI, -1147.80635254)]
    [InlineData(CovarianceType.VII, -1709.52928218)]
    public void Single_and_Double_columns_reach_their_own_maximum(CovarianceType type, double logLikelihood)
    {
        GaussianMixtureEstimator.Options options = Tight(type);
        double single = _mlContext.Clustering.Trainers.GaussianMixture(options).Fit(Singles(ClassicData.Faithful)).Summary.LogLikelihood;
        options.FeatureColumnName = "Doubles";
        double twice = _mlContext.Clustering.Trainers.GaussianMixture(options).Fit(EruptionRows.Doubles(_mlContext, ClassicData.Faithful)).Summary.LogLikelihood;

        Assert.Equal(logLikelihood, single, 1e-4);
        // Nothing is rounded on the way from a Double column to the learner.
        Assert.Equal(GaussianMixtureLearner.Fit(ClassicData.Faithful, 2, options).Summary.LogLikelihood, twice);
    }

    [Fact]
    public void Columns_are_what_the_documentation_says()
    {
        GaussianMixtureTransformer model = Fit(3);
        double[] rows = ClassicData.Faithful;
        Prediction[] predictions = Predict(model, Singles(rows));
        var posterior = new double[3];
        for (int n = 0; n < predictions.Length; n++)
        {
            double[] row = [(float)rows[2 * n], (float)rows[2 * n + 1]];
            double logDensity = model.Model.Posterior(row, posterior);
            Assert.Equal((float)logDensity, predictions[n].LogDensity);
            Assert.Equal(Array.IndexOf(posterior, posterior.Max()) + 1, (int)predictions[n].PredictedLabel);
            Assert.Equal(1, predictions[n].Probability.Sum(), 1e-6f);
            // The lowest score belongs to the predicted component.
            Assert.Equal(Array.IndexOf(predictions[n].Score, predictions[n].Score.Min()) + 1, (int)predictions[n].PredictedLabel);
            for (int k = 0; k < 3; k++)
                Assert.Equal(-(Math.Log(posterior[k]) + logDensity), predictions[n].Score[k], 1e-3 * (1 + Math.Abs(predictions[n].Score[k])));
        }
    }

    [Fact]
    public void Rows_with_missing_features_are_skipped_in_fit_with_one_warning()
    {
        var warnings = new List<string>();
        _mlContext.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.Message);
        };
        double[] holes = [.. ClassicData.Faithful];
        for (int n = 0; n < 272; n += 10)
            holes[2 * n + 1] = double.NaN;
        double[] complete = [.. holes.Chunk(2).Where(row => !double.IsNaN(row[1])).SelectMany(row => row)];

        FitSummary summary = _mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: 2).Fit(Singles(holes)).Summary;
        Assert.Equal(_mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: 2).Fit(Singles(complete)).Summary.LogLikelihood, summary.LogLikelihood, 1e-6);
        Assert.Equal(244, summary.TotalWeight);
        string warning = Assert.Single(warnings);
        Assert.Contains("28 rows", warning, StringComparison.Ordinal);
        Assert.Contains("'Features'", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_features_are_marginalised_when_scoring()
    {
        GaussianMixtureTransformer model = Fit(2);
        Prediction[] predictions = Predict(model, Singles([3, double.NaN, double.NaN, double.NaN]));

        Assert.Equal((float)model.Model.Marginal(0).LogDensity([3]), predictions[0].LogDensity, 1e-6f);
        Assert.Equal(0f, predictions[1].LogDensity);
        Assert.Equal((float)model.Model.Weights[0], predictions[1].Probability[0]);
        Assert.NotEqual(0u, predictions[1].PredictedLabel);
    }

    [Fact]
    public void Invalid_rows_are_marked_and_counted_in_one_warning()
    {
        GaussianMixtureTransformer model = Fit(2);
        var warnings = new List<string>();
        _mlContext.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.Message);
        };
        Prediction[] predictions = Predict(model, Singles([double.PositiveInfinity, 60, 3, 65, 2, double.NegativeInfinity]));

        foreach (Prediction invalid in new[] { predictions[0], predictions[2] })
        {
            Assert.Equal(0u, invalid.PredictedLabel);
            Assert.Equal([0.5f, 0.5f], invalid.Probability);
            Assert.Equal(float.MinValue, invalid.LogDensity);
            Assert.All(invalid.Score, score => Assert.Equal(float.MaxValue, score));
        }
        Assert.NotEqual(0u, predictions[1].PredictedLabel);
        Assert.Contains("2 rows", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_of_very_distant_rows_are_finite()
    {
        Prediction prediction = Predict(Fit(2), Singles([1e30, -1e30]))[0];
        Assert.True(float.IsFinite(prediction.LogDensity));
        Assert.All(prediction.Score, score => Assert.True(float.IsFinite(score)));
        Assert.Equal(1, prediction.Probability.Sum(), 1e-6f);
    }

    private GaussianMixtureTransformer Fit(int components) =>
        _mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: components).Fit(Singles(ClassicData.Faithful));

    private Prediction[] Predict(ITransformer model, IDataView data) =>
        [.. _mlContext.Data.CreateEnumerable<Prediction>(model.Transform(data), reuseRowObject: false)];

    private IDataView Singles(double[] rows) => EruptionRows.Singles(_mlContext, rows);

    private static GaussianMixtureEstimator.Options Tight(CovarianceType type) =>
        new() { NumberOfComponents = 2, CovarianceType = type, Tolerance = 1e-15, MaximumNumberOfIterations = 10_000, Seed = 3 };

    private sealed class Eruption
    {
        [LoadColumn(0)]
        public float Eruptions;

        [LoadColumn(1)]
        public float Waiting;
    }

    private sealed class Prediction
    {
        public uint PredictedLabel;
        public float[] Score = [];
        public float[] Probability = [];
        public float LogDensity;
    }
}
