using System.Diagnostics;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>What a training tells while it runs, and how it ends when it goes wrong or is stopped.</summary>
public sealed class TrainingProgressTests : TorchTests
{
    [Fact]
    public void Every_epoch_is_reported_with_finite_numbers()
    {
        var listener = new Listener();
        VaeSummary summary = SmallVae.Fit(options => (options.Progress, options.ValidationFraction) = (listener, 0.25f)).Summary;
        Assert.Equal(summary.Epochs, listener.Reports.Select(report => report.Epoch));
        Assert.Equal(20, listener.Reports.Count);
        Assert.All(listener.Reports, report =>
        {
            Assert.Equal(-report.Epoch.Objective, report.Loss);
            Assert.Equal(report.Epoch.Reconstruction, report.Reconstruction);
            Assert.Equal(report.Epoch.KlDivergence, report.KlDivergence);
            Assert.True(double.IsFinite(report.Loss) && double.IsFinite(report.Reconstruction) && report.KlDivergence >= 0);
            Assert.InRange(report.NumberOfActiveUnits, 0, 2);
            Assert.InRange(report.RowsPerSecond, 1, 1e12);
            Assert.True(report.TimeLeft >= TimeSpan.Zero);
            Assert.Equal(20, report.MaximumNumberOfIterations);
            Assert.True(double.IsFinite(report.Epoch.ValidationObjective!.Value));
            Assert.Contains($"epoch {report.Epoch.Number}/20", report.ToString(), StringComparison.Ordinal);
        });
        Assert.Equal(TimeSpan.Zero, listener.Reports[^1].TimeLeft);
        Assert.All(listener.Reports.SkipLast(1), report => Assert.True(report.TimeLeft > TimeSpan.Zero));
    }

    [Fact]
    public void Cancelling_stops_within_the_epoch()
    {
        using var source = new CancellationTokenSource();
        var listener = new Listener(_ => source.Cancel());
        Assert.Throws<OperationCanceledException>(() => SmallVae.Fit(options => (options.Progress, options.CancellationToken, options.NumberOfEpochs) = (listener, source.Token, 100_000)));
        Assert.Single(listener.Reports);
    }

    [Fact]
    public void Cancelling_from_another_thread_is_prompt()
    {
        // One epoch of single-row steps takes many times as long.
        double[] rows = [.. Enumerable.Repeat(SmallVae.Rows, 500).SelectMany(all => all)];
        using var source = new CancellationTokenSource(500);
        var listener = new Listener();
        var clock = Stopwatch.StartNew();
        Assert.Throws<OperationCanceledException>(() => VaeLearner.Fit(rows, SmallVae.Dimension, SmallVae.Options(options =>
            (options.Progress, options.CancellationToken, options.BatchSize) = (listener, source.Token, 1))));
        Assert.InRange(clock.ElapsedMilliseconds, 400, 5000);
        Assert.Empty(listener.Reports);
    }

    [Fact]
    public void A_step_size_far_too_large_fails_in_the_first_epoch_and_names_what_to_lower()
    {
        string message = Assert.Throws<InvalidOperationException>(() => SmallVae.Fit(options => options.LearningRate = 1e30)).Message;
        Assert.Contains("LearningRate (it is 1E+30)", message, StringComparison.Ordinal);
        Assert.Contains("first epoch", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_training_that_diverges_later_keeps_its_best_weights_and_says_so()
    {
        // One step an epoch: the first is taken before anything can overflow.
        VaeEstimator.Options options = SmallVae.Options(options => (options.LearningRate, options.BatchSize, options.NumberOfEpochs) = (1e17, 1000, 50));
        VaeFit fit = VaeLearner.Fit(SmallVae.Rows, SmallVae.Dimension, options);
        Assert.Equal(StopReason.Diverged, fit.Summary.StopReason);
        Assert.InRange(fit.Summary.Epochs.Count, 1, 49);
        int best = fit.Summary.Epochs.MaxBy(epoch => epoch.Objective)!.Number;
        string note = Assert.Single(fit.Summary.Notes, note => note.Contains("no longer a number", StringComparison.Ordinal));
        Assert.Contains($"The weights after epoch {best}, the best, were kept", note, StringComparison.Ordinal);
        Assert.Contains("LearningRate", note, StringComparison.Ordinal);
        Assert.Contains("Diverged", fit.Summary.ToString(), StringComparison.Ordinal);

        // They are those of a training that was stopped there.
        options.NumberOfEpochs = best;
        VaeFit stopped = VaeLearner.Fit(SmallVae.Rows, SmallVae.Dimension, options);
        Assert.All(stopped.Model.Weights.Zip(fit.Model.Weights), pair => Assert.Equal(pair.First, pair.Second));
        Assert.All(fit.Model.Weights, array => Assert.All(array, weight => Assert.True(float.IsFinite(weight))));
    }

    [Fact]
    public void A_collapsed_posterior_is_reported_with_the_divergence_of_each_latent()
    {
        VaeSummary summary = SmallVae.Fit(options => (options.Beta, options.NumberOfEpochs) = (1000, 200)).Summary;
        string note = Assert.Single(summary.Notes, note => note.Contains("collapsed", StringComparison.Ordinal));
        Assert.All(summary.KlDivergencePerDimension, kl =>
        {
            Assert.True(kl < 0.01);
            Assert.Contains(kl.ToString("g2", System.Globalization.CultureInfo.InvariantCulture), note, StringComparison.Ordinal);
        });
        Assert.Contains("Beta", note, StringComparison.Ordinal);
        Assert.Equal(0, summary.Epochs[^1].NumberOfActiveUnits);
        Assert.DoesNotContain(SmallVae.Fit().Summary.Notes, note => note.Contains("collapsed", StringComparison.Ordinal));
    }

    [Fact]
    public void An_error_of_the_listener_comes_through() =>
        Assert.Throws<ArithmeticException>(() => SmallVae.Fit(options => options.Progress = new Listener(_ => throw new ArithmeticException())));
}
