using TorchSharp;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The derivatives of log p(x|z) with respect to the decoder's output, against differences of the densities in plain double arithmetic.</summary>
public sealed class ScoreAndInformationTests : TorchTests
{
    private const double Step = 0.01;

    [Theory]
    [InlineData(VaeLikelihood.Bernoulli)]
    [InlineData(VaeLikelihood.ContinuousBernoulli)]
    [InlineData(VaeLikelihood.Gaussian)]
    [InlineData(VaeLikelihood.GaussianFixedVariance)]
    public void They_are_the_slope_and_the_negative_curvature_of_the_log_density(VaeLikelihood likelihood)
    {
        using DecoderLikelihood tested = Twins.Create(likelihood, FeatureScaling.None(1), [-1], standardDeviation: 0.5);
        foreach (double x in (double[])[0, 0.25, 1])
        {
            double LogDensity(double a) => likelihood switch
            {
                VaeLikelihood.Bernoulli => Twins.Bernoulli(x, a),
                VaeLikelihood.ContinuousBernoulli => Twins.ContinuousBernoulli(x, a),
                _ => Twins.Gaussian(x, a, tested.NoiseVariances()[0]),
            };
            foreach (float a in Twins.Logits(largest: 30))
            {
                (torch.Tensor score, torch.Tensor information) = tested.ScoreAndInformation(torch.tensor((float[])[(float)x], [1, 1]), torch.tensor((float[])[a], [1, 1]));
                double slope = (LogDensity(a + Step) - LogDensity(a - Step)) / (2 * Step);
                double curvature = -(LogDensity(a + Step) - 2 * LogDensity(a) + LogDensity(a - Step)) / (Step * Step);
                Assert.Equal(slope, score.item<double>(), 2e-5);
                Assert.Equal(curvature, information.item<double>(), 2e-5);
            }
        }
    }

    [Theory]
    [InlineData(VaeLikelihood.Bernoulli)]
    [InlineData(VaeLikelihood.ContinuousBernoulli)]
    public void They_are_finite_and_the_information_is_not_negative_however_large_the_output(VaeLikelihood likelihood)
    {
        using DecoderLikelihood tested = Twins.Create(likelihood, FeatureScaling.None(1));
        foreach (float a in Twins.Logits(largest: 1e30f))
        {
            (torch.Tensor score, torch.Tensor information) = tested.ScoreAndInformation(torch.tensor((float[])[0.5f], [1, 1]), torch.tensor((float[])[a], [1, 1]));
            Assert.InRange(score.item<double>(), -0.5, 0.5);
            Assert.InRange(information.item<double>(), 0, 0.25);
        }
    }
}
