using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Fully converged maximum likelihood fits of Old Faithful under all fourteen structures, and the number of their parameters.</summary>
public sealed class StructureReferenceTests
{
    /// <summary>The type, the log-likelihoods of one and of two components, and the number of parameters of two components of two features.</summary>
    public static TheoryData<CovarianceType, double, double, int> Table => new()
    {
        { CovarianceType.EII, -2003.95203658, -1709.68137295, 6 },
        { CovarianceType.VII, -2003.95203658, -1709.52928218, 7 },
        { CovarianceType.EEI, -1516.70582662, -1157.68001234, 7 },
        { CovarianceType.VEI, -1516.70582662, -1152.88019637, 8 },
        { CovarianceType.EVI, -1516.70582662, -1153.88556822, 8 },
        { CovarianceType.VVI, -1516.70582662, -1147.80635254, 9 },
        { CovarianceType.EEE, -1289.79674505, -1140.18675944, 8 },
        { CovarianceType.VEE, -1289.79674505, -1136.25985414, 9 },
        { CovarianceType.EVE, -1289.79674505, -1136.91026067, 9 },
        // Found elsewhere as -1132.18744640, which is not a maximum: see the next test.
        { CovarianceType.VVE, -1289.79674505, -1132.11264246, 10 },
        { CovarianceType.EEV, -1289.79674505, -1139.33159866, 9 },
        { CovarianceType.VEV, -1289.79674505, -1134.67920352, 10 },
        { CovarianceType.EVV, -1289.79674505, -1135.76990394, 10 },
        { CovarianceType.VVV, -1289.79674505, -1130.26396018, 11 },
    };

    /// <summary>The type and the number of parameters of three components of four features, and of two components of five.</summary>
    public static TheoryData<CovarianceType, int, int> Parameters => new()
    {
        { CovarianceType.EII, 15, 12 },
        { CovarianceType.VII, 17, 13 },
        { CovarianceType.EEI, 18, 16 },
        { CovarianceType.VEI, 20, 17 },
        { CovarianceType.EVI, 24, 20 },
        { CovarianceType.VVI, 26, 21 },
        { CovarianceType.EEE, 24, 26 },
        { CovarianceType.VEE, 26, 27 },
        { CovarianceType.EVE, 30, 30 },
        { CovarianceType.VVE, 32, 31 },
        { CovarianceType.EEV, 36, 36 },
        { CovarianceType.VEV, 38, 37 },
        { CovarianceType.EVV, 42, 40 },
        { CovarianceType.VVV, 44, 41 },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Converged_log_likelihood_of_Old_Faithful(CovarianceType type, double one, double two, int parameters)
    {
        GaussianMixtureFit single = Fit(ClassicData.Faithful, 2, 1, type);
        GaussianMixtureFit pair = Fit(ClassicData.Faithful, 2, 2, type);

        Assert.Equal(one, single.Summary.LogLikelihood, 1e-6);
        Assert.Equal(two, pair.Summary.LogLikelihood, 1e-6);
        Assert.Equal(parameters, pair.Model.NumberOfParameters);
        Assert.Equal(parameters, pair.Summary.NumberOfParameters);
        Assert.Equal(-2 * two + parameters * Math.Log(272), pair.Summary.Bic, 1e-5);
        Assert.All([single, pair], fit =>
        {
            Assert.True(fit.Summary.HasConverged);
            Assert.Empty(fit.Summary.Notes);
            Assert.Equal(type, fit.Model.CovarianceType);
        });
        Covariances.StructureAssert.HaveStructure(type.ToLetters(2), pair.Model.Covariances);
    }

    /// <summary>Common axes of two features are one angle. Along given axes VVE is VVI and EVE is EVI, which have one closed step each.</summary>
    [Theory]
    [InlineData(CovarianceType.VVE, CovarianceType.VVI)]
    [InlineData(CovarianceType.EVE, CovarianceType.EVI)]
    public void Common_axes_are_the_best_of_all_angles(CovarianceType type, CovarianceType alongAxes)
    {
        double Along(double angle)
        {
            (double sine, double cosine) = Math.SinCos(angle);
            return Fit([.. ClassicData.Faithful.Chunk(2).SelectMany(row => new[] { cosine * row[0] - sine * row[1], sine * row[0] + cosine * row[1] })], 2, 2, alongAxes, starts: 1).Summary.LogLikelihood;
        }

        double best = Enumerable.Range(0, 200).Select(i => i * Math.PI / 400).MaxBy(Along);
        (double low, double high) = (best - Math.PI / 400, best + Math.PI / 400);
        while (high - low > 1e-6)
        {
            double third = (high - low) / 3;
            (low, high) = Along(low + third) < Along(high - third) ? (low + third, high) : (low, high - third);
        }
        Assert.Equal(Along((low + high) / 2), Fit(ClassicData.Faithful, 2, 2, type).Summary.LogLikelihood, 1e-7);
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void Number_of_parameters(CovarianceType type, int threeOfFour, int twoOfFive)
    {
        var random = new Random(1);
        double[] rows = [.. Enumerable.Range(0, 500).Select(_ => random.NextDouble())];
        GaussianMixtureModel Start(int dimension, int components) => GaussianMixtureLearner.Fit(
            rows, dimension, new GaussianMixtureEstimator.Options { NumberOfComponents = components, CovarianceType = type, MaximumNumberOfIterations = 1 }).Model;
        Assert.Equal(threeOfFour, Start(4, 3).NumberOfParameters);
        Assert.Equal(twoOfFive, Start(5, 2).NumberOfParameters);
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void One_feature_has_one_variance_or_one_for_each_component(CovarianceType type)
    {
        double[] eruptions = [.. ClassicData.Faithful.Where((_, i) => i % 2 == 0)];
        GaussianMixtureFit fit = Fit(eruptions, 1, 2, type);
        int low = fit.Model.Means[0][0] < fit.Model.Means[1][0] ? 0 : 1;
        bool isEqual = type.ToLetters(2)[0] == 'E';

        Assert.Equal(isEqual ? "E" : "V", type.ToLetters(1));
        Assert.Equal(isEqual ? -287.29202420 : -276.36004050, fit.Summary.LogLikelihood, 1e-6);
        Assert.Equal(isEqual ? 4 : 5, fit.Model.NumberOfParameters);
        Assert.Equal(isEqual ? .359918985 : .348404641, fit.Model.Weights[low], 1e-6);
        Assert.Equal(isEqual ? 2.048097552 : 2.018607834, fit.Model.Means[low][0], 1e-6);
        Assert.Equal(isEqual ? 4.297321481 : 4.273343437, fit.Model.Means[1 - low][0], 1e-6);
        Assert.Equal(isEqual ? .132458175 : .055517632, fit.Model.Covariances[low][0, 0], 1e-6);
        Assert.Equal(isEqual ? .132458175 : .191024173, fit.Model.Covariances[1 - low][0, 0], 1e-6);
        Assert.StartsWith(isEqual ? "E mixture" : "V mixture", fit.Model.ToString(), StringComparison.Ordinal);
    }

    private static GaussianMixtureFit Fit(double[] rows, int dimension, int components, CovarianceType type, int starts = 5) =>
        GaussianMixtureLearner.Fit(rows, dimension, new GaussianMixtureEstimator.Options
        {
            NumberOfComponents = components,
            CovarianceType = type,
            NumberOfInitializations = starts,
            StartFromSimplerTypes = starts > 1,
            Tolerance = 1e-15,
            MaximumNumberOfIterations = 10_000,
        });
}
