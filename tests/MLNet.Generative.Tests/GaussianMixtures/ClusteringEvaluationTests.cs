using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>ML.NET's own evaluators understand our columns, and the clusters are good ones.</summary>
public sealed class ClusteringEvaluationTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Iris_clusters_agree_with_the_species_better_than_those_of_KMeans()
    {
        IDataView data = Iris();
        double mixture = Evaluate(_mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: 3).Fit(data).Transform(data));
        double kMeans = Evaluate(_mlContext.Clustering.Trainers.KMeans(numberOfClusters: 3).Fit(data).Transform(data));

        Assert.True(mixture >= 0.89, $"{mixture}");
        Assert.True(mixture > kMeans, $"{mixture} against {kMeans}");
        TestContext.Current.TestOutputHelper?.WriteLine($"normalised mutual information: Gaussian mixture {mixture:f4}, KMeans {kMeans:f4}");
    }

    [Fact]
    public void The_evaluator_takes_the_lowest_score()
    {
        // Were scores turned round, the evaluator would assign every row to its least probable component.
        IDataView scored = _mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: 3).Fit(Iris()).Transform(Iris());
        ClusteringMetrics metrics = _mlContext.Clustering.Evaluate(scored, "Label", "Score", "Features");
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        uint[] labels = [.. scored.GetColumn<uint>("PredictedLabel")];

        for (int n = 0; n < labels.Length; n++)
            Assert.Equal(scores[n].Min(), scores[n][labels[n] - 1]);
        Assert.True(double.IsFinite(metrics.AverageDistance));
        Assert.True(double.IsFinite(metrics.DaviesBouldinIndex));
    }

    [Fact]
    public void Cross_validation_runs()
    {
        var folds = _mlContext.Clustering.CrossValidate(
            Iris(), _mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: 3, covarianceType: CovarianceType.Tied), numberOfFolds: 3, labelColumnName: "Label", featuresColumnName: "Features");

        Assert.Equal(3, folds.Count);
        Assert.All(folds, fold => Assert.InRange(fold.Metrics.NormalizedMutualInformation, 0.7, 1));
        Assert.All(folds, fold => Assert.NotNull(fold.Model.FindGenerative()));
    }

    private double Evaluate(IDataView scored) => _mlContext.Clustering.Evaluate(scored, "Label", "Score").NormalizedMutualInformation;

    private IDataView Iris()
    {
        IDataView rows = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 150).Select(n => new Flower
        {
            Species = $"species {n / 50}",
            Features = [.. ClassicData.Iris.Skip(4 * n).Take(4).Select(value => (float)value)],
        }).ToArray());
        return _mlContext.Transforms.Conversion.MapValueToKey("Label", nameof(Flower.Species)).Fit(rows).Transform(rows);
    }

    private sealed class Flower
    {
        public string Species = "";

        [VectorType(4)]
        public float[] Features = [];
    }
}
