using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Data without a proper maximum of the likelihood: every fit must end, be finite, and say what it did.</summary>
public sealed class DifficultDataTests
{
    public static TheoryData<CovarianceType> Types => [CovarianceType.Full, CovarianceType.Tied, CovarianceType.Diagonal, CovarianceType.Spherical];

    [Theory]
    [MemberData(nameof(Types))]
    public void Blocks_of_equal_rows(CovarianceType type)
    {
        double[] rows = [.. new double[] { 102, 57, 200 }.SelectMany(value => Enumerable.Repeat(value, 16 * 16))];
        GaussianMixtureFit fit = Fit(rows, 16, 3, type);

        AssertFinite(fit, rows);
        Assert.Equal([57, 102, 200], fit.Model.Means.Select(mean => Math.Round(mean[0], 6)).Order());
        Assert.Contains(fit.Summary.Notes, note => note.Contains("floor", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Many_ties(CovarianceType type)
    {
        double[] rows = [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 5, 5, 5, 5, 5, 5, 5, 8, 8, 8, 8];
        AssertFinite(Fit(rows, 1, 5, type), rows);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_constant_column_is_floored_and_not_degenerate(CovarianceType type)
    {
        double[] rows = [.. ClassicData.Faithful.Chunk(2).SelectMany(row => new[] { row[0], 715, row[1] })];
        GaussianMixtureFit fit = Fit(rows, 3, 2, type);
        AssertFinite(fit, rows);
        if (type != CovarianceType.Spherical)
            Assert.Contains(fit.Summary.Notes, note => note.Contains("floor", StringComparison.Ordinal));
        Assert.False(fit.Summary.IsDegenerate, string.Join(' ', fit.Summary.Notes));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_column_of_zeros(CovarianceType type)
    {
        double[] rows = [.. ClassicData.Faithful.Chunk(2).SelectMany(row => new[] { row[0], 0, row[1] })];
        AssertFinite(Fit(rows, 3, 2, type), rows);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_repeated_column(CovarianceType type)
    {
        double[] rows = [.. ClassicData.Faithful.Chunk(2).SelectMany(row => new[] { row[0], row[0], row[1] })];
        AssertFinite(Fit(rows, 3, 2, type), rows);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Fewer_rows_than_features(CovarianceType type)
    {
        double[] rows = RandomMixtures.Rows(new Random(1), 6, 10);
        GaussianMixtureFit fit = Fit(rows, 10, 2, type);
        AssertFinite(fit, rows);
        Assert.True(fit.Summary.IsDegenerate);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void One_row(CovarianceType type)
    {
        GaussianMixtureFit fit = Fit([1.5, -2, 7], 3, 1, type);
        AssertFinite(fit, [1.5, -2, 7]);
        Assert.Equal([1.5, -2, 7], fit.Model.Means[0].AsArray());
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void As_many_distinct_rows_as_components(CovarianceType type)
    {
        double[] rows = [0, 0, 0, 0, 1, 5, 1, 5, 9, 2];
        AssertFinite(Fit(rows, 2, 3, type), rows);
    }

    [Theory]
    [InlineData(1e-120)]
    [InlineData(1e-20)]
    [InlineData(1e20)]
    [InlineData(1e120)]
    public void Scale_does_not_matter(double scale)
    {
        double[] scaled = Array.ConvertAll(ClassicData.Faithful, value => value * scale);
        GaussianMixtureFit expected = Fit(ClassicData.Faithful, 2, 2, CovarianceType.Full);
        GaussianMixtureFit fit = Fit(scaled, 2, 2, CovarianceType.Full);

        Assert.Equal(expected.Summary.LogLikelihood - 272 * 2 * Math.Log(scale), fit.Summary.LogLikelihood, 1e-6);
        Assert.Empty(fit.Summary.Notes);
    }

    [Fact]
    public void Distance_from_zero_does_not_matter()
    {
        double[] moved = Array.ConvertAll(ClassicData.Faithful, value => value + 1_048_576);
        Assert.Equal(-1130.26396018, Fit(moved, 2, 2, CovarianceType.Full).Summary.LogLikelihood, 1e-4);
    }

    [Fact]
    public void Tight_clusters_far_apart_keep_their_shape()
    {
        double[] rows = [.. ClassicData.Faithful.Chunk(2).SelectMany((row, n) => new[] { row[0] + (n % 2 == 0 ? 1e7 : -1e7), row[1] })];
        GaussianMixtureModel model = Fit(rows, 2, 2, CovarianceType.Full).Model;
        double[] evenEruptions = [.. ClassicData.Faithful.Chunk(2).Where((_, n) => n % 2 == 0).Select(row => row[0])];
        double variance = evenEruptions.Average(value => value * value) - Math.Pow(evenEruptions.Average(), 2);
        int high = model.Means[0][0] > 0 ? 0 : 1;
        // The floor, 1e-6 of the data's variance, is far above the clusters' variance in this feature: it must hold there and nowhere else.
        Assert.True(model.Covariances[high][0, 0] > variance);
        Assert.InRange(model.Covariances[high][1, 1], 100, 300);
    }

    [Fact]
    public void Single_precision_data_far_from_zero_fit_as_their_double_copy_does()
    {
        var random = new Random(4);
        float[] singles = [.. RandomMixtures.Rows(random, 2000, 2).Select(value => (float)(1e6 + value))];
        double[] rows = Array.ConvertAll(singles, value => (double)value);
        var options = new GaussianMixtureEstimator.Options { NumberOfComponents = 3, Tolerance = 1e-14, MaximumNumberOfIterations = 5000 }.Checked();
        GaussianMixtureFit asDouble = GaussianMixtureLearner.Fit(new WeightedRows(rows, 2, default), options, 0, InputPrecision.Double, _ => { });
        GaussianMixtureFit asSingle = GaussianMixtureLearner.Fit(new WeightedRows(rows, 2, default), options, 0, InputPrecision.Single, _ => { });

        Assert.Equal(asDouble.Summary.LogLikelihood, asSingle.Summary.LogLikelihood);
        Assert.Empty(asSingle.Summary.Notes);
    }

    [Fact]
    public void An_empty_component_is_seeded_again_and_the_fit_says_so()
    {
        // The third component starts where there is nothing at all: it can never hold a row.
        var start = new GaussianMixtureModel(
            [0.4, 0.4, 0.2],
            [Vector([2, 55]), Vector([4.3, 80]), Vector([-1e5, 1e6])],
            [Identity(2), Identity(2), Identity(2)]);
        GaussianMixtureFit fit = GaussianMixtureLearner.Fit(ClassicData.Faithful, 2, new GaussianMixtureEstimator.Options { InitialModel = start });

        AssertFinite(fit, ClassicData.Faithful);
        Assert.True(fit.Summary.IsDegenerate);
        Assert.Contains(fit.Summary.Notes, note => note.Contains("re-seeded", StringComparison.Ordinal));
        Assert.True(fit.Summary.LogLikelihood > -1130.27, "the re-seeded component adds to the fit of the other two");
    }

    [Fact]
    public void The_floor_changes_nothing_while_it_is_inactive()
    {
        var variances = new double[] { 4, 9 };
        double[] floors = new CovarianceFloor(variances, InputPrecision.Double).At([0, 0]);
        Assert.Equal([4e-6, 9e-6], floors);

        double[] covariance = [5e-6, 1e-7, 1e-7, 9.1e-6];
        double[] copy = [.. covariance];
        Assert.False(CovarianceFloor.RaiseFull(covariance, floors));
        Assert.Equal(copy, covariance);

        double[] low = [1e-9, 0, 0, 1];
        Assert.True(CovarianceFloor.RaiseFull(low, floors));
        Assert.Equal(4e-6, low[0], 1e-18);
        Assert.Equal(1, low[3], 1e-12);
    }

    [Fact]
    public void The_floor_knows_the_resolution_of_the_input()
    {
        var floor = new CovarianceFloor([1e-12], InputPrecision.Single);
        double resolution = MathF.BitIncrement(1000) - 1000f;
        Assert.Equal(resolution * resolution, floor.At([1000])[0]);
        Assert.Equal(Math.Pow(Math.BitIncrement(1000.0) - 1000, 2), new CovarianceFloor([0], InputPrecision.Double).At([1000])[0]);
    }

    private static MathNet.Numerics.LinearAlgebra.Vector<double> Vector(double[] values) => MathNet.Numerics.LinearAlgebra.Vector<double>.Build.Dense(values);

    private static MathNet.Numerics.LinearAlgebra.Matrix<double> Identity(int n) => MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseIdentity(n);

    private static GaussianMixtureFit Fit(double[] rows, int dimension, int components, CovarianceType type) =>
        GaussianMixtureLearner.Fit(rows, dimension, new GaussianMixtureEstimator.Options { NumberOfComponents = components, CovarianceType = type });

    private static void AssertFinite(GaussianMixtureFit fit, double[] rows)
    {
        Assert.All(fit.Summary.LogLikelihoodTrace, value => Assert.True(double.IsFinite(value)));
        Assert.All(fit.Model.Weights, weight => Assert.InRange(weight, 0, 1));
        Assert.Equal(1, fit.Model.Weights.Sum(), 1e-9);
        Assert.All(fit.Model.Means, mean => Assert.All(mean, value => Assert.True(double.IsFinite(value))));
        foreach (double[] row in rows.Chunk(fit.Model.Dimension))
            Assert.True(double.IsFinite(fit.Model.LogDensity(row)));
        Assert.DoesNotContain(fit.Summary.Notes, note => note.Contains("fell", StringComparison.Ordinal));
        Assert.True(double.IsFinite(fit.Summary.Bic) && double.IsFinite(fit.Summary.Icl));
    }
}
