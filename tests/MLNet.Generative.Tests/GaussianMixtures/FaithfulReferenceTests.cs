using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Fully converged maximum likelihood fits of Old Faithful, and one EM run followed step by step.</summary>
public sealed class FaithfulReferenceTests
{
    [Theory]
    [InlineData(CovarianceType.VII, 1, -2003.95203658, 4)]
    [InlineData(CovarianceType.VII, 2, -1709.52928218, 7)]
    [InlineData(CovarianceType.VVI, 1, -1516.70582662, 4)]
    [InlineData(CovarianceType.VVI, 2, -1147.80635254, 9)]
    [InlineData(CovarianceType.EEE, 1, -1289.79674505, 5)]
    [InlineData(CovarianceType.EEE, 2, -1140.18675944, 8)]
    [InlineData(CovarianceType.VVV, 1, -1289.79674505, 5)]
    [InlineData(CovarianceType.VVV, 2, -1130.26396018, 11)]
    public void Converged_log_likelihood(CovarianceType type, int components, double logLikelihood, int parameters)
    {
        GaussianMixtureFit fit = Fit(type, components);

        Assert.Equal(logLikelihood, fit.Summary.LogLikelihood, 1e-6);
        Assert.True(fit.Summary.HasConverged);
        Assert.Empty(fit.Summary.Notes);
        // With one component all structures of the same shape coincide, but each counts its own parameters.
        Assert.Equal(components == 1 && type == CovarianceType.VII ? 3 : parameters, fit.Model.NumberOfParameters);
    }

    [Theory]
    [InlineData(CovarianceType.Spherical, 13)]
    [InlineData(CovarianceType.Diagonal, 21)]
    [InlineData(CovarianceType.Tied, 26)]
    [InlineData(CovarianceType.Full, 41)]
    public void Number_of_parameters_with_five_features(CovarianceType type, int parameters)
    {
        var random = new Random(1);
        double[] rows = [.. Enumerable.Range(0, 500).Select(_ => random.NextDouble())];
        Assert.Equal(parameters, Fit(type, 2, rows, 5).Model.NumberOfParameters);
    }

    [Fact]
    public void Two_full_components()
    {
        GaussianMixtureFit fit = Fit(CovarianceType.VVV, 2);
        (GaussianMixtureModel model, int first, int second) = ByFirstMean(fit.Model);

        Assert.Equal(-1130.263960184742, fit.Summary.LogLikelihood, 1e-9);
        AssertClose(0.355872857106, model.Weights[first]);
        AssertClose([2.036388454620, 54.478516376968], model.Means[first]);
        AssertClose([4.289661973096, 79.968115173856], model.Means[second]);
        AssertClose([0.069167673, 0.435167624, 33.697282072], model.Covariances[first]);
        AssertClose([0.169968436, 0.940609319, 36.046211318], model.Covariances[second]);
        Assert.Equal(2 * 1130.263960184742 + 11 * Math.Log(272), fit.Summary.Bic, 1e-6);
        Assert.Equal(2 * 1130.263960184742 + 2 * 11, fit.Summary.Aic, 1e-6);
    }

