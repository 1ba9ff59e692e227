using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>A column of one value says nothing: it must not favour one covariance structure over another.</summary>
public sealed class ConstantFeatureTests
{
    private static readonly double[] s_withConstants = [.. ClassicData.Faithful.Chunk(2).SelectMany(row => new[] { 715, row[0], row[1], 0 })];

    [Fact]
    public void Constant_columns_add_the_same_to_every_structure()
    {
        var differences = new List<(string Structure, double Difference)>();
        foreach (CovarianceType type in CovarianceTypes.All.Select(row => row.Data).Where(type => type is not (CovarianceType.EII or CovarianceType.VII)))
        {
            GaussianMixtureFit without = Fit(ClassicData.Faithful, 2, type), with = Fit(s_withConstants, 4, type);
            differences.Add((type.ToLetters(2), with.Summary.LogLikelihood - without.Summary.LogLikelihood));
            for (int k = 0; k < 2; k++)
                Assert.Equal(without.Model.Covariances[k], with.Model.Covariances[k].SubMatrix(1, 2, 1, 2), (one, other) => (one - other).FrobeniusNorm() < 1e-6 * one.FrobeniusNorm());
        }
        Assert.All(differences, pair => Assert.True(Math.Abs(pair.Difference - differences[0].Difference) < 1e-5, $"{pair} and {differences[0]}"));
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void Data_without_any_spread_have_one_component(CovarianceType type)
    {
        double[] rows = [.. Enumerable.Repeat(new[] { 3.0, -2, 0 }, 20).SelectMany(row => row)];
        GaussianMixtureFit fit = Fit(rows, 3, type, components: 1);
        Assert.True(double.IsFinite(fit.Summary.LogLikelihood));
        Assert.Equal([3, -2, 0], fit.Model.Means[0]);
    }

    private static GaussianMixtureFit Fit(double[] rows, int dimension, CovarianceType type, int components = 2) =>
        GaussianMixtureLearner.Fit(rows, dimension, new GaussianMixtureEstimator.Options { NumberOfComponents = components, CovarianceType = type, Seed = 1 });
}
