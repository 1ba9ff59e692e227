using Microsoft.ML;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Every wrong input of a selection is refused, by a message that names the column or option, says what was found and what to do.</summary>
public sealed class SelectionBadInputTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void An_empty_range_of_numbers_of_components()
    {
        RefusesOption(options => (options.MinimumNumberOfComponents, options.MaximumNumberOfComponents) = (5, 4), "MaximumNumberOfComponents is 4", "MinimumNumberOfComponents is 5");
        RefusesOption(options => options.MinimumNumberOfComponents = 0, "MinimumNumberOfComponents is 0", "at least 1");
        RefusesOption(options => options.MaximumNumberOfComponents = -1, "MaximumNumberOfComponents is -1");
        RefusesOption(options => options.MaximumNumberOfComponents = 1001, "MaximumNumberOfComponents is 1001", "at most 1000 clusters", "KMeansPlusPlus");
    }

    [Fact]
    public void More_components_than_distinct_rows()
    {
        double[] rows = [.. Enumerable.Range(0, 30).SelectMany(n => (double[])[n % 2, n % 3])];
        var options = new GaussianMixtureSelectionOptions { MaximumNumberOfComponents = 7 };
        Refuses(() => GaussianMixtureLearner.Select(rows, 2, options), "MaximumNumberOfComponents is 7", "30 rows", "6 distinct values", "Lower it to 6");
        // A row of weight 0 is not there.
        options.MaximumNumberOfComponents = 6;
        Refuses(() => GaussianMixtureLearner.Select(rows, 2, options, Enumerable.Range(0, 30).Select(n => n % 6 == 5 ? 0.0 : 1).ToArray()), "5 distinct values");
        Assert.Equal(6, GaussianMixtureLearner.Select(rows, 2, options).Table[^1].NumberOfComponents);
        Fails<ArgumentException>(DataViews.OfFeatures(rows, 2, isSingle: true), new(), "MaximumNumberOfComponents is 9", "6 distinct values");
        Fails<ArgumentException>(DataViews.OfFeatures(rows, 2, isSingle: true), new() { MinimumNumberOfComponents = int.MaxValue, MaximumNumberOfComponents = int.MaxValue, Initialization = GaussianMixtureInitialization.KMeansPlusPlus }, "6 distinct values");
    }

    [Fact]
    public void Nothing_that_can_be_fitted()
    {
        Refuses(
            () => GaussianMixtureLearner.Select(new double[100_000], 50_000, new GaussianMixtureSelectionOptions { CovarianceTypes = [CovarianceType.VVV, CovarianceType.EEE], MaximumNumberOfComponents = 1 }),
            "None of the 2 mixtures could be fitted", "VVV, 1 component", "does not fit into memory");
        Refuses(
            () => GaussianMixtureLearner.Select(new double[] { 1e200, 2e200, 3e200 }, 1, new GaussianMixtureSelectionOptions { MaximumNumberOfComponents = 2 }),
            "Feature 0 has values up to 3e+200", "Rescale");
    }

    [Fact]
    public void Covariance_types_that_are_empty_unknown_or_repeated()
    {
        RefusesOption(options => options.CovarianceTypes = [], "CovarianceTypes is empty", "null for all");
        RefusesOption(options => options.CovarianceTypes = [CovarianceType.EEE, (CovarianceType)99], "CovarianceTypes is 99");
        RefusesOption(options => options.CovarianceTypes = [CovarianceType.Full, CovarianceType.EEE, CovarianceType.VVV], "CovarianceTypes has VVV 2 times");
    }

    [Theory]
    [InlineData(CovarianceType.VEI)]
    [InlineData(CovarianceType.EVI)]
    [InlineData(CovarianceType.VEE)]
    [InlineData(CovarianceType.EVE)]
    [InlineData(CovarianceType.VVE)]
    [InlineData(CovarianceType.EEV)]
    [InlineData(CovarianceType.VEV)]
    [InlineData(CovarianceType.EVV)]
    public void A_covariance_type_that_needs_more_than_one_feature(CovarianceType type)
    {
        Refuses(() => SelectOneFeature(CovarianceType.EEE, type), $"CovarianceTypes has {type}", "needs more than one feature", "EEE, one variance for all", "VVV, one of each");
        Fails<ArgumentException>(
            DataViews.OfFeatures([1, 2, 4, 7], 1, isSingle: true), new() { CovarianceTypes = [type], MaximumNumberOfComponents = 1 }, $"CovarianceTypes has {type}");
    }

    [Theory]
    [InlineData(CovarianceType.EII, "E")]
    [InlineData(CovarianceType.EEI, "E")]
    [InlineData(CovarianceType.EEE, "E")]
    [InlineData(CovarianceType.VII, "V")]
    [InlineData(CovarianceType.VVI, "V")]
    [InlineData(CovarianceType.VVV, "V")]
    public void A_covariance_type_that_means_one_variance_or_several_is_good_for_one_feature(CovarianceType type, string letter) =>
        Assert.Equal(letter, SelectOneFeature(type).BestRow.Structure);

    [Fact]
    public void Covariance_types_that_are_the_same_with_one_feature()
    {
        Refuses(() => SelectOneFeature(CovarianceType.VVI, CovarianceType.VVV), "VVI and VVV", "the same with one feature: V");
        Refuses(() => SelectOneFeature(CovarianceType.EEE, CovarianceType.VII, CovarianceType.VVV), "VII and VVV", "V");
        Assert.Equal(2, SelectOneFeature(CovarianceType.VII, CovarianceType.EEE).Table.Count);
    }

    [Fact]
    public void Options_of_the_mixtures_out_of_range()
    {
        RefusesOption(options => options.Criterion = (InformationCriterion)99, "Criterion is 99");
        RefusesOption(options => options.NumberOfInitializations = 0, "NumberOfInitializations");
        RefusesOption(options => options.MaximumNumberOfIterations = 0, "MaximumNumberOfIterations");
        RefusesOption(options => options.Tolerance = double.NaN, "Tolerance");
        RefusesOption(options => options.CovarianceRegularization = -1, "CovarianceRegularization");
        RefusesOption(options => options.Initialization = (GaussianMixtureInitialization)99, "Initialization");
        RefusesOption(options => options.Acceleration = (EmAcceleration)99, "Acceleration");
        RefusesOption(options => options.NumberOfThreads = 0, "NumberOfThreads");
        RefusesOption(options => options.FeatureColumnName = " ", "FeatureColumnName");
        RefusesOption(options => options.ScoreColumnName = null!, "ScoreColumnName");
        RefusesOption(options => options.ProbabilityColumnName = options.LogDensityColumnName, "ProbabilityColumnName", "LogDensityColumnName");
    }

    [Fact]
    public void Nulls()
    {
        IDataView data = IrisData.View(isSingle: true);
        Assert.Throws<ArgumentNullException>(() => GaussianMixtureSelectionCatalog.SelectGaussianMixture(null!, data));
        Assert.Throws<ArgumentNullException>(() => _mlContext.Clustering.SelectGaussianMixture(null!));
        Assert.Throws<ArgumentNullException>(() => _mlContext.Clustering.SelectGaussianMixture(data, options: null!));
        Assert.Throws<ArgumentNullException>(() => GaussianMixtureLearner.Select(ClassicData.Iris, 4, null!));
    }

    [Fact]
    public void Columns_that_are_missing_or_of_the_wrong_type()
    {
        IDataView data = IrisData.View(isSingle: true, hasWeights: true);
        Fails<ArgumentOutOfRangeException>(data, new() { FeatureColumnName = "Lengths" }, "feature column 'Lengths'", "'Features'");
        Fails<ArgumentOutOfRangeException>(data, new() { ExampleWeightColumnName = "Counts" }, "weight column 'Counts'", "'Weight'");
        Fails<ArgumentOutOfRangeException>(data, new() { ExampleWeightColumnName = "Note" }, "'Note'", "Single or Double", "String");
        Assert.All(IrisData.InvalidViews, view => Fails<ArgumentOutOfRangeException>(view, new(), "'Features'"));
    }

    [Fact]
    public void Rows_that_are_not_there_or_not_finite()
    {
        Fails<InvalidOperationException>(DataViews.OfFeatures([1, 2, 3, double.PositiveInfinity], 2, isSingle: false), new(), "Row 1, slot 1", "'Features'");
        Fails<InvalidOperationException>(DataViews.OfFeatures([1, double.NaN], 2, isSingle: false), new(), "All 1 rows", "'Features'");
        Fails<InvalidOperationException>(DataViews.OfFeatures([1, 2], 2, isSingle: true, weights: [-1]), new() { ExampleWeightColumnName = "Weight" }, "Row 0", "'Weight'");
        Fails<ArgumentException>(DataViews.OfFeatures([1, 2, 3, 4], 2, isSingle: true, weights: [0, 0]), new() { ExampleWeightColumnName = "Weight", MaximumNumberOfComponents = int.MaxValue, Initialization = GaussianMixtureInitialization.KMeansPlusPlus }, "All 2 rows have weight 0");
        Refuses(() => GaussianMixtureLearner.Select(ReadOnlyMemory<double>.Empty, 2, new()), "no rows");
        Refuses(() => GaussianMixtureLearner.Select(new double[] { 1, 2, double.NaN, 4 }, 1, new() { MaximumNumberOfComponents = 1 }), "Row 2, feature 0 is NaN");
    }

    private static GaussianMixtureSelection<GaussianMixtureFit> SelectOneFeature(params CovarianceType[] types) =>
        GaussianMixtureLearner.Select(new double[] { 1, 2, 4, 7 }, 1, new GaussianMixtureSelectionOptions { CovarianceTypes = types, MaximumNumberOfComponents = 1 });

    private static void Refuses(Func<object> action, params string[] parts)
    {
        string message = Assert.ThrowsAny<ArgumentException>(action).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private void RefusesOption(Action<GaussianMixtureSelectionOptions> change, params string[] parts)
    {
        var options = new GaussianMixtureSelectionOptions();
        change(options);
        Refuses(() => GaussianMixtureLearner.Select(ClassicData.Faithful, 2, options), parts);
        Fails<ArgumentException>(IrisData.View(isSingle: true), options, parts);
    }

    private void Fails<TException>(IDataView data, GaussianMixtureSelectionOptions options, params string[] parts)
        where TException : Exception
    {
        string message = Assert.ThrowsAny<TException>(() => _mlContext.Clustering.SelectGaussianMixture(data, options)).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
