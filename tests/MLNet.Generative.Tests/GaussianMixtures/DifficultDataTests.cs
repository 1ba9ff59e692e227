using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Data without a proper maximum of the likelihood: every fit must end, be finite, and say what it did.</summary>
public sealed class DifficultDataTests
{
    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void Blocks_of_equal_rows(CovarianceType type)
    {
        double[] rows = [.. new double[] { 102, 57, 200 }.SelectMany(value => Enumerable.Repeat(value, 16 * 16))];
        GaussianMixtureFit fit = Fit(rows, 16, 3, type);

        AssertFinite(fit, rows);
        Assert.Equal([57, 102, 200], fit.Model.Means.Select(mean => Math.Round(mean[0], 6)).Order());
        Assert.Contains(fit.Summary.Notes, note => note.Contains("floor", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void Covariances_that_rounding_makes_singular_survive_a_file(CovarianceType type)
    {
        // Two clusters of two rows each beside a large one: equal volumes make long needles of them.
        var random = new Random(15);
        double[][] rows = [.. Enumerable.Range(0, 30).Select(n => (double[])[.. Enumerable.Range(0, 8).Select(_ => random.NextDouble() + (n < 26 ? 0 : n < 28 ? 50 : -50))])];
        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Data.LoadFromEnumerable(rows.Select(row => new EightNumbers { Features = row }).ToArray());
        GaussianMixtureTransformer fitted = mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: 3, covarianceType: type).Fit(data);

        using var folder = new TemporaryFolder();
        mlContext.Model.Save(fitted, data.Schema, folder.PathOf("model.zip"));
        var loaded = (GaussianMixtureTransformer)mlContext.Model.Load(folder.PathOf("model.zip"), out _);
        Assert.All(rows, row => Assert.Equal(fitted.Model.LogDensity(row), loaded.Model.LogDensity(row)));
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void Many_ties(CovarianceType type)
    {
        double[] rows = [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 5, 5, 5, 5, 5, 5, 5, 8, 8, 8, 8];
        AssertFinite(Fit(rows, 1, 5, type), rows);
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void A_constant_column_is_floored_and_not_degenerate(CovarianceType type)
    {
        double[] rows = [.. ClassicData.Faithful.Chunk(2).SelectMany(row => new[] { row[0], 715, row[1] })];
        GaussianMixtureFit fit = Fit(rows, 3, 2, type);
        AssertFinite(fit, rows);
        if (!type.IsSpherical())
            Assert.Contains(fit.Summary.Notes, note => note.Contains("floor", StringComparison.Ordinal));
        Assert.False(fit.Summary.IsDegenerate, string.Join(' ', fit.Summary.Notes));
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void A_column_of_zeros(CovarianceType type)
    {
        double[] rows = [.. ClassicData.Faithful.Chunk(2).SelectMany(row => new[] { row[0], 0, row[1] })];
        AssertFinite(Fit(rows, 3, 2, type), rows);
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void A_repeated_column(CovarianceType type)
    {
        double[] rows = [.. ClassicData.Faithful.Chunk(2).SelectMany(row => new[] { row[0], row[0], row[1] })];
        AssertFinite(Fit(rows, 3, 2, type), rows);
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void Fewer_rows_than_features(CovarianceType type)
    {
        double[] rows = RandomMixtures.Rows(new Random(1), 6, 10);
        GaussianMixtureFit fit = Fit(rows, 10, 2, type);
        AssertFinite(fit, rows);
        Assert.True(fit.Summary.IsDegenerate);
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void One_row(CovarianceType type)
    {
        GaussianMixtureFit fit = Fit([1.5, -2, 7], 3, 1, type);
        AssertFinite(fit, [1.5, -2, 7]);
        Assert.Equal([1.5, -2, 7], fit.Model.Means[0].AsArray());
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
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

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void Single_precision_data_far_from_zero_fit_as_their_double_copy_does(CovarianceType type)
    {
        var random = new Random(4);
        double[] rows = [.. RandomMixtures.Rows(random, 2000, 2).Select(value => (double)(float)(1e6 + value))];
        var options = new GaussianMixtureEstimator.Options { NumberOfComponents = 3, CovarianceType = type, Tolerance = 1e-14, MaximumNumberOfIterations = 5000 }.Checked();
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
    public void Many_zeros_beside_a_tail()
    {
        // Features that are constant in a component while other rows hold vanishing shares of it.
        for (int seed = 0; seed < 150; seed++)
        {
            var random = new Random(seed);
            int dimension = random.Next(3, 9), components = random.Next(2, 9), count = random.Next(50, 400);
            double[] rows = [.. RandomMixtures.Rows(random, count, dimension).Select(value => Math.Max(0, value - 2.5))];
            if (rows.Chunk(dimension).Select(row => string.Join(' ', row)).Distinct().Count() >= components)
                AssertFinite(GaussianMixtureLearner.Fit(rows, dimension, new GaussianMixtureEstimator.Options { NumberOfComponents = components, StartFromSimplerTypes = false }), rows);
        }
    }

    [Theory]
    [InlineData(1e-9)]
    [InlineData(1e-3)]
    public void Regularization_of_features_of_very_different_scales(double regularization)
    {
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            double[] rows = [.. RandomMixtures.Rows(random, 60, 1).SelectMany(value => new[] { 1, 1e5 * value, 0.7e5 * value })];
            GaussianMixtureFit fit = GaussianMixtureLearner.Fit(rows, 3, new GaussianMixtureEstimator.Options { NumberOfComponents = 2, CovarianceRegularization = regularization });
            Assert.All(fit.Summary.LogLikelihoodTrace, value => Assert.True(double.IsFinite(value)));
            Assert.All(fit.Model.Covariances, covariance => Assert.True(covariance[0, 0] >= regularization * (1 - 1e-9)));
        }
    }

    [Fact]
    public void Tiny_Single_data_around_zero_keep_their_spread()
    {
        // The resolution of a Single at a mean of 0 says nothing of data of size 1e-8.
        float[] singles = [.. Enumerable.Range(-50, 101).Select(n => n * 1e-9f)];
        double[] rows = Array.ConvertAll(singles, value => (double)value);
        GaussianMixtureEstimator.Options options = new GaussianMixtureEstimator.Options { NumberOfComponents = 1 }.Checked();
        GaussianMixtureFit fit = GaussianMixtureLearner.Fit(new WeightedRows(rows, 1, default), options, 0, InputPrecision.Single, _ => { });
        Assert.Equal(rows.Average(value => value * value), fit.Model.Covariances[0][0, 0], 1e-20);
        Assert.Empty(fit.Summary.Notes);
    }

    [Fact]
    public void A_start_far_outside_the_data_finds_back()
    {
        foreach (double distance in new[] { 1e6, 1e13, 1e160 })
        {
            var start = new GaussianMixtureModel([1], [Vector([distance, -distance])], [Identity(2)]);
            GaussianMixtureFit fit = GaussianMixtureLearner.Fit(ClassicData.Faithful, 2, new GaussianMixtureEstimator.Options { InitialModel = start, NumberOfComponents = 1 });
            Assert.Equal(-1289.79674505, fit.Summary.LogLikelihood, 1e-6);
        }
    }

    [Fact]
    public void A_row_of_weight_zero_counts_for_nothing_however_far_away()
    {
        double[] rows = [1e17, 1e17, .. ClassicData.Faithful];
        double[] weights = [0, .. Enumerable.Repeat(1.0, 272)];
        GaussianMixtureFit fit = GaussianMixtureLearner.Fit(rows, 2, new GaussianMixtureEstimator.Options { NumberOfComponents = 2 }, weights);
        Assert.Equal(-1130.26396018, fit.Summary.LogLikelihood, 1e-6);
        Assert.Empty(fit.Summary.Notes);
    }

    [Fact]
    public void One_overwhelming_row_leaves_the_others_their_components()
    {
        double[] weights = [1e13, .. Enumerable.Repeat(1.0, 271)];
        GaussianMixtureFit fit = GaussianMixtureLearner.Fit(ClassicData.Faithful, 2, new GaussianMixtureEstimator.Options { NumberOfComponents = 2 }, weights);
        Assert.DoesNotContain(fit.Summary.Notes, note => note.Contains("re-seeded", StringComparison.Ordinal));
    }

    [Fact]
    public void Exactly_one_row_more_than_features_is_enough()
    {
        GaussianMixtureFit fit = Fit([0, 0, 0, 1, 1, 0], 2, 1, CovarianceType.Full);
        Assert.False(fit.Summary.IsDegenerate);
        Assert.True(Fit([0, 0, 0, 1], 2, 1, CovarianceType.Full).Summary.IsDegenerate);
    }

    [Fact]
    public void Wide_rows_with_diagonal_covariances_need_no_full_matrix()
    {
        // A full covariance of 50,000 features would take 20 GB.
        var random = new Random(1);
        double[] rows = [.. Enumerable.Range(0, 20 * 50_000).Select(i => random.NextDouble() + (i / 50_000 < 10 ? 3 : 0))];
        GaussianMixtureModel model = Fit(rows, 50_000, 2, CovarianceType.Diagonal).Model;
        Assert.Equal(0.5, model.Weights[0], 1e-9);
        string message = Assert.Throws<ArgumentException>(() => Fit(rows, 50_000, 2, CovarianceType.Full)).Message;
        Assert.Contains("Diagonal", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sampled_starts_know_the_weights()
    {
        // 100,000 rows, of which 40 carry nearly all weight: k-means runs on a sample that must not miss them.
        var random = new Random(2);
        var rows = new double[100_000];
        var weights = new double[100_000];
        for (int n = 0; n < rows.Length; n++)
        {
            bool isHeavy = n % 2500 == 0;
            rows[n] = isHeavy ? 100 + 50 * (n / 2500 % 3) + 6 * (random.NextDouble() - 0.5) : 10 * random.NextDouble();
            weights[n] = isHeavy ? 1e4 : 1;
        }
        GaussianMixtureFit fit = GaussianMixtureLearner.Fit(rows, 1, new GaussianMixtureEstimator.Options { NumberOfComponents = 4 }, weights);
        Assert.False(fit.Summary.IsDegenerate);
        Assert.Equal([5, 100, 150, 200], fit.Model.Means.Select(mean => mean[0]).Order(), (a, b) => Math.Abs(a - b) < 2);
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

    private sealed class EightNumbers
    {
        [VectorType(8)]
        public double[] Features { get; set; } = [];
    }
}
