using MathNet.Numerics.LinearAlgebra.Double;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>A row of weight 2 is two equal rows.</summary>
public sealed class WeightTests
{
    private static readonly double[] Points = [0, 3, 1, 7, 3, 5, 1, 2, -1, 2, 7, 6, 8, 6];
    private static readonly double[] Weights = [10, 1, 1, 2, 2, 1, 1, 1, 8, 1, 2, 5, 1, 1];

    [Fact]
    public void Weighted_maximum_likelihood()
    {
        GaussianMixtureFit fit = Fit(Points, Weights, starts: 20);
        (int low, int high) = Order(fit.Model);

        Assert.Equal(-79.193280210, fit.Summary.LogLikelihood, 1e-6);
        Assert.Equal(0.519618806, fit.Model.Weights[low], 1e-6);
        Assert.Equal(-0.338538833, fit.Model.Means[low][0], 1e-6);
        Assert.Equal(5.092167310, fit.Model.Means[high][0], 1e-6);
        Assert.Equal(0.375446208, fit.Model.Covariances[low][0, 0], 1e-6);
        Assert.Equal(4.258597302, fit.Model.Covariances[high][0, 0], 1e-6);
        Assert.Equal(37, fit.Summary.TotalWeight);
    }

    [Fact]
    public void A_given_start_leads_to_its_own_optimum()
    {
        var start = new GaussianMixtureModel([0.5, 0.5], [DenseVector.OfArray([0]), DenseVector.OfArray([6])], [DenseMatrix.OfDiagonalArray([2]), DenseMatrix.OfDiagonalArray([2])]);
        GaussianMixtureFit fit = Fit(Points, Weights, start: start);

        Assert.Equal(-79.28642575907, fit.Summary.LogLikelihood, 1e-6);
        Assert.Equal(0.675969204, fit.Model.Weights[0], 1e-6);
        Assert.Equal(0.282143690, fit.Model.Means[0][0], 1e-6);
        Assert.Equal(6.417753654, fit.Model.Means[1][0], 1e-6);
        Assert.Equal(1.731306644, fit.Model.Covariances[0][0, 0], 1e-6);
        Assert.Equal(0.575864168, fit.Model.Covariances[1][0, 0], 1e-6);
    }

    [Fact]
    public void Without_weights()
    {
        GaussianMixtureFit fit = Fit(Points, [], starts: 20);
        (int low, int high) = Order(fit.Model);

        Assert.Equal(-31.266643833, fit.Summary.LogLikelihood, 1e-6);
        Assert.Equal(0.579624431, fit.Model.Weights[low], 1e-6);
        Assert.Equal(1.428568517, fit.Model.Means[low][0], 1e-6);
        Assert.Equal(6.526058027, fit.Model.Means[high][0], 1e-6);
    }

    [Fact]
    public void Weights_one_two_three_on_faithful()
    {
        double[] weights = [.. Enumerable.Range(0, 272).Select(n => 1.0 + n % 3)];
        GaussianMixtureFit fit = GaussianMixtureLearner.Fit(ClassicData.Faithful, 2, Options(1, null), weights);
        (int low, int high) = Order(fit.Model);

        Assert.Equal(0.348807436499, fit.Model.Weights[low], 1e-6);
        Assert.Equal(2.02232985671, fit.Model.Means[low][0], 1e-5);
        Assert.Equal(54.58937703936, fit.Model.Means[low][1], 1e-4);
        Assert.Equal(4.2776165825, fit.Model.Means[high][0], 1e-5);
        Assert.Equal(79.7789406148, fit.Model.Means[high][1], 1e-4);
    }

    [Theory]
    [InlineData(CovarianceType.Full)]
    [InlineData(CovarianceType.Tied)]
    [InlineData(CovarianceType.Diagonal)]
    [InlineData(CovarianceType.Spherical)]
    public void Integer_weights_equal_repeated_rows(CovarianceType type)
    {
        double[] weights = [.. Enumerable.Range(0, 272).Select(n => (double)(n % 4))];
        var repeated = new List<double>();
        for (int n = 0; n < 272; n++)
        {
            for (int i = 0; i < weights[n]; i++)
                repeated.AddRange(ClassicData.Faithful.AsSpan(2 * n, 2).ToArray());
        }
        GaussianMixtureEstimator.Options options = Options(1, null);
        options.CovarianceType = type;
        GaussianMixtureFit weighted = GaussianMixtureLearner.Fit(ClassicData.Faithful, 2, options, weights);
        GaussianMixtureFit duplicated = GaussianMixtureLearner.Fit(repeated.ToArray(), 2, options);

        Assert.Equal(duplicated.Summary.LogLikelihood, weighted.Summary.LogLikelihood, 1e-6);
        Assert.Equal(duplicated.Summary.Bic, weighted.Summary.Bic, 1e-6);
        Assert.Equal(duplicated.Summary.Icl, weighted.Summary.Icl, 1e-6);
    }

    private static GaussianMixtureFit Fit(double[] points, double[] weights, int starts = 1, GaussianMixtureModel? start = null) =>
        GaussianMixtureLearner.Fit(points, 1, Options(starts, start), weights);

    private static GaussianMixtureEstimator.Options Options(int starts, GaussianMixtureModel? start) => new()
    {
        NumberOfComponents = 2,
        NumberOfInitializations = starts,
        InitialModel = start,
        Tolerance = 1e-15,
        MaximumNumberOfIterations = 20_000,
    };

    private static (int Low, int High) Order(GaussianMixtureModel model) => model.Means[0][0] < model.Means[1][0] ? (0, 1) : (1, 0);
}
