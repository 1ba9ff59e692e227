using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>A mixture as a step of an ML.NET pipeline: columns, missing and invalid values, samples, logging, cancellation.</summary>
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
        double twice = _mlContext.Clustering.Trainers.GaussianMixture(options).Fit(Doubles(ClassicData.Faithful)).Summary.LogLikelihood;

        Assert.Equal(logLikelihood, single, 1e-4);
        Assert.Equal(GaussianMixtureLearner.Fit(ClassicData.Faithful, 2, options).Summary.LogLikelihood, twice, 1e-6);
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Samples_have_the_feature_column_and_the_component_as_label(bool single)
    {
        IDataView data = single ? Singles(ClassicData.Faithful) : Doubles(ClassicData.Faithful);
        string column = single ? "Features" : "Doubles";
        GaussianMixtureTransformer model = _mlContext.Clustering.Trainers.GaussianMixture(column, numberOfComponents: 2).Fit(data);
        IDataView sample = model.Sample(5_000, seed: 4);

        Assert.Equal([column, "Label"], sample.Schema.Select(c => c.Name));
        Assert.Equal(new VectorDataViewType(single ? NumberDataViewType.Single : NumberDataViewType.Double, 2), sample.Schema[column].Type);
        Assert.Equal(new KeyDataViewType(typeof(uint), 2), sample.Schema["Label"].Type);
        Assert.Equal(5_000, sample.GetRowCount());
        uint[] labels = [.. sample.GetColumn<uint>("Label")];
        Assert.Equal(model.Model.Weights[0], labels.Count(label => label == 1) / 5_000.0, 0.03);
        Assert.Equal(labels, model.Sample(5_000, seed: 4).GetColumn<uint>("Label"));
        Assert.NotEqual(labels, model.Sample(5_000, seed: 5).GetColumn<uint>("Label"));

        // What is drawn can be fed to the model again.
        Assert.Equal(5_000, model.Transform(sample).GetColumn<float>("LogDensity").Count(float.IsFinite));
    }

    [Fact]
    public void Without_a_seed_the_context_gives_one()
    {
        uint[] Draw(MLContext context)
        {
            IDataView data = context.Data.LoadFromEnumerable(ClassicData.Faithful.Chunk(2).Select(row => new DoubleRow { Doubles = row }).ToArray());
            return [.. context.Clustering.Trainers.GaussianMixture("Doubles", numberOfComponents: 2).Fit(data).Sample(200).GetColumn<uint>("Label")];
        }

        Assert.Equal(Draw(new MLContext(seed: 1)), Draw(new MLContext(seed: 1)));
        Assert.NotEqual(Draw(new MLContext(seed: 1)), Draw(new MLContext(seed: 2)));
        GaussianMixtureTransformer model = Fit(2);
        Assert.NotEqual(model.Sample(200).GetColumn<uint>("Label"), model.Sample(200).GetColumn<uint>("Label"));
    }

    [Fact]
    public void No_samples_still_have_a_schema()
    {
        IDataView none = Fit(2).Sample(0);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2), none.Schema["Features"].Type);
        Assert.Empty(none.GetColumn<uint>("Label"));
        Assert.Throws<ArgumentOutOfRangeException>(() => Fit(2).Sample(-1));
    }

    [Fact]
    public void Slot_names_travel_to_samples_through_a_saved_model()
    {
        IDataView data = _mlContext.Data.LoadFromTextFile<Eruption>(ClassicData.PathOf("faithful.csv"), ',', hasHeader: true);
        var pipeline = _mlContext.Transforms.Concatenate("Features", "Eruptions", "Waiting").Append(_mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: 2));
        using var stream = new MemoryStream();
        _mlContext.Model.Save(pipeline.Fit(data), data.Schema, stream);
        stream.Position = 0;
        IDataView sample = _mlContext.Model.Load(stream, out _).FindGenerative().Sample(1, 1);

        VBuffer<ReadOnlyMemory<char>> names = default;
        sample.Schema["Features"].GetSlotNames(ref names);
        Assert.Equal(["Eruptions", "Waiting"], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void A_chain_without_a_generative_step_says_what_it_has()
    {
        ITransformer chain = _mlContext.Transforms.CopyColumns("Copy", "Features").Append(_mlContext.Transforms.DropColumns("Features")).Fit(Singles([1, 2]));
        string message = Assert.Throws<InvalidOperationException>(() => chain.FindGenerative()).Message;
        Assert.Contains("ColumnCopyingTransformer", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_generative_step_is_found_in_nested_chains_and_detectors()
    {
        IDataView data = Singles(ClassicData.Faithful);
        var inner = _mlContext.Transforms.CopyColumns("Copy", "Features").Append(_mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: 2));
        ITransformer nested = _mlContext.Transforms.CopyColumns("Copy2", "Features").Append(inner).Append(_mlContext.Transforms.DropColumns("Copy")).Fit(data);
        Assert.IsType<GaussianMixtureTransformer>(nested.FindGenerative());
        ITransformer detector = _mlContext.AnomalyDetection.Trainers.GaussianMixture(numberOfComponents: 2).Fit(data);
        Assert.IsType<GaussianMixtureTransformer>(detector.FindGenerative());
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
        }).Fit(Singles(ClassicData.Faithful));

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
        Assert.ThrowsAny<OperationCanceledException>(() => _mlContext.Clustering.Trainers.GaussianMixture(options).Fit(Singles(ClassicData.Faithful)));

        // ML.NET keeps the switch of its contexts internal; its tools use it.
        var mlContext = new MLContext(1);
        Action cancel = typeof(MLContext).GetMethod("CancelExecution", BindingFlags.NonPublic | BindingFlags.Instance)!.CreateDelegate<Action>(mlContext);
        var again = new GaussianMixtureEstimator.Options { NumberOfComponents = 2, Tolerance = 0, Progress = new Listener(_ => cancel()) };
        Assert.ThrowsAny<OperationCanceledException>(() => mlContext.Clustering.Trainers.GaussianMixture(again).Fit(Singles(ClassicData.Faithful)));
    }

    [Fact]
    public void Changing_options_after_construction_changes_nothing()
    {
        var options = new GaussianMixtureEstimator.Options { NumberOfComponents = 2 };
        GaussianMixtureEstimator estimator = _mlContext.Clustering.Trainers.GaussianMixture(options);
        options.NumberOfComponents = 4;
        Assert.Equal(2, estimator.Fit(Singles(ClassicData.Faithful)).Model.NumberOfComponents);
    }

    private GaussianMixtureTransformer Fit(int components) =>
        _mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: components).Fit(Singles(ClassicData.Faithful));

    private Prediction[] Predict(ITransformer model, IDataView data) =>
        [.. _mlContext.Data.CreateEnumerable<Prediction>(model.Transform(data), reuseRowObject: false)];

    private IDataView Singles(double[] rows) =>
        _mlContext.Data.LoadFromEnumerable(rows.Chunk(2).Select(row => new SingleRow { Features = [(float)row[0], (float)row[1]] }).ToArray());

    private IDataView Doubles(double[] rows) => _mlContext.Data.LoadFromEnumerable(rows.Chunk(2).Select(row => new DoubleRow { Doubles = row }).ToArray());

    private static GaussianMixtureEstimator.Options Tight(CovarianceType type) =>
        new() { NumberOfComponents = 2, CovarianceType = type, Tolerance = 1e-15, MaximumNumberOfIterations = 10_000, Seed = 3 };

    private sealed class Listener(Action<TrainingProgress>? action = null) : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Steps { get; } = [];

        public void Report(TrainingProgress value)
        {
            Steps.Add(value);
            action?.Invoke(value);
        }
    }

    private sealed class Eruption
    {
        [LoadColumn(0)]
        public float Eruptions;

        [LoadColumn(1)]
        public float Waiting;
    }

    private sealed class SingleRow
    {
        [VectorType(2)]
        public float[] Features = [];
    }

    private sealed class DoubleRow
    {
        [VectorType(2)]
        public double[] Doubles = [];
    }

    private sealed class Prediction
    {
        public uint PredictedLabel;
        public float[] Score = [];
        public float[] Probability = [];
        public float LogDensity;
    }
}
