using Microsoft.ML;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>A training that is interrupted and goes on is one without a break, to the bit.</summary>
public sealed class CheckpointTests : TorchTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Five_epochs_and_five_resumed_are_ten(bool withEverything)
    {
        using var folder = new TemporaryFolder();
        void Choose(VaeEstimator.Options options)
        {
            if (!withEverything)
                return;
            (options.ValidationFraction, options.KlWarmUpEpochs, options.FreeBits, options.SamplesPerRow) = (0.2f, 7, 0.02, 2);
            (options.LearningRateSchedule, options.LearningRateDecayEpochs, options.MaximumGradientNorm, options.LearningRateWarmUpEpochs) = (VaeLearningRateSchedule.Cosine, 10, 2, 1.5);
            (options.EarlyStoppingPatience, options.Objective) = (50, VaeObjective.SampledKl);
        }
        VaeFit straight = Fit(10, null, Choose);
        VaeFit first = Fit(5, folder.PathOf("vae.ckpt"), Choose);
        Assert.Equal(5, first.Summary.Epochs.Count);
        VaeFit resumed = Fit(10, folder.PathOf("vae.ckpt"), Choose);

        Assert.Equal(straight.Model.Weights, resumed.Model.Weights);
        Assert.Equal(straight.Summary.Epochs, resumed.Summary.Epochs);
        Assert.Equal(straight.Summary.SelectedEpoch, resumed.Summary.SelectedEpoch);
        Assert.Equal(straight.Model.LogDensity(SmallVae.Rows.AsSpan(0, 5)), resumed.Model.LogDensity(SmallVae.Rows.AsSpan(0, 5)));
        Assert.Equal([folder.PathOf("vae.ckpt")], Directory.GetFiles(folder.FullPath));

        // Nothing is left to do, and the same model comes at once.
        var listener = new Listener();
        VaeFit again = Fit(10, folder.PathOf("vae.ckpt"), options =>
        {
            Choose(options);
            options.Progress = listener;
        });
        Assert.Empty(listener.Reports);
        Assert.Equal(straight.Model.Weights, again.Model.Weights);
    }

    [Fact]
    public void A_cancelled_training_goes_on_from_its_last_epoch()
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        // In the report of the third epoch, after its checkpoint.
        var listener = new Listener(report =>
        {
            if (report.Epoch.Number == 3)
                source.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => Fit(10, folder.PathOf("a"), options => (options.Progress, options.CancellationToken) = (listener, source.Token)));
        var resumed = new Listener();
        VaeFit fit = Fit(10, folder.PathOf("a"), options => options.Progress = resumed);
        Assert.Equal(Enumerable.Range(4, 7), resumed.Reports.Select(report => report.Epoch.Number));
        Assert.Equal(Fit(10, null).Model.Weights, fit.Model.Weights);
    }

    [Fact]
    public void A_pipeline_resumes_in_another_context_with_another_seed_of_its_own()
    {
        using var folder = new TemporaryFolder();
        VaeTransformer Train(MLContext mlContext, int epochs)
        {
            VaeEstimator.Options options = SmallVae.Options();
            (options.NumberOfEpochs, options.CheckpointPath, options.Seed) = (epochs, folder.FullPath, null);
            return mlContext.Transforms.Vae(options).Fit(DataViews.OfFeatures(SmallVae.Rows, SmallVae.Dimension, isSingle: false));
        }
        VaeTransformer first = Train(new MLContext(seed: 5), 4);
        Assert.True(File.Exists(Path.Combine(folder.FullPath, "vae.checkpoint")));
        VaeTransformer second = Train(new MLContext(), 8);
        Assert.Equal(first.Summary.Epochs, second.Summary.Epochs.Take(4));
        Assert.Equal(8, second.Summary.Epochs.Count);
    }

    [Fact]
    public void Early_stopping_is_remembered()
    {
        using var folder = new TemporaryFolder();
        void Choose(VaeEstimator.Options options) => (options.ValidationFraction, options.EarlyStoppingPatience, options.HiddenLayers, options.LearningRate) = (0.8f, 4, [64, 64], 0.01);
        VaeFit stopped = Fit(400, folder.PathOf("a"), Choose);
        Assert.Equal(StopReason.EarlyStopping, stopped.Summary.StopReason);
        VaeFit again = Fit(400, folder.PathOf("a"), Choose);
        Assert.Equal(StopReason.EarlyStopping, again.Summary.StopReason);
        Assert.Equal(stopped.Model.Weights, again.Model.Weights);
        // With more patience it goes on.
        VaeFit more = Fit(stopped.Summary.Epochs.Count + 1, folder.PathOf("a"), options =>
        {
            Choose(options);
            options.EarlyStoppingPatience = 100;
        });
        Assert.Equal(stopped.Summary.Epochs.Count + 1, more.Summary.Epochs.Count);
    }

    [Fact]
    public void There_is_one_every_so_many_epochs_and_at_the_end()
    {
        using var folder = new TemporaryFolder();
        var times = new List<(int Epoch, bool Exists)>();
        VaeFit fit = Fit(5, folder.PathOf("a"), options =>
        {
            options.CheckpointInterval = 3;
            options.Progress = new Listener(report =>
            {
                times.Add((report.Epoch.Number, File.Exists(folder.PathOf("a"))));
                File.Delete(folder.PathOf("a"));
            });
        });
        Assert.Equal([(1, false), (2, false), (3, true), (4, false), (5, true)], times);
        Assert.DoesNotContain(fit.Summary.Notes, note => note.Contains("checkpoint", StringComparison.Ordinal));
    }

    [Fact]
    public void A_checkpoint_that_cannot_be_written_later_does_not_lose_the_training()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.FullPath, "inner", "a");
        VaeFit fit = Fit(3, path, options => options.Progress = new Listener(report =>
        {
            // A file in the place of the folder.
            if (report.Epoch.Number == 2)
            {
                Directory.Delete(Path.Combine(folder.FullPath, "inner"), recursive: true);
                File.WriteAllText(Path.Combine(folder.FullPath, "inner"), "");
            }
        }));
        Assert.Equal(Fit(3, null).Model.Weights, fit.Model.Weights);
        Assert.Contains(fit.Summary.Notes, note => note.Contains("The checkpoint after epoch 3 could not be written", StringComparison.Ordinal));
    }

    private static VaeFit Fit(int epochs, string? path, Action<VaeEstimator.Options>? change = null) => SmallVae.Fit(options =>
    {
        (options.NumberOfEpochs, options.CheckpointPath) = (epochs, path);
        change?.Invoke(options);
    });
}
