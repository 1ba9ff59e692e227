using MathNet.Numerics.LinearAlgebra;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>Hidden Markov models with Gaussian emissions whose answers are known.</summary>
public sealed class GaussianReferenceTests
{
    private static readonly double[] Eruptions = [.. ClassicData.Faithful.Where((_, i) => i % 2 == 0)];

    internal static HmmModel OfOneFeature(double[] pi, double[,] a, double[] means, double[] variances) =>
        HmmModel.Gaussian(
            pi,
            a,
            [.. means.Select(mean => Vector<double>.Build.Dense(1, mean))],
            [.. variances.Select(variance => Matrix<double>.Build.Dense(1, 1, variance))]);

    [Fact]
    public void Far_observations_do_not_underflow()
    {
        HmmModel model = OfOneFeature([0, 1], new[,] { { .4, .6 }, { .6, .4 } }, [0, 5], [1, 1]);
        double[] sequence = [0, 1, -1, 10000, 5, 4, 6];

        Assert.Equal(-49950038.117578864, model.LogLikelihood(sequence), 1e-6);
        Assert.All(model.Posterior(sequence).ToRowMajorArray(), probability => Assert.InRange(probability, 0, 1));
    }

    [Fact]
    public void Eruptions_as_a_series_have_the_reference_trace_and_fit()
    {
        HmmModel start = OfOneFeature([.5, .5], new[,] { { .5, .5 }, { .5, .5 } }, [2, 4.3], [.1, .1]);
        HmmFit fit = HmmLearner.Fit([Eruptions], new HmmEstimator.Options { InitialModel = start, Tolerance = 1e-14 });

        double[] trace = [-305.0321397819449, -244.07656823140823, -243.67424043242707, -243.60840070024983];
        for (int i = 0; i < trace.Length; i++)
            Assert.Equal(trace[i], fit.Summary.LogLikelihoodTrace[i], 1e-9);
        Assert.Equal(-243.5943959858, fit.Summary.LogLikelihood, 1e-6);
        var emission = (GaussianEmission)fit.Model.Emissions;
        Assert.Equal(2.036174841, emission.Means[0][0], 1e-6);
        Assert.Equal(4.289187163, emission.Means[1][0], 1e-6);
        Assert.Equal(.069219482, emission.Covariances[0][0, 0], 1e-6);
        Assert.Equal(.170717210, emission.Covariances[1][0, 0], 1e-6);
        Assert.Equal(.062014148, fit.Model.TransitionMatrix[0, 0], 1e-6);
        Assert.Equal(.520815218, fit.Model.TransitionMatrix[1, 0], 1e-6);
        int[] path = fit.Model.Viterbi(Eruptions, out double logProbability);
        Assert.Equal(-244.10173989, logProbability, 1e-6);
        Assert.Equal(97, path.Count(state => state == 0));
        Assert.Equal(526.42940644, fit.Summary.Bic, 1e-5);
        Assert.Equal(501.18879197, fit.Summary.Aic, 1e-5);
    }

    [Fact]
    public void Eruptions_in_any_order_are_a_mixture()
    {
        double[,] a = { { .348404641, .651595359 }, { .348404641, .651595359 } };
        HmmModel model = OfOneFeature([.348404641, .651595359], a, [2.018607834, 4.273343437], [.055517632, .191024173]);
        Assert.Equal(-276.3600404957, model.LogLikelihood(Eruptions), 1e-6);
    }

    [Fact]
    public void Default_fit_of_eruptions_finds_the_same()
    {
        HmmFit fit = HmmLearner.Fit([Eruptions], new HmmEstimator.Options());
        Assert.Equal(-243.5943959858, fit.Summary.LogLikelihood, 1e-6);
    }
}
