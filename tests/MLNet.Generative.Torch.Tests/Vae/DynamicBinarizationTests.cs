using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Training on zeros and ones that are drawn anew from the values: in expectation the objective on the values themselves.</summary>
public sealed class DynamicBinarizationTests : TorchTests
{
    private const int D = SmallVae.Dimension;

    // Weights that stay as drawn, and an objective after each epoch.
    private const double NoStep = 1e-12;

    [Fact]
    public void Values_are_the_probabilities_of_the_draws()
    {
        // All rows are the same, so all that can be learned are the probabilities.
        double[] probabilities = [0.05, 0.3, 0.5, 0.8, 0.95];
        double[] rows = [.. Enumerable.Repeat(probabilities, 500).SelectMany(row => row)];
        VaeModel model = VaeLearner.Fit(rows, D, SmallVae.Options(options =>
            (options.DynamicBinarization, options.HiddenLayers, options.NumberOfEpochs, options.BatchSize) = (true, [], 200, 100))).Model;
        double[] learned = model.Decode([0, 0]);
        Assert.All(probabilities.Zip(learned), pair => Assert.Equal(pair.First, pair.Second, 0.03));
    }

    [Fact]
    public void Every_epoch_draws_anew()
    {
        double[] binarised = Objectives(isBinarised: true);
        double[] grey = Objectives(isBinarised: false);
        // An encoder sees other rows too, so the two differ a little, but noise dominates.
        Assert.Equal(grey.Average(), binarised.Average(), 0.1);
        Assert.True(Variance(binarised) > 2 * Variance(grey));
        Assert.Equal(100, binarised.Distinct().Count());
    }

    [Fact]
    public void Zeros_and_ones_are_left_as_they_are()
    {
        double[] bits = [.. SmallVae.Grey.Select(value => value > 0.5 ? 1.0 : 0)];
        VaeFit Fit(bool isBinarised) => VaeLearner.Fit(bits, D, SmallVae.Options(options =>
            (options.DynamicBinarization, options.LearningRate, options.NumberOfEpochs, options.SamplesPerRow) = (isBinarised, NoStep, 30, 8)));
        double[] with = [.. Fit(true).Summary.Epochs.Select(epoch => epoch.KlDivergence)];
        double[] without = [.. Fit(false).Summary.Epochs.Select(epoch => epoch.KlDivergence)];
        // The divergence has no noise of its own: it varies only if rows do.
        Assert.All(with.Zip(without), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
    }

    [Fact]
    public void A_model_that_learned_so_scores_zeros_and_ones_better_than_one_that_knows_nothing()
    {
        VaeModel model = VaeLearner.Fit(SmallVae.Grey, D, SmallVae.Options(options => (options.DynamicBinarization, options.NumberOfEpochs) = (true, 60))).Model;
        Assert.Equal(VaeLikelihood.Bernoulli, model.Likelihood);
        var random = new Random(3);
        double[] bits = [.. SmallVae.Grey.Select(value => random.NextDouble() < value ? 1.0 : 0)];
        double entropy = Enumerable.Range(0, D).Sum(j =>
        {
            double p = bits.Where((_, i) => i % D == j).Average();
            return p * Math.Log(p) + (1 - p) * Math.Log(1 - p);
        });
        // No better than the entropy of independent features by more than these hold in common.
        Assert.InRange(model.Evaluate(bits, 1).Elbo, entropy - 0.1, entropy + 0.5);
    }

    private static double[] Objectives(bool isBinarised) => [.. VaeLearner.Fit(SmallVae.Grey, D, SmallVae.Options(options =>
        (options.Likelihood, options.DynamicBinarization, options.LearningRate, options.NumberOfEpochs, options.BatchSize, options.SamplesPerRow)
            = (VaeLikelihood.Bernoulli, isBinarised, NoStep, 100, 200, 16))).Summary.Epochs.Select(epoch => epoch.Objective)];

    private static double Variance(double[] values) => values.Average(value => value * value) - values.Average() * values.Average();
}
