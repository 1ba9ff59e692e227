using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Every wrong input is refused as early as possible, by a message that names the column or option and says what was found.</summary>
public sealed class BadInputTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void Fewer_distinct_rows_than_components_are_refused(CovarianceType type)
    {
        double[] rows = [0, 0, 0, 0, 1, 5, 1, 5, 9, 2];
        string message = Assert.Throws<ArgumentException>(() => GaussianMixtureLearner.Fit(rows, 2, new GaussianMixtureEstimator.Options { NumberOfComponents = 4, CovarianceType = type })).Message;
        Assert.Contains("3 distinct", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_column()
    {
        IDataView data = Load([new() { Features = [1, 2] }]);
        Fails<ArgumentOutOfRangeException>(data, new() { FeatureColumnName = "Lengths" }, "feature column 'Lengths'", "'Features'");
        Fails<ArgumentOutOfRangeException>(data, new() { ExampleWeightColumnName = "Counts" }, "weight column 'Counts'", "'Weight'");
    }

    [Fact]
    public void A_column_of_the_wrong_type()
    {
        IDataView data = Load([new() { Features = [1, 2] }]);
        Fails<ArgumentOutOfRangeException>(data, new() { FeatureColumnName = "Name" }, "'Name'", "vector of known size of Single or Double", "String");
        Fails<ArgumentOutOfRangeException>(data, new() { FeatureColumnName = "Weight" }, "'Weight'", "vector of known size", "Single");
        Fails<ArgumentOutOfRangeException>(data, new() { FeatureColumnName = "Ragged" }, "'Ragged'", "vector of known size", "VarVector<Single>");
        Fails<ArgumentOutOfRangeException>(data, new() { ExampleWeightColumnName = "Name" }, "'Name'", "Single or Double", "String");
        Fails<ArgumentOutOfRangeException>(data, new() { ExampleWeightColumnName = "Features" }, "'Features'", "Single or Double", "Vector<Single>");
    }

    [Fact]
    public void No_rows() => Fails<InvalidOperationException>(Load([]), new(), "no rows", "'Features'");

    [Fact]
    public void Only_rows_with_missing_features() =>
        Fails<InvalidOperationException>(Load([new() { Features = [1, float.NaN] }, new() { Features = [float.NaN, 3] }]), new(), "All 2 rows", "'Features'");

    [Fact]
    public void An_infinite_feature() =>
        Fails<InvalidOperationException>(
            Load([new() { Features = [1, 2] }, new() { Features = [1, float.NegativeInfinity] }]), new(), "Row 1, slot 1", "'Features'", "-Infinity");

    [Theory]
    [InlineData(-1f)]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_wrong_weight(float weight) =>
        Fails<InvalidOperationException>(
            Load([new() { Features = [1, 2] }, new() { Features = [2, 3], Weight = weight }]), new() { ExampleWeightColumnName = "Weight" }, "Row 1", "'Weight'");

    [Fact]
    public void Only_weights_of_zero() =>
        Fails<ArgumentException>(Load([new() { Features = [1, 2], Weight = 0 }]), new() { ExampleWeightColumnName = "Weight", NumberOfComponents = 1 }, "weight 0");

    [Fact]
    public void Fewer_distinct_rows_than_components()
    {
        Row[] rows = [.. Enumerable.Range(0, 30).Select(n => new Row { Features = [n % 2, 7] })];
        Fails<ArgumentException>(Load(rows), new() { NumberOfComponents = 3 }, "30 rows", "2 distinct values", "3 components");
    }

    [Fact]
    public void Values_whose_squares_overflow() =>
        Assert.Contains("Rescale", Assert.Throws<ArgumentException>(() => GaussianMixtureLearner.Fit(
            new double[] { 1e200, 2e200, 3e200 }, 1, new GaussianMixtureEstimator.Options { NumberOfComponents = 1 })).Message, StringComparison.Ordinal);

    [Fact]
    public void Options_out_of_range_are_refused_at_construction()
    {
        RefusesOption("NumberOfComponents", options => options.NumberOfComponents = 0);
        RefusesOption("NumberOfInitializations", options => options.NumberOfInitializations = 0);
        RefusesOption("MaximumNumberOfIterations", options => options.MaximumNumberOfIterations = -1);
        RefusesOption("Tolerance", options => options.Tolerance = double.NaN);
        RefusesOption("Tolerance", options => options.Tolerance = -1);
        RefusesOption("CovarianceRegularization", options => options.CovarianceRegularization = double.PositiveInfinity);
        RefusesOption("CovarianceType", options => options.CovarianceType = (CovarianceType)99);
        RefusesOption("Initialization", options => options.Initialization = (GaussianMixtureInitialization)99);
        RefusesOption("Acceleration", options => options.Acceleration = (EmAcceleration)99);
        RefusesOption("NumberOfThreads", options => options.NumberOfThreads = 0);
        RefusesOption("FeatureColumnName", options => options.FeatureColumnName = "");
        RefusesOption("ScoreColumnName", options => options.ScoreColumnName = null!);
        RefusesOption("ProbabilityColumnName", options => options.ProbabilityColumnName = options.ScoreColumnName);
        RefusesOption("NumberOfComponents", options =>
        {
            options.NumberOfComponents = 3;
            options.InitialModel = GaussianMixtureLearner.Fit(ClassicData.Faithful, 2, new GaussianMixtureEstimator.Options { NumberOfComponents = 2 }).Model;
        });
    }

    [Fact]
    public void Nulls_are_refused()
    {
        Assert.Throws<ArgumentNullException>(() => _mlContext.Clustering.Trainers.GaussianMixture(options: null!));
        Assert.Throws<ArgumentNullException>(() => GaussianMixtureCatalog.GaussianMixture((ClusteringCatalog.ClusteringTrainers)null!));
        Assert.Throws<ArgumentNullException>(() => _mlContext.AnomalyDetection.Trainers.FromDensity(null!));
        Assert.Throws<ArgumentNullException>(() => _mlContext.Clustering.Trainers.GaussianMixture().Fit(null!));
    }

    [Fact]
    public void The_learner_refuses_wrong_arrays()
    {
        var options = new GaussianMixtureEstimator.Options { NumberOfComponents = 1 };
        Refuses("not a whole number of rows", () => GaussianMixtureLearner.Fit(new double[5], 2, options));
        Refuses("at least one feature", () => GaussianMixtureLearner.Fit(new double[5], 0, options));
        Refuses("no rows", () => GaussianMixtureLearner.Fit(ReadOnlyMemory<double>.Empty, 2, options));
        Refuses("3 rows but 2 weights", () => GaussianMixtureLearner.Fit(new double[6], 2, options, new double[2]));
        Refuses("weight of row 1 is -1", () => GaussianMixtureLearner.Fit(new double[4], 2, options, new double[] { 1, -1 }));
        Refuses("Row 1, feature 0 is NaN", () => GaussianMixtureLearner.Fit(new double[] { 1, 2, double.NaN, 4 }, 2, options));
    }

    [Fact]
    public void A_transform_of_wrong_data_is_refused_at_once()
    {
        ITransformer model = _mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: 1).Fit(Load([new() { Features = [1, 2] }, new() { Features = [3, 1] }]));
        IDataView three = _mlContext.Data.LoadFromEnumerable([new Wide()]);
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => model.Transform(three)).Message;
        Assert.Contains("size 2", message, StringComparison.Ordinal);
        Assert.Contains("Vector<Single, 3>", message, StringComparison.Ordinal);
    }

    private static void Refuses(string part, Func<object> action) =>
        Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);

    private void RefusesOption(string name, Action<GaussianMixtureEstimator.Options> change)
    {
        var options = new GaussianMixtureEstimator.Options();
        change(options);
        Assert.Contains(name, Assert.ThrowsAny<ArgumentException>(() => _mlContext.Clustering.Trainers.GaussianMixture(options)).Message, StringComparison.Ordinal);
        Assert.ThrowsAny<ArgumentException>(() => GaussianMixtureLearner.Fit(ClassicData.Faithful, 2, options));
    }

    private IDataView Load(Row[] rows) => _mlContext.Data.LoadFromEnumerable(rows);

    private void Fails<TException>(IDataView data, GaussianMixtureEstimator.Options options, params string[] parts)
        where TException : Exception
    {
        string message = Assert.ThrowsAny<TException>(() => _mlContext.Clustering.Trainers.GaussianMixture(options).Fit(data)).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features = [];

        public float Weight = 1;
        public string Name = "";
        public float[] Ragged = [];
    }

    private sealed class Wide
    {
        [VectorType(3)]
        public float[] Features = [1, 2, 3];
    }
}
