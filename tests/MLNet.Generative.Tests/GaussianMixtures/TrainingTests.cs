using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>What a user controls and sees of a training: weights, log, progress, cancellation, options.</summary>
public sealed class TrainingTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData("Weight")]
    [InlineData("DoubleWeight")]
    public void A_weight_column_of_either_type_counts_rows(string column)
    {
        WeightedRow[] rows = [.. ClassicData.Faithful.Chunk(2).Select((row, n) => new WeightedRow { Features = row, Weight = 1 + n % 3, DoubleWeight = 1 + n % 3 })];
        var options = new GaussianMixtureEstimator.Options { NumberOfComponents = 2, Tolerance = 1e-15, MaximumNumberOfIterations = 10_000, Seed = 3 };
        options.ExampleWeightColumnName = column;
        GaussianMixtureTransformer model = _mlContext.Clustering.Trainers.GaussianMixture(options).Fit(_mlContext.Data.LoadFromEnumerable(rows));

        int low = model.Model.Means[0][0] < 3 ? 0 : 1;
        Assert.Equal(0.348807436499, model.Model.Weights[low], 1e-6);
        Assert.Equal(2.02232985671, model.Model.Means[low][0], 1e-5);
        Assert.Equal(rows.Sum(row => row.DoubleWeight), model.Summary.TotalWeight);
    }

    [Fact]
    public void Iterations_reach_the_log_and_the_progress()
    {
        var messages = new List<string>();
        _mlContext.Log += (_, e) => messages.Add(e.Message);
        var progress = new Listener();
        GaussianMixtureTransformer model = _mlContext.Clustering.Trainers.GaussianMixture(new GaussianMixtureEstimator.Options
        {
            NumberOfComponents = 2,
            NumberOfInitializations = 2,
            Progress = progress,
        }).Fit(EruptionRows.Singles(_mlContext, ClassicData.Faithful));

        Assert.Contains(messages, message => message.Contains("iteration 1", StringComparison.Ordinal));
        Assert.Contains(messages, message => message.Contains("VVV, 2 components", StringComparison.Ordinal));
        Assert.Equal(2, progress.Steps[^1].Initialization);
        Assert.Equal(2, progress.Steps[^1].NumberOfInitializations);
        Assert.Contains(progress.Steps, step => step.Iteration == 0);
        Assert.Contains(progress.Steps, step => step.Objective == model.Summary.LogLikelihood);
    }

    [Fact]
    public void Training_can_be_cancelled_by_the_token_and_by_the_context()
    {
        using var source = new CancellationTokenSource();
        var options = new GaussianMixtureEstimator.Options { NumberOfComponents = 2, Tolerance = 0, CancellationToken = source.Token };
        options.Progress = new Listener(step =>
        {
            if (step.Iteration == 2)
                source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => _mlContext.Clustering.Trainers.GaussianMixture(options).Fit(EruptionRows.Singles(_mlContext, ClassicData.Faithful)));

        // ML.NET keeps the switch of its contexts internal; its tools use it.
        var mlContext = new MLContext(1);
        Action cancel = typeof(MLContext).GetMethod("CancelExecution", BindingFlags.NonPublic | BindingFlags.Instance)!.CreateDelegate<Action>(mlContext);
        var again = new GaussianMixtureEstimator.Options { NumberOfComponents = 2, Tolerance = 0, Progress = new Listener(_ => cancel()) };
        Assert.ThrowsAny<OperationCanceledException>(() => mlContext.Clustering.Trainers.GaussianMixture(again).Fit(EruptionRows.Singles(_mlContext, ClassicData.Faithful)));
    }

    [Fact]
    public void Changing_options_after_construction_changes_nothing()
    {
        var options = new GaussianMixtureEstimator.Options { NumberOfComponents = 2 };
        GaussianMixtureEstimator estimator = _mlContext.Clustering.Trainers.GaussianMixture(options);
        options.NumberOfComponents = 4;
        Assert.Equal(2, estimator.Fit(EruptionRows.Singles(_mlContext, ClassicData.Faithful)).Model.NumberOfComponents);
    }

    private sealed class Listener(Action<TrainingProgress>? action = null) : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Steps { get; } = [];

        public void Report(TrainingProgress value)
        {
            Steps.Add(value);
            action?.Invoke(value);
        }
    }

    private sealed class WeightedRow
    {
        [VectorType(2)]
        public double[] Features = [];

        public float Weight;
        public double DoubleWeight;
    }
}
