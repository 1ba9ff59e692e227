using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>When a training ends before its time, and with what weights.</summary>
public sealed class EarlyStoppingTests : TorchTests
{
    [Fact]
    public void It_returns_the_weights_of_the_best_epoch()
    {
        VaeFit stopped = SmallVae.Fit(Overfit);
        VaeSummary summary = stopped.Summary;
        double[] validation = [.. summary.Epochs.Select(epoch => epoch.ValidationObjective!.Value)];
        int best = Array.IndexOf(validation, validation.Max()) + 1;
        Assert.Equal(StopReason.EarlyStopping, summary.StopReason);
        Assert.Equal(best, summary.SelectedEpoch);
        Assert.Equal(best + 5, summary.Epochs.Count);
        Assert.Contains(summary.Notes, note => note.Contains($"after epoch {best}, the best on the validation rows", StringComparison.Ordinal));
        Assert.Contains($"EarlyStopping, weights of epoch {best}", summary.ToString(), StringComparison.Ordinal);

        // The model is that of a training that ended there.
        VaeFit straight = SmallVae.Fit(options =>
        {
            Overfit(options);
            options.EarlyStoppingPatience = null;
            options.NumberOfEpochs = best;
        });
        Assert.Equal(straight.Model.Weights, stopped.Model.Weights);
    }

    [Fact]
    public void Not_used_up_it_returns_the_best_as_well()
    {
        VaeFit fit = SmallVae.Fit(options =>
        {
            Overfit(options);
            options.EarlyStoppingPatience = 1000;
            options.NumberOfEpochs = 60;
        });
        Assert.Equal(StopReason.MaximumNumberOfIterations, fit.Summary.StopReason);
        Assert.InRange(fit.Summary.SelectedEpoch, 1, 59);
        Assert.Equal(fit.Summary.Epochs.MaxBy(epoch => epoch.ValidationObjective)!.Number, fit.Summary.SelectedEpoch);
    }

    [Theory]
    [InlineData(new double[] { 1, 2, 3 }, 2, 0, 0, false)]
    [InlineData(new double[] { 1, 2, 2 }, 2, 0, 0, false)]
    [InlineData(new double[] { 1, 2, 2, 1.5 }, 2, 0, 0, true)]
    [InlineData(new double[] { 2, 1, 2.1 }, 2, 0, 0, false)]
    [InlineData(new double[] { 2, 2.05, 2.09 }, 2, 0.1, 0, true)]
    [InlineData(new double[] { 2, 2.05, 2.11 }, 2, 0.1, 0, false)]
    [InlineData(new double[] { 3, 2, 1 }, 2, 0, 3, false)]
    [InlineData(new double[] { 3, 2, 1, 1.5 }, 2, 0, 2, true)]
    [InlineData(new double[] { 3, 2, 1, 1.5 }, 2, 0, 2.5, false)]
    [InlineData(new double[] { 3, 2, 1, 1.5 }, 2, 0, 3, false)]
    public void It_is_due_when_nothing_has_risen_for_long_enough(double[] validation, int patience, double tolerance, double warmUp, bool isDue)
    {
        var stopping = new EarlyStopping(new VaeEstimator.Options { EarlyStoppingPatience = patience, EarlyStoppingTolerance = tolerance, KlWarmUpEpochs = warmUp });
        Assert.Equal(isDue, stopping.IsDue([.. validation.Select((value, i) => new VaeEpoch(i + 1, 0, 0, 0, 0, value))]));
        Assert.False(stopping.IsDue([]));
        Assert.False(new EarlyStopping(new VaeEstimator.Options()).IsDue([new VaeEpoch(1, 0, 0, 0, 0, 1)]));
    }

    [Fact]
    public void Without_validation_rows_it_is_an_error()
    {
        ArgumentException exception = Assert.Throws<ArgumentException>(() => SmallVae.Fit(options => options.EarlyStoppingPatience = 3));
        Assert.Contains("ValidationFraction is 0", exception.Message, StringComparison.Ordinal);
        // A share of less than one row is none.
        Exception none = Assert.ThrowsAny<Exception>(() => SmallVae.Fit(options => (options.EarlyStoppingPatience, options.ValidationFraction) = (3, 0.002f)));
        Assert.Contains("EarlyStoppingPatience", none.Message, StringComparison.Ordinal);
    }

    // Few rows and many weights: validation soon falls.
    private static void Overfit(VaeEstimator.Options options)
    {
        (options.ValidationFraction, options.EarlyStoppingPatience, options.NumberOfEpochs) = (0.8f, 5, 400);
        (options.HiddenLayers, options.LearningRate) = ([64, 64], 0.01);
    }
}
