using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.Vae;

/// <summary>What a user of a pipeline can get wrong: each a clear error, or a result that is defined.</summary>
[Collection(nameof(ProcessWideState))]
public sealed class VaeBadInputTests
{
    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string, Action<VaeEstimator.Options>> BadOptions { get; } = new()
    {
        { "InputColumnName", options => options.InputColumnName = "" },
        { "OutputColumnName", options => options.OutputColumnName = " " },
        { "LogDensityColumnName", options => options.LogDensityColumnName = "Latent" },
        { "ImputationColumnName", options => options.ImputationColumnName = "Latent" },
        { "ImputationSamples", options => options.ImputationSamples = 0 },
        { "ReconstructionColumnName", options => options.ReconstructionColumnName = "" },
        { "LatentDimension", options => options.LatentDimension = 0 },
        { "Beta", options => options.Beta = -1 },
        { "Beta", options => options.Beta = float.NaN },
        { "HiddenLayers[1]", options => options.HiddenLayers = [8, 0] },
        { "DecoderHiddenLayers[0]", options => options.DecoderHiddenLayers = [-1] },
        { "HiddenLayers", options => options.HiddenLayers = null! },
        { "Activation", options => options.Activation = (VaeActivation)99 },
        { "Likelihood", options => options.Likelihood = (VaeLikelihood)99 },
        { "Objective", options => options.Objective = (VaeObjective)99 },
        { "FixedStandardDeviation", options => options.FixedStandardDeviation = 0 },
        { "SamplesPerRow", options => options.SamplesPerRow = 0 },
        { "ElboSamples", options => options.ElboSamples = 3 },
        { "ScoringSamples", options => options.ScoringSamples = -1 },
        { "NumberOfEpochs", options => options.NumberOfEpochs = 0 },
        { "BatchSize", options => options.BatchSize = 0 },
        { "LearningRate", options => options.LearningRate = double.PositiveInfinity },
        { "ValidationFraction", options => options.ValidationFraction = 1 },
        { "NumberOfThreads", options => options.NumberOfThreads = 0 },
        { "GpuDeviceId", options => options.GpuDeviceId = -1 },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public void Option_out_of_range_is_named_when_the_estimator_is_made(string option, Action<VaeEstimator.Options> set)
    {
        var options = new VaeEstimator.Options();
        set(options);
        ArgumentException exception = Assert.ThrowsAny<ArgumentException>(() => _context.Transforms.Vae(options));
        Assert.Contains(option, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-0.1f)]
    [InlineData(0.6f)]
    [InlineData(float.NaN)]
    public void Contamination_out_of_range_is_an_error_when_the_detector_is_made(float contamination)
    {
        Func<object>[] doors =
        [
            () => _context.AnomalyDetection.Trainers.Vae(contamination: contamination),
            () => _context.AnomalyDetection.Trainers.Vae(new VaeEstimator.Options(), contamination),
        ];
        Assert.All(doors, door => Assert.Contains(
            $"Contamination is {contamination}; it must be greater than 0 and at most 0.5", Assert.Throws<ArgumentOutOfRangeException>("Contamination", door).Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Nulls_are_refused()
    {
        Assert.Throws<ArgumentNullException>("catalog", () => ((TransformsCatalog)null!).Vae());
        Assert.Throws<ArgumentNullException>("options", () => _context.Transforms.Vae((VaeEstimator.Options)null!));
        Assert.Throws<ArgumentNullException>("input", () => _context.Transforms.Vae().Fit(null!));
    }

    [Fact]
    public void Later_changes_to_the_options_have_no_effect()
    {
        VaeEstimator.Options options = Quick();
        VaeEstimator estimator = _context.Transforms.Vae(options);
        options.LatentDimension = 3;
        options.HiddenLayers[0] = 1;
        Assert.Equal(2, estimator.Fit(Iris()).Model.LatentDimension);
    }

    [Theory]
    [InlineData(VaeLikelihood.Bernoulli)]
    [InlineData(VaeLikelihood.ContinuousBernoulli)]
    public void Value_outside_the_unit_interval_names_row_value_and_the_likelihood_to_use(VaeLikelihood likelihood)
    {
        double[] rows = [0, 1, 0.5, 0.25, 17.1, 0.5];
        VaeEstimator.Options options = Quick();
        options.Likelihood = likelihood;
        string message = Assert.Throws<InvalidOperationException>(() => _context.Transforms.Vae(options).Fit(DataViews.OfFeatures(rows, 2, isSingle: true))).Message;
        Assert.Contains("Row 2, slot 0 of feature column 'Features' is 17.1, ", message, StringComparison.Ordinal);
        Assert.Contains($"likelihood {likelihood}", message, StringComparison.Ordinal);
        Assert.Contains("use likelihood Gaussian", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NegativeInfinity)]
    [InlineData(double.PositiveInfinity)]
    public void Value_that_is_infinite_names_row_and_column(double value)
    {
        double[] rows = [.. ClassicData.Iris];
        rows[4 * 7 + 2] = value;
        string message = Assert.Throws<InvalidOperationException>(() => _context.Transforms.Vae(Quick()).Fit(DataViews.OfFeatures(rows, 4, isSingle: true, ["a", "b", "c", "d"]))).Message;
        Assert.Contains("Row 7, slot 2 ('c') of feature column 'Features' is ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Slot_that_is_missing_in_every_row_is_named_with_its_column()
    {
        double[] rows = [.. ClassicData.Iris.Select((value, i) => i % 4 == 2 ? double.NaN : value)];
        string message = Assert.Throws<InvalidOperationException>(() => _context.Transforms.Vae(Quick()).Fit(DataViews.OfFeatures(rows, 4, isSingle: true, ["a", "b", "c", "d"]))).Message;
        Assert.Contains("All 150 rows have a missing value (NaN) in slot 2 ('c') of feature column 'Features'", message, StringComparison.Ordinal);
        Assert.Contains("Remove the feature", message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_rows_are_refused()
    {
        IDataView none = _context.Data.FilterRowsByMissingValues(DataViews.OfFeatures([double.NaN, 1], 2, isSingle: true), "Features");
        Assert.Contains("The data have no rows", Assert.Throws<InvalidOperationException>(() => _context.Transforms.Vae(Quick()).Fit(none)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Vector_of_unknown_size_is_refused()
    {
        IDataView data = DataViews.WithInvalidFeatures()[3];
        Assert.Contains("a vector of known size of Single or Double", Assert.Throws<ArgumentOutOfRangeException>(() => _context.Transforms.Vae(Quick()).Fit(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_row_and_constant_columns_have_a_defined_result()
    {
        VaeTransformer one = _context.Transforms.Vae(Quick()).Fit(DataViews.OfFeatures([5, 5, 7], 3, isSingle: true));
        Assert.Contains(one.Summary.Notes, note => note.StartsWith("3 of 3 features are constant", StringComparison.Ordinal));
        Assert.True(double.IsFinite(one.Model.LogDensity([5, 5, 7])));
        Assert.All(one.Model.Reconstruct([5, 5, 7]), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void More_latent_dimensions_than_features_are_allowed_and_logged()
    {
        List<string> infos = Messages(ChannelMessageKind.Info);
        VaeEstimator.Options options = Quick();
        options.LatentDimension = 6;
        Assert.Equal(6, _context.Transforms.Vae(options).Fit(Iris()).Model.LatentDimension);
        Assert.Contains(infos, info => info.Contains("more latent dimensions (6) than features (4)", StringComparison.Ordinal));
    }

    [Fact]
    public void Batch_larger_than_the_data_is_all_of_them()
    {
        VaeEstimator.Options options = Quick();
        options.Seed = 1;
        options.BatchSize = 150;
        float[] all = Latents(options);
        options.BatchSize = int.MaxValue;
        Assert.Equal(all, Latents(options));
    }

    [Fact]
    public void Missing_gpu_is_an_error_unless_the_cpu_will_do()
    {
        LibTorch.EnsureLoaded();
        _context.GpuDeviceId = 0;
        _context.FallbackToCpu = false;
        Assert.SkipWhen(TorchSharp.torch.cuda.is_available(), "This machine has a GPU.");
        string message = Assert.Throws<InvalidOperationException>(() => _context.Transforms.Vae(Quick()).Fit(Iris())).Message;
        Assert.Contains("The GPU with index 0 was asked for", message, StringComparison.Ordinal);

        VaeEstimator.Options options = Quick();
        options.FallbackToCpu = true;
        Assert.Equal(2, _context.Transforms.Vae(options).Fit(Iris()).Model.LatentDimension);
    }

    [Fact]
    public void Rows_that_cannot_be_scored_have_the_prior_and_the_lowest_bound_and_one_warning_per_pass()
    {
        VaeEstimator.Options options = Quick();
        options.StandardDeviationColumnName = "Deviation";
        options.ReconstructionColumnName = "Reconstruction";
        options.LogDensityColumnName = "Bound";
        VaeTransformer transformer = _context.Transforms.Vae(options).Fit(Iris());
        List<string> warnings = Messages(ChannelMessageKind.Warning);

        Scored[] rows = [.. _context.Data.CreateEnumerable<Scored>(transformer.Transform(IrisData.ViewToScore(isSingle: true)), reuseRowObject: false)];

        Assert.Contains("4 rows have an invalid value in column 'Features'", Assert.Single(warnings), StringComparison.Ordinal);
        Scored[] invalid = [.. rows.Where(row => row.Bound == float.MinValue)];
        Assert.Equal(4, invalid.Length);
        Assert.All(invalid, row =>
        {
            Assert.All(row.Latent, value => Assert.Equal(0, value));
            Assert.All(row.Deviation, value => Assert.Equal(1, value));
        });
        // Missing values are no invalid ones: the second row and the last but three have nothing else.
        Assert.All((int[])[1, rows.Length - 4], n => Assert.Equal(0, rows[n].Bound));
        Assert.All((int[])[0, rows.Length - 5], n => Assert.InRange(rows[n].Bound, -1e6f, 0));
        Assert.All(rows, row => Assert.All([.. row.Latent, .. row.Deviation, .. row.Reconstruction, row.Bound], value => Assert.True(float.IsFinite(value))));
    }

    private static IDataView Iris() => DataViews.OfFeatures(ClassicData.Iris, 4, isSingle: true);

    private static VaeEstimator.Options Quick() => new() { LatentDimension = 2, HiddenLayers = [8], NumberOfEpochs = 3, NumberOfThreads = 1 };

    private float[] Latents(VaeEstimator.Options options) =>
        [.. _context.Data.CreateEnumerable<Scored>(_context.Transforms.Vae(options).Fit(Iris()).Transform(Iris()), reuseRowObject: false, ignoreMissingColumns: true).SelectMany(row => row.Latent)];

    private List<string> Messages(ChannelMessageKind kind)
    {
        var messages = new List<string>();
        _context.Log += (_, message) =>
        {
            if (message.Kind == kind)
                messages.Add(message.RawMessage);
        };
        return messages;
    }

    private sealed class Scored
    {
        public float[] Latent { get; set; } = [];

        public float[] Deviation { get; set; } = [];

        public float[] Reconstruction { get; set; } = [];

        public float Bound { get; set; }
    }
}
