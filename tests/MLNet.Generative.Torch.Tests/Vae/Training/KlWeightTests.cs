using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Warm-up and free bits: what keeps latent dimensions from being given up.</summary>
public sealed class KlWeightTests : TorchTests
{
    [Fact]
    public void Free_bits_keep_every_dimension_at_its_share()
    {
        const float Beta = 20;
        // So large a β that all dimensions collapse; with bits for free they come down to what is free.
        VaeSummary collapsed = Fit(freeBits: 0);
        Assert.All(collapsed.KlDivergencePerDimension, kl => Assert.InRange(kl, 0, 0.01));
        VaeSummary kept = Fit(freeBits: 0.4);
        Assert.All(kept.KlDivergencePerDimension, kl => Assert.InRange(kl, 0.3, 0.5));
        // The objective has the price of what is free.
        VaeEpoch last = kept.Epochs[^1];
        Assert.InRange(last.Objective, last.Reconstruction - Beta * 1.1, last.Reconstruction - Beta * 0.8);

        static VaeSummary Fit(double freeBits) => SmallVae.Fit(options => (options.Beta, options.FreeBits, options.NumberOfEpochs, options.LearningRate) = (Beta, freeBits, 200, 2e-3)).Summary;
    }

    [Fact]
    public void Without_a_price_yet_the_code_says_more()
    {
        VaeEpoch First(double warmUp) => SmallVae.Fit(options => (options.Beta, options.KlWarmUpEpochs, options.NumberOfEpochs) = (50, warmUp, 10)).Summary.Epochs[^1];
        Assert.True(First(100).KlDivergence > 5 * First(0).KlDivergence);
    }

    [Fact]
    public void Validation_measures_with_the_whole_weight()
    {
        // With weights that stay as drawn, only the weight could make a difference.
        double[] Validate(double warmUp) => [.. SmallVae.Fit(options =>
            (options.ValidationFraction, options.LearningRate, options.Beta, options.KlWarmUpEpochs, options.NumberOfEpochs) = (0.3f, 1e-12, 5, warmUp, 3)).Summary.Epochs.Select(epoch => epoch.ValidationObjective!.Value)];
        Assert.Equal(Validate(0), Validate(10));
    }
}
