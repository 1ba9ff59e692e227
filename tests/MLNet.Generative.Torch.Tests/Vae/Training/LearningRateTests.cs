using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The course of the learning rate, and of the weight of the KL divergence.</summary>
public sealed class LearningRateTests : TorchTests
{
    [Theory]
    [InlineData(VaeLearningRateSchedule.Constant, 0.5, 0.5, 0.5)]
    [InlineData(VaeLearningRateSchedule.Linear, 0.5, 0.3, 0.1)]
    [InlineData(VaeLearningRateSchedule.Cosine, 0.5, 0.3, 0.1)]
    [InlineData(VaeLearningRateSchedule.Exponential, 0.5, 0.22360679775, 0.1)]
    public void It_falls_to_its_share_and_stays_there(VaeLearningRateSchedule schedule, double start, double middle, double end)
    {
        var rate = new LearningRate(new VaeEstimator.Options { LearningRate = 0.5, LearningRateSchedule = schedule, FinalLearningRateShare = 0.2, NumberOfEpochs = 8 });
        Assert.Equal(start, rate.At(0), 1e-10);
        Assert.Equal(middle, rate.At(4), 1e-10);
        Assert.Equal(end, rate.At(8), 1e-10);
        Assert.Equal(end, rate.At(9), 1e-10);
    }

    [Fact]
    public void A_cosine_falls_slowly_at_both_ends()
    {
        var rate = new LearningRate(new VaeEstimator.Options { LearningRate = 1, LearningRateSchedule = VaeLearningRateSchedule.Cosine, FinalLearningRateShare = 0.2, LearningRateDecayEpochs = 4, NumberOfEpochs = 100 });
        Assert.Equal(0.2 + 0.8 * (1 + Math.Sqrt(0.5)) / 2, rate.At(1), 1e-12);
        Assert.Equal(0.2 + 0.8 * (1 - Math.Sqrt(0.5)) / 2, rate.At(3), 1e-12);
    }

    [Fact]
    public void A_warm_up_begins_at_nothing()
    {
        var rate = new LearningRate(new VaeEstimator.Options { LearningRate = 0.5, LearningRateWarmUpEpochs = 2.5 });
        Assert.Equal([0, 0.1, 0.4, 0.5, 0.5], new[] { 0, 0.5, 2, 2.5, 50 }.Select(time => Math.Round(rate.At(time), 12)));
    }

    [Fact]
    public void Training_follows_and_tells_it()
    {
        var listener = new Listener();
        SmallVae.Fit(options =>
        {
            (options.NumberOfEpochs, options.LearningRate, options.Beta, options.KlWarmUpEpochs, options.Progress) = (4, 0.01, 3, 2, listener);
            (options.LearningRateSchedule, options.FinalLearningRateShare) = (VaeLearningRateSchedule.Linear, 0.2);
        });
        Assert.Equal([0.008, 0.006, 0.004, 0.002], listener.Reports.Select(report => Math.Round(report.LearningRate, 12)));
        Assert.Equal([1.5, 3, 3, 3], listener.Reports.Select(report => report.Beta));
    }

    [Fact]
    public void A_rate_that_falls_to_next_to_nothing_leaves_the_weights_where_they_are()
    {
        // Average and last weights then agree, and so do two trainings that only differ in how long they stay there.
        double[] Encode(int epochs) => SmallVae.Fit(options =>
        {
            (options.LearningRateSchedule, options.LearningRateDecayEpochs, options.FinalLearningRateShare) = (VaeLearningRateSchedule.Exponential, 20, 1e-9);
            options.NumberOfEpochs = epochs;
        }).Model.Encode(SmallVae.Rows);
        double[] some = Encode(60);
        double[] more = Encode(70);
        Assert.True(some.Zip(more, (a, b) => Math.Abs(a - b)).Max() < 1e-3);
        double[] constant = SmallVae.Fit(options => options.NumberOfEpochs = 60).Model.Encode(SmallVae.Rows);
        Assert.True(some.Zip(constant, (a, b) => Math.Abs(a - b)).Max() > 0.05);
    }
}
