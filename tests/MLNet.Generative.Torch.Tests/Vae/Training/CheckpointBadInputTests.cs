using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Checkpoints that do not fit, are damaged, or have no place.</summary>
public sealed class CheckpointBadInputTests : TorchTests
{
    public static TheoryData<string, Action<VaeEstimator.Options>> OtherTrainings => new()
    {
        { "LatentDimension is 2 there and 3 here", options => options.LatentDimension = 3 },
        { "HiddenLayers is [16] there and [8, 8] here", options => (options.HiddenLayers, options.DecoderHiddenLayers) = ([8, 8], [16]) },
        { "DecoderHiddenLayers is [16] there and [] here", options => options.DecoderHiddenLayers = [] },
        { "Activation is Tanh there and Relu here", options => options.Activation = VaeActivation.Relu },
        { "Likelihood is Gaussian there and GaussianSharedVariance here", options => options.Likelihood = VaeLikelihood.GaussianSharedVariance },
        { "Beta is 1 there and 2 here", options => options.Beta = 2 },
        { "FreeBits is 0 there and 0.5 here", options => options.FreeBits = 0.5 },
        { "ValidationFraction is 0 there and 0.5 here", options => options.ValidationFraction = 0.5f },
        { "with seed 1, but Seed is 2", options => options.Seed = 2 },
        { "2 epochs old, but NumberOfEpochs is 1", options => options.NumberOfEpochs = 1 },
    };

    [Theory]
    [MemberData(nameof(OtherTrainings))]
    public void One_of_another_training_is_an_error_that_says_what_differs(string expected, Action<VaeEstimator.Options> change)
    {
        using var folder = new TemporaryFolder();
        byte[] before = Write(folder);
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(() => Fit(folder, change));
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Contains(folder.PathOf("a"), exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(folder.PathOf("a")));
    }

