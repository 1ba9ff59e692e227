using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.Vae;

/// <summary>The calls that a user writes.</summary>
[Collection(nameof(ProcessWideState))]
public sealed class VaePipelineTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Eight_lines_encode_score_sample_save_and_load()
    {
        IDataView data = _context.Data.LoadFromEnumerable(Flowers());
        var pipeline = _context.Transforms.Concatenate("Features", "SepalLength", "SepalWidth", "PetalLength", "PetalWidth")
            .Append(_context.Transforms.Vae("Latent", "Features", latentDimension: 2, beta: 1f));
        TransformerChain<VaeTransformer> model = pipeline.Fit(data);

        using var folder = new TemporaryFolder();
        _context.Model.Save(model, data.Schema, folder.PathOf("vae.zip"));
        var elsewhere = new MLContext();
        ITransformer loaded = elsewhere.Model.Load(folder.PathOf("vae.zip"), out DataViewSchema schema);

        Assert.Equal(data.Schema.Select(column => column.Name), schema.Select(column => column.Name));
        RowTable.Read(model.Transform(data)).AssertSame(RowTable.Read(loaded.Transform(data)), "loaded");
        IDataView drawn = loaded.FindGenerative().Sample(100, seed: 3);
        Assert.Equal(100, drawn.GetRowCount());
        RowTable.Read(model.LastTransformer.Sample(100, seed: 3)).AssertSame(RowTable.Read(drawn), "drawn");
        using PredictionEngine<Flower, Code> engine = elsewhere.Model.CreatePredictionEngine<Flower, Code>(loaded);
        Assert.Equal(2, engine.Predict(Flowers()[0]).Latent.Length);
    }

    [Fact]
    public void Requested_columns_are_the_models_own_results()
    {
        IDataView data = DataViews.OfFeatures(ClassicData.Iris, 4, isSingle: false);
        VaeTransformer transformer = _context.Transforms.Vae(Quick(options =>
        {
            options.StandardDeviationColumnName = "Deviation";
            options.ReconstructionColumnName = "Reconstruction";
            options.LogDensityColumnName = "Bound";
        })).Fit(data);
        Result[] rows = [.. _context.Data.CreateEnumerable<Result>(transformer.Transform(data), reuseRowObject: false)];

        VaeModel model = transformer.Model;
        var means = new double[300];
        var deviations = new double[300];
        model.Encode(ClassicData.Iris, means, deviations);
        var bounds = new double[150];
        model.LogDensity(ClassicData.Iris, bounds);
        Assert.Equal(means, rows.SelectMany(row => row.Latent).Select(value => (double)value));
        Assert.Equal(deviations, rows.SelectMany(row => row.Deviation).Select(value => (double)value));
        Assert.Equal(model.Reconstruct(ClassicData.Iris), rows.SelectMany(row => row.Reconstruction));
        Assert.Equal(bounds.Select(bound => (float)bound), rows.Select(row => row.Bound));
    }

    [Fact]
    public void Evaluation_of_data_is_the_mean_of_the_bounds()
    {
        IDataView data = DataViews.OfFeatures(ClassicData.Iris, 4, isSingle: true);
        VaeTransformer transformer = _context.Transforms.Vae(Quick(options => options.LogDensityColumnName = "Bound")).Fit(data);

        VaeMetrics metrics = transformer.Evaluate(data, numberOfImportanceSamples: 20);

        double mean = _context.Data.CreateEnumerable<Bounded>(transformer.Transform(data), reuseRowObject: true).Average(row => (double)row.Bound);
        Assert.Equal(mean, metrics.Elbo, 1e-5);
        Assert.Equal(150, metrics.NumberOfRows);
        Assert.Equal(20, metrics.NumberOfImportanceSamples);
        Assert.True(metrics.ImportanceWeightedLogLikelihood > metrics.Elbo);
        Assert.Equal(metrics.KlDivergence, metrics.KlDivergencePerDimension.Sum(), 1e-12);
    }

    [Fact]
    public void Draws_have_the_input_column_of_the_training_and_its_slot_names()
    {
        string[] names = ["a", "b", "c", "d"];
        IDataView data = DataViews.OfFeatures(ClassicData.Iris, 4, isSingle: false, names);
        IDataView drawn = _context.Transforms.Vae(Quick(_ => { })).Fit(data).Sample(5, seed: 1);

        DataViewSchema.Column column = Assert.Single(drawn.Schema);
        Assert.Equal("Features", column.Name);
        Assert.Equal(data.Schema["Features"].Type, column.Type);
        VBuffer<ReadOnlyMemory<char>> slots = default;
        column.GetSlotNames(ref slots);
        Assert.Equal(names, slots.DenseValues().Select(name => name.ToString()));
        Assert.Empty(_context.Data.CreateEnumerable<Drawn>(_context.Transforms.Vae(Quick(_ => { })).Fit(data).Sample(0), reuseRowObject: false));
    }

    [Fact]
    public void Unseeded_draws_follow_the_seed_of_the_context()
    {
        IDataView data = DataViews.OfFeatures(ClassicData.Iris, 4, isSingle: true);
        RowTable Draw() => RowTable.Read(new MLContext(seed: 5).Transforms.Vae(Quick(_ => { })).Fit(data).Sample(10));
        Draw().AssertSame(Draw(), "second context");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Density_of_any_autoencoder_makes_a_detector(bool asksForTheColumn)
    {
        IDataView data = DataViews.OfFeatures(ClassicData.Iris, 4, isSingle: true);
        VaeEstimator density = _context.Transforms.Vae(Quick(options => options.LogDensityColumnName = asksForTheColumn ? "Bound" : null));
        AnomalyTransformer detector = _context.AnomalyDetection.Trainers.FromDensity(density, contamination: 0.1f).Fit(data);

        Detected[] rows = [.. _context.Data.CreateEnumerable<Detected>(detector.Transform(data), reuseRowObject: false)];
        var model = ((VaeTransformer)detector.Model).Model;
        var bounds = new double[150];
        model.LogDensity(ClassicData.Iris.Select(value => (double)(float)value).ToArray(), bounds);
        Assert.Equal(bounds.Select(bound => (float)-bound), rows.Select(row => row.Score));
        Assert.Equal(15, rows.Count(row => row.PredictedLabel));
    }

    [Fact]
    public void Log_tells_epochs_the_likelihood_and_the_outcome()
    {
        var messages = new List<string>();
        _context.Log += (_, message) =>
        {
            lock (messages)
                messages.Add(message.RawMessage);
        };
        _context.Transforms.Vae(Quick(options => options.NumberOfEpochs = 4)).Fit(DataViews.OfFeatures(ClassicData.Iris, 4, isSingle: true));

        Assert.Equal(4, messages.Count(message => message.Contains("Objective at epoch ", StringComparison.Ordinal)));
        Assert.Contains(messages, message => message.Contains("Likelihood Gaussian was chosen, because not every value is 0 or 1", StringComparison.Ordinal));
        Assert.Contains(messages, message => message.StartsWith("Gaussian likelihood, 2 latent dimensions: objective ", StringComparison.Ordinal));
    }

    [Fact]
    public void Zeros_and_ones_are_taken_for_a_Bernoulli_likelihood()
    {
        double[] bits = [.. ClassicData.Iris.Select((value, i) => value > 2.5 ? 1.0 : 0)];
        VaeTransformer transformer = _context.Transforms.Vae(Quick(_ => { })).Fit(DataViews.OfFeatures(bits, 4, isSingle: true));
        Assert.Equal(VaeLikelihood.Bernoulli, transformer.Model.Likelihood);
        Assert.All(transformer.Model.Reconstruct(bits), probability => Assert.InRange(probability, 0, 1));
        Assert.All(transformer.Model.Sample(50, seed: 1).SelectMany(row => row), value => Assert.True(value is 0 or 1));
    }

    private static VaeEstimator.Options Quick(Action<VaeEstimator.Options> set)
    {
        var options = new VaeEstimator.Options { LatentDimension = 2, HiddenLayers = [8], NumberOfEpochs = 5, NumberOfThreads = 1 };
        set(options);
        return options;
    }

    private static Flower[] Flowers() =>
        [.. ClassicData.Iris.Chunk(4).Select(row => new Flower { SepalLength = (float)row[0], SepalWidth = (float)row[1], PetalLength = (float)row[2], PetalWidth = (float)row[3] })];

    private sealed class Flower
    {
        public float SepalLength { get; set; }

        public float SepalWidth { get; set; }

        public float PetalLength { get; set; }

        public float PetalWidth { get; set; }
    }

    private sealed class Code
    {
        public float[] Latent { get; set; } = [];
    }

    private sealed class Result
    {
        public float[] Latent { get; set; } = [];

        public float[] Deviation { get; set; } = [];

        public double[] Reconstruction { get; set; } = [];

        public float Bound { get; set; }
    }

    private sealed class Bounded
    {
        public float Bound { get; set; }
    }

    private sealed class Drawn
    {
        public double[] Features { get; set; } = [];
    }

    private sealed class Detected
    {
        public float Score { get; set; }

        public bool PredictedLabel { get; set; }
    }
}