    [Fact]
    public void Every_step_from_a_given_start()
    {
        GaussianMixtureFit fit = Fit(new GaussianMixtureEstimator.Options { InitialModel = Start(), Tolerance = 0 });

        double[] expected = [-1377.5236867578133, -1146.4580476972014, -1132.907432867552, -1130.369775716542, -1130.26835668839];
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], fit.Summary.LogLikelihoodTrace[i], 1e-8);
        Assert.Equal(-1130.263960184742, fit.Summary.LogLikelihoodTrace[12], 1e-8);
        Assert.Equal(fit.Summary.LogLikelihood, fit.Summary.LogLikelihoodTrace[^1]);
        Assert.Equal(fit.Summary.NumberOfIterations + 1, fit.Summary.LogLikelihoodTrace.Count);
    }

    [Fact]
    public void One_step_from_a_given_start()
    {
        GaussianMixtureFit fit = Fit(new GaussianMixtureEstimator.Options { InitialModel = Start(), MaximumNumberOfIterations = 1 });

        Assert.Equal(StopReason.MaximumNumberOfIterations, fit.Summary.StopReason);
        Assert.Equal(0.3706547770557486, fit.Model.Weights[0], 1e-12);
        Assert.Equal(2.1086540444822868, fit.Model.Means[0][0], 1e-12);
        Assert.Equal(55.10533470899485, fit.Model.Means[0][1], 1e-11);
        Assert.Equal(0.18242381999430837, fit.Model.Covariances[0][0, 0], 1e-12);
        Assert.Equal(1.4848208466016575, fit.Model.Covariances[0][0, 1], 1e-12);
        Assert.Equal(42.44971548077147, fit.Model.Covariances[0][1, 1], 1e-11);
    }

    [Fact]
    public void Density_responsibilities_and_regression()
    {
        (GaussianMixtureModel model, int first, int second) = ByFirstMean(Fit(CovarianceType.VVV, 2).Model);
        var posterior = new double[2];

        Assert.Equal(-8.750369643061, model.LogDensity([3, 65]), 1e-6);
        Assert.Equal(model.LogDensity([3, 65]), model.Posterior([3, 65], posterior));
        Assert.Equal(0.21549708, posterior[first], 1e-7);
        Assert.Equal(0.78450292, posterior[second], 1e-7);

        GaussianMixtureModel waiting = model.Condition([0], [3]);
        Assert.Equal(1, waiting.Dimension);
        Assert.Equal(0.123108265, waiting.Weights[first], 1e-7);
        Assert.Equal(0.876891735, waiting.Weights[second], 1e-7);
        Assert.Equal(60.541067444, waiting.Means[first][0], 1e-5);
        Assert.Equal(72.831095496, waiting.Means[second][0], 1e-5);
        Assert.Equal(71.318091469, waiting.Mean()[0], 1e-5);
        Assert.Equal(47.161135251, waiting.Covariance()[0, 0], 1e-5);
    }

    [Fact]
    public void Three_components_with_one_covariance()
    {
        GaussianMixtureFit fit = Fit(CovarianceType.EEE, 3, starts: 20);
        int[] order = [.. Enumerable.Range(0, 3).OrderBy(k => fit.Model.Weights[k])];

        Assert.False(fit.Summary.IsDegenerate);
        Assert.Equal(-1126.31592782, fit.Summary.LogLikelihood, 1e-6);
        Assert.Equal(2314.295678, fit.Summary.Bic, 1e-5);
        Assert.Equal(0.168605606, fit.Model.Weights[order[0]], 1e-6);
        Assert.Equal(0.356378116, fit.Model.Weights[order[1]], 1e-6);
        Assert.Equal(0.475016278, fit.Model.Weights[order[2]], 1e-6);
        AssertClose([3.797758028, 77.468859472], fit.Model.Means[order[0]]);
        AssertClose([2.037614730, 54.491284945], fit.Model.Means[order[1]]);
        AssertClose([4.465738531, 80.872751381], fit.Model.Means[order[2]]);
        AssertClose([0.077975444, 0.470158243, 33.672039131], fit.Model.Covariances[0]);
    }

    [Fact]
    public void Every_default_start_reaches_the_best_tied_fit()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            GaussianMixtureFit fit = Fit(new GaussianMixtureEstimator.Options { NumberOfComponents = 3, CovarianceType = CovarianceType.EEE, Seed = seed });
            Assert.True(fit.Summary.LogLikelihood > -1126.31592782 - 1e-5, $"seed {seed}: {fit.Summary.LogLikelihood}");
        }
    }

    [Theory]
    [InlineData(CovarianceType.Tied, -287.29202420)]
    [InlineData(CovarianceType.Full, -276.36004050)]
    [InlineData(CovarianceType.Diagonal, -276.36004050)]
    [InlineData(CovarianceType.Spherical, -276.36004050)]
    public void One_feature_has_one_variance_or_one_for_each_component(CovarianceType type, double logLikelihood)
    {
        double[] eruptions = [.. ClassicData.Faithful.Where((_, i) => i % 2 == 0)];
        GaussianMixtureFit fit = Fit(type, 2, eruptions, 1);

        Assert.Equal(logLikelihood, fit.Summary.LogLikelihood, 1e-6);
        Assert.Equal(type == CovarianceType.Tied ? 4 : 5, fit.Model.NumberOfParameters);
    }

    [Fact]
    public void A_degenerate_fit_is_noted_and_loses_against_an_honest_one()
    {
        // Waiting times are integers: a component on the 15 rows with waiting = 78 has nearly no variance and a far better likelihood.
        var onTheLine = new GaussianMixtureModel(
            [0.05, 0.35, 0.6],
            [DenseVector.OfArray([4.3, 78]), DenseVector.OfArray([2, 54.5]), DenseVector.OfArray([4.3, 80])],
            [DenseMatrix.OfArray(new[,] { { 0.2, 0 }, { 0, 1e-4 } }), DenseMatrix.OfArray(new[,] { { 0.1, 0 }, { 0, 34.0 } }), DenseMatrix.OfArray(new[,] { { 0.2, 0 }, { 0, 36.0 } })]);
        GaussianMixtureFit degenerate = Fit(new GaussianMixtureEstimator.Options { InitialModel = onTheLine });
        GaussianMixtureFit honest = Fit(CovarianceType.VVV, 3, starts: 20);

        Assert.True(degenerate.Summary.IsDegenerate);
        Assert.Contains(degenerate.Summary.Notes, note => note.Contains("Component 1 is degenerate", StringComparison.Ordinal));
        Assert.Contains(degenerate.Summary.Notes, note => note.Contains("floor", StringComparison.Ordinal));
        Assert.False(honest.Summary.IsDegenerate);
        Assert.True(degenerate.Summary.Bic < honest.Summary.Bic);
    }

    [Fact]
    public void Rejected_degenerate_starts_are_reported()
    {
        // Many full components on integers: some starts end on a line of equal waiting times.
        GaussianMixtureFit fit = Fit(new GaussianMixtureEstimator.Options
        {
            NumberOfComponents = 12,
            NumberOfInitializations = 12,
            Seed = 1,
            Initialization = GaussianMixtureInitialization.RandomRows,
            StartFromSimplerTypes = false,
        });
        Assert.False(fit.Summary.IsDegenerate);
        Assert.Contains(fit.Summary.Notes, note => note.EndsWith("but degenerate.", StringComparison.Ordinal));
    }

    private static GaussianMixtureModel Start()
    {
        Matrix<double> covariance = DenseMatrix.OfDiagonalArray([1, 100]);
        return new GaussianMixtureModel([0.5, 0.5], [DenseVector.OfArray([2, 55]), DenseVector.OfArray([4.5, 80])], [covariance, covariance]);
    }

    private static GaussianMixtureFit Fit(CovarianceType type, int components, int starts = 1) =>
        Fit(type, components, ClassicData.Faithful, 2, starts);

    private static GaussianMixtureFit Fit(CovarianceType type, int components, double[] rows, int dimension, int starts = 1) =>
        GaussianMixtureLearner.Fit(rows, dimension, new GaussianMixtureEstimator.Options
        {
            NumberOfComponents = components,
            CovarianceType = type,
            NumberOfInitializations = starts,
            Tolerance = 1e-15,
            MaximumNumberOfIterations = 10_000,
        });

    private static GaussianMixtureFit Fit(GaussianMixtureEstimator.Options options) => GaussianMixtureLearner.Fit(ClassicData.Faithful, 2, options);

    private static (GaussianMixtureModel Model, int First, int Second) ByFirstMean(GaussianMixtureModel model) =>
        model.Means[0][0] < model.Means[1][0] ? (model, 0, 1) : (model, 1, 0);

    private static void AssertClose(double expected, double actual) => Assert.Equal(expected, actual, Math.Max(1e-6, 1e-6 * Math.Abs(expected)));

    private static void AssertClose(double[] expected, Vector<double> actual)
    {
        for (int j = 0; j < expected.Length; j++)
            AssertClose(expected[j], actual[j]);
    }

    private static void AssertClose(double[] upperTriangle, Matrix<double> actual)
    {
        AssertClose(upperTriangle[0], actual[0, 0]);
        AssertClose(upperTriangle[1], actual[0, 1]);
        AssertClose(upperTriangle[1], actual[1, 0]);
        AssertClose(upperTriangle[2], actual[1, 1]);
    }
}
