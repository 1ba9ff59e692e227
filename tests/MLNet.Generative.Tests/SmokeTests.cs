using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void Faithful_converges()
    {
        GaussianMixtureFit fit = GaussianMixtureLearner.Fit(ClassicData.Faithful, 2, new GaussianMixtureEstimator.Options { NumberOfComponents = 2, Tolerance = 0 });
        Assert.Equal(-1130.26396018, fit.Summary.LogLikelihood, 1e-6);
    }
}