    [Fact]
    public void One_of_other_data_is_an_error()
    {
        using var folder = new TemporaryFolder();
        Write(folder);
        void Refuses(double[] rows, int dimension, string expected, double[]? weights = null) => Assert.Contains(expected, Assert.Throws<InvalidOperationException>(() =>
            VaeLearner.Fit(rows, dimension, SmallVae.Options(options => (options.NumberOfEpochs, options.CheckpointPath) = (3, folder.PathOf("a"))), weights ?? [])).Message, StringComparison.Ordinal);
        Refuses(SmallVae.Rows[..800], 4, "the number of features is 5 there and 4 here");
        Refuses(SmallVae.Rows[5..], 5, "the number of rows is 200 there and 199 here");
        double[] changed = [.. SmallVae.Rows];
        changed[^1] = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(changed[^1]) + 1);
        Refuses(changed, 5, "the SHA-256 of the rows");
        Refuses(SmallVae.Rows, 5, "the SHA-256 of the weights", [.. Enumerable.Range(1, 200).Select(weight => (double)weight)]);
    }

    [Fact]
    public void A_damaged_one_is_an_error_wherever_the_damage_is()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = Write(folder);
        for (int place = 0; place < whole.Length; place += 997)
        {
            byte[] damaged = [.. whole];
            damaged[place] ^= 1;
            Refuses(damaged);
        }
        foreach (int length in (int[])[0, 4, 8, 12, whole.Length / 2, whole.Length - 1])
            Refuses(whole[..length]);

        void Refuses(byte[] bytes)
        {
            File.WriteAllBytes(folder.PathOf("a"), bytes);
            Assert.Contains(folder.PathOf("a"), Assert.Throws<FormatException>(() => Fit(folder, _ => { })).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_empty_path_is_an_error(string path)
    {
        Assert.Contains("CheckpointPath", Assert.Throws<ArgumentException>(() => SmallVae.Options(options => options.CheckpointPath = path).Checked()).Message, StringComparison.Ordinal);
        Assert.Contains("TensorBoardFolder", Assert.Throws<ArgumentException>(() => SmallVae.Options(options => options.TensorBoardFolder = path).Checked()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_an_error_before_the_training()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("file"), "");
        string path = Path.Combine(folder.PathOf("file"), "inner", "a");
        var mlContext = new Microsoft.ML.MLContext();
        ArgumentException exception = Assert.Throws<ArgumentException>(() => Microsoft.ML.VaeCatalog.Vae(mlContext.Transforms, SmallVae.Options(options => options.CheckpointPath = path)));
        Assert.Contains($"CheckpointPath is '{path}', but nothing can be written", exception.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Microsoft.ML.VaeCatalog.Vae(mlContext.AnomalyDetection.Trainers, SmallVae.Options(options => options.TensorBoardFolder = path)));
    }

    [Fact]
    public void A_name_that_leaves_no_room_for_a_temporary_file_is_an_error_before_the_training()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("CheckpointPath", Assert.Throws<ArgumentException>(() => SmallVae.Options(options => options.CheckpointPath = folder.PathOf(new string('a', 245))).Checked()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_option_that_plays_no_part_may_change()
    {
        using var folder = new TemporaryFolder();
        Write(folder);
        Assert.Equal(3, Fit(folder, options => options.FixedStandardDeviation = 7).Summary.Epochs.Count);
    }

    [Fact]
    public void What_overflows_is_no_checkpoint_but_a_training_that_diverges()
    {
        using var folder = new TemporaryFolder();
        VaeEstimator.Options Options(int epochs) => new()
        {
            HiddenLayers = [32, 32, 32],
            Likelihood = VaeLikelihood.Gaussian,
            LatentDimension = 2,
            BatchSize = 16,
            LearningRate = 10,
            NumberOfEpochs = epochs,
            Seed = 1,
            CheckpointPath = folder.PathOf("a"),
        };
        foreach (int epochs in (int[])[1, 3, 5])
        {
            Exception? exception = Record.Exception(() => VaeLearner.Fit(SmallVae.Rows, SmallVae.Dimension, Options(epochs)));
            Assert.True(exception is null or InvalidOperationException, exception?.ToString());
        }
    }

    [Theory]
    [InlineData(nameof(VaeEstimator.Options.CheckpointInterval))]
    [InlineData(nameof(VaeEstimator.Options.EarlyStoppingPatience))]
    [InlineData(nameof(VaeEstimator.Options.EarlyStoppingTolerance))]
    [InlineData(nameof(VaeEstimator.Options.FreeBits))]
    [InlineData(nameof(VaeEstimator.Options.KlWarmUpEpochs))]
    [InlineData(nameof(VaeEstimator.Options.LearningRateWarmUpEpochs))]
    [InlineData(nameof(VaeEstimator.Options.LearningRateDecayEpochs))]
    [InlineData(nameof(VaeEstimator.Options.FinalLearningRateShare))]
    [InlineData(nameof(VaeEstimator.Options.MaximumGradientNorm))]
    public void A_negative_number_is_an_error_that_names_the_option(string name)
    {
        VaeEstimator.Options options = SmallVae.Options(options => options.ValidationFraction = 0.1f);
        System.Reflection.FieldInfo field = typeof(VaeEstimator.Options).GetField(name)!;
        field.SetValue(options, Convert.ChangeType(-1, Nullable.GetUnderlyingType(field.FieldType) ?? field.FieldType, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => options.Checked()).ParamName);
    }

    private static byte[] Write(TemporaryFolder folder)
    {
        SmallVae.Fit(options => (options.NumberOfEpochs, options.CheckpointPath) = (2, folder.PathOf("a")));
        return File.ReadAllBytes(folder.PathOf("a"));
    }

    private static VaeFit Fit(TemporaryFolder folder, Action<VaeEstimator.Options> change) => SmallVae.Fit(options =>
    {
        (options.NumberOfEpochs, options.CheckpointPath) = (3, folder.PathOf("a"));
        change(options);
    });
}
