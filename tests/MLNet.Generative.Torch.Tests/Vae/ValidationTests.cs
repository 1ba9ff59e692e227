using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Rows that training does not see: how many, and that they are measured by the same objective with the same noise after every epoch.</summary>
public sealed class ValidationTests : TorchTests
{
    [Fact]
    public void Without_rows_to_validate_on_there_is_no_number()
    {
        Assert.All(SmallVae.Fit().Summary.Epochs, epoch => Assert.Null(epoch.ValidationObjective));
        // A share of less than one row.
        Assert.All(SmallVae.Fit(options => options.ValidationFraction = 0.002f).Summary.Epochs, epoch => Assert.Null(epoch.ValidationObjective));
    }

    [Fact]
    public void Weights_that_hardly_change_give_a_number_that_hardly_changes()
    {
        // Other noise in each epoch would move it by a tenth and more.
        double[] objectives = Validate(learningRate: 1e-12, beta: 1);
        Assert.True(objectives.Max() - objectives.Min() < 1e-5);
        double[] training = [.. Fit(1e-12, 1).Epochs.Select(epoch => epoch.Objective)];
        Assert.True(training.Max() - training.Min() > 1e-3);
    }

    [Fact]
    public void Beta_weighs_in_as_in_training()
    {
        // With weights that stay as drawn, the objective is linear in β.
        double[] byBeta = [.. new float[] { 0, 1, 2, 10 }.Select(beta => Validate(1e-12, beta)[0])];
        double kl = byBeta[0] - byBeta[1];
        Assert.True(kl > 0.01);
        Assert.Equal(byBeta[0] - 2 * kl, byBeta[2], 1e-4);
        Assert.Equal(byBeta[0] - 10 * kl, byBeta[3], 1e-4);
    }

    [Fact]
    public void It_rises_as_the_model_learns()
    {
        VaeSummary summary = Fit(5e-3, 1);
        Assert.True(summary.Epochs[^1].ValidationObjective > summary.Epochs[0].ValidationObjective + 0.2);
    }

    [Fact]
    public void It_is_close_to_the_score_of_rows_that_were_not_seen()
    {
        VaeFit fit = VaeLearner.Fit(SmallVae.Rows, SmallVae.Dimension, SmallVae.Options(options =>
            (options.ValidationFraction, options.SamplesPerRow, options.NumberOfEpochs) = (0.999f, 64, 3)));
        // One row is left to learn from: nearly all rows are validated on.
        Assert.Equal(fit.Model.Evaluate(SmallVae.Rows, 1).Elbo, fit.Summary.Epochs[^1].ValidationObjective!.Value, 0.15);
    }

    private static VaeSummary Fit(double learningRate, float beta) => SmallVae.Fit(options =>
        (options.ValidationFraction, options.LearningRate, options.Beta) = (0.3f, learningRate, beta)).Summary;

    private static double[] Validate(double learningRate, float beta) => [.. Fit(learningRate, beta).Epochs.Select(epoch => epoch.ValidationObjective!.Value)];
}
