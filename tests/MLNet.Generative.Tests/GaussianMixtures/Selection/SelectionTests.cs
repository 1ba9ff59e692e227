using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Which mixture is chosen, and what the table says of the others.</summary>
public sealed class SelectionTests
{
    private static readonly CovarianceType[] s_classic = [CovarianceType.VII, CovarianceType.VVI, CovarianceType.EEE, CovarianceType.VVV];

    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Old_Faithful_has_three_components_with_one_covariance()
    {
        GaussianMixtureSelection<GaussianMixtureTransformer> selection = _mlContext.Clustering.SelectGaussianMixture(
            EruptionRows.Doubles(_mlContext, ClassicData.Faithful), new GaussianMixtureSelectionOptions { FeatureColumnName = "Doubles", CovarianceTypes = s_classic });

        Assert.Equal((3, CovarianceType.EEE, "EEE"), (selection.BestRow.NumberOfComponents, selection.BestRow.CovarianceType, selection.BestRow.Structure));
        Assert.Equal(-1126.31592782, selection.BestRow.Summary!.LogLikelihood, 1e-5);
        Assert.Equal(2314.295678, selection.BestRow.Get(InformationCriterion.Bic), 1e-5);
        Assert.Equal(InformationCriterion.Bic, selection.Criterion);
        Assert.Same(selection.BestRow.Model, selection.Best.Model);
        Assert.Same(selection.BestRow.Summary, selection.Best.Summary);
        Assert.Contains(selection.BestRow, selection.Table);

        // The grid's order, and the converged values of one and two components.
        Assert.Equal(
            Enumerable.Range(1, 9).SelectMany(components => s_classic.Select(type => (components, type))),
            selection.Table.Select(row => (row.NumberOfComponents, row.CovarianceType)));
        double[] expected = [-2003.95203658, -1516.70582662, -1289.79674505, -1289.79674505, -1709.52928218, -1147.80635254, -1140.18675944, -1130.26396018];
        Assert.All(expected.Zip(selection.Table), pair => Assert.Equal(pair.First, pair.Second.Summary!.LogLikelihood, 1e-5));
    }

    [Fact]
    public void The_short_door_tries_numbers_in_a_range_by_any_criterion()
    {
        IDataView data = IrisData.View(isSingle: true, hasWeights: true);
        GaussianMixtureSelection<GaussianMixtureTransformer> selection = _mlContext.Clustering.SelectGaussianMixture(
            data, exampleWeightColumnName: "Weight", minimumNumberOfComponents: 2, maximumNumberOfComponents: 3, criterion: InformationCriterion.Aicc);

        Assert.Equal([2, 3], selection.Table.Select(row => row.NumberOfComponents).Distinct());
        Assert.All(selection.Table, row => Assert.Equal(data.GetColumn<float>("Weight").Sum(), row.Summary!.TotalWeight, 1e-9));
        Assert.Equal(InformationCriterion.Aicc, selection.Criterion);
        AssertIsBest(selection);
        GaussianMixtureSelection<GaussianMixtureFit> all = GaussianMixtureLearner.Select(ClassicData.Iris, 4, new GaussianMixtureSelectionOptions { MaximumNumberOfComponents = 2 });
        string[] structures = ["EII", "VII", "EEI", "VEI", "EVI", "VVI", "EEE", "VEE", "EVE", "VVE", "EEV", "VEV", "EVV", "VVV"];
        Assert.Equal(structures.Concat(structures), all.Table.Select(row => row.Structure));
        Assert.Equal(Enumerable.Repeat(1, 14).Concat(Enumerable.Repeat(2, 14)), all.Table.Select(row => row.NumberOfComponents));
    }

    [Theory]
    [InlineData(InformationCriterion.Bic)]
    [InlineData(InformationCriterion.Aic)]
    [InlineData(InformationCriterion.Aicc)]
    [InlineData(InformationCriterion.Icl)]
    public void The_smallest_criterion_decides(InformationCriterion criterion) =>
        AssertIsBest(GaussianMixtureLearner.Select(
            ClassicData.Iris, 4, new GaussianMixtureSelectionOptions { Criterion = criterion, CovarianceTypes = s_classic, MaximumNumberOfComponents = 5, NumberOfInitializations = 1 }));

    [Fact]
    public void Every_fit_is_the_one_that_the_learner_makes()
    {
        var options = new GaussianMixtureSelectionOptions { CovarianceTypes = [CovarianceType.EEE, CovarianceType.VVI], MinimumNumberOfComponents = 2, MaximumNumberOfComponents = 3, Seed = 5 };
        foreach (GaussianMixtureSelectionRow row in GaussianMixtureLearner.Select(ClassicData.Faithful, 2, options).Table)
        {
            GaussianMixtureFit single = GaussianMixtureLearner.Fit(
                ClassicData.Faithful,
                2,
                new GaussianMixtureEstimator.Options { NumberOfComponents = row.NumberOfComponents, CovarianceType = row.CovarianceType, NumberOfInitializations = options.NumberOfInitializations, Seed = 5 });
            // A selection may know better starts, never worse ones.
            Assert.True(row.Summary!.LogLikelihood >= single.Summary.LogLikelihood - 1e-6);
            Assert.Equal(single.Summary.NumberOfParameters, row.Summary.NumberOfParameters);
            Assert.Equal(row.NumberOfComponents, row.Model!.NumberOfComponents);
            Assert.Equal(row.CovarianceType, row.Model.CovarianceType);
        }
    }

    [Fact]
    public void One_feature_has_one_variance_or_one_of_each_component()
    {
        double[] eruptions = [.. ClassicData.Faithful.Where((_, n) => n % 2 == 0)];
        GaussianMixtureSelection<GaussianMixtureFit> selection = GaussianMixtureLearner.Select(eruptions, 1, new GaussianMixtureSelectionOptions { MaximumNumberOfComponents = 2 });

        Assert.Equal(["E", "V", "E", "V"], selection.Table.Select(row => row.Structure));
        Assert.Equal(-287.29202420, selection.Table[2].Summary!.LogLikelihood, 1e-5);
        Assert.Equal(-276.36004050, selection.Table[3].Summary!.LogLikelihood, 1e-5);
        Assert.Equal("V", selection.BestRow.Structure);

        CovarianceType[] same = [CovarianceType.VVI, CovarianceType.EEE];
        GaussianMixtureSelection<GaussianMixtureFit> given = GaussianMixtureLearner.Select(eruptions, 1, new GaussianMixtureSelectionOptions { CovarianceTypes = same, MaximumNumberOfComponents = 2 });
        Assert.Equal(["V", "E", "V", "E"], given.Table.Select(row => row.Structure));
        Assert.Equal(selection.Table[3].Summary!.LogLikelihood, given.Table[2].Summary!.LogLikelihood, 1e-6);
    }

    [Fact]
    public void Of_equal_mixtures_the_one_with_the_fewest_parameters_wins_then_the_first()
    {
        var options = new GaussianMixtureSelectionOptions { MaximumNumberOfComponents = 1, CovarianceTypes = [CovarianceType.VVV, CovarianceType.EEE] };
        Assert.Equal("VVV", GaussianMixtureLearner.Select(ClassicData.Faithful, 2, options).BestRow.Structure);
        options.CovarianceTypes = [CovarianceType.EEE, CovarianceType.VVV];
        Assert.Equal("EEE", GaussianMixtureLearner.Select(ClassicData.Faithful, 2, options).BestRow.Structure);

        // With four rows no mixture has a finite AICc.
        options.Criterion = InformationCriterion.Aicc;
        options.CovarianceTypes = [CovarianceType.VVV, CovarianceType.VII];
        GaussianMixtureSelection<GaussianMixtureFit> few = GaussianMixtureLearner.Select(new double[] { 1, 2, 3, 1, 5, 5, 2, 9 }, 2, options);
        Assert.All(few.Table, row => Assert.Equal(double.PositiveInfinity, row.Get(InformationCriterion.Aicc)));
        Assert.Equal("VII", few.BestRow.Structure);
    }

    [Fact]
    public void A_degenerate_mixture_is_chosen_only_if_all_are()
    {
        // Nine points, each several times: nine components sit on one each.
        double[] rows = [.. Enumerable.Range(0, 90).SelectMany(n => (double[])[n % 9 % 3, n % 9 / 3])];
        var options = new GaussianMixtureSelectionOptions { MinimumNumberOfComponents = 9, CovarianceTypes = [CovarianceType.VVV, CovarianceType.EEE] };
        GaussianMixtureSelection<GaussianMixtureFit> degenerate = GaussianMixtureLearner.Select(rows, 2, options);
        Assert.All(degenerate.Table, row => Assert.True(row.Summary!.IsDegenerate));
        AssertIsBest(degenerate);
        Assert.Contains("degenerate, as all are", degenerate.ToString(), StringComparison.Ordinal);

        options.MinimumNumberOfComponents = 1;
        GaussianMixtureSelection<GaussianMixtureFit> honest = GaussianMixtureLearner.Select(rows, 2, options);
        Assert.False(honest.BestRow.Summary!.IsDegenerate);
        Assert.True(honest.Table[^1].Summary!.Bic < honest.BestRow.Summary.Bic);
        AssertIsBest(honest);
    }

    [Fact]
    public void Weights_count_rows()
    {
        double[] weights = [.. Enumerable.Range(0, 272).Select(n => 1.0 + n % 3)];
        double[] repeated = [.. ClassicData.Faithful.Chunk(2).SelectMany((row, n) => Enumerable.Repeat(row, 1 + n % 3)).SelectMany(row => row)];
        var options = new GaussianMixtureSelectionOptions { CovarianceTypes = [CovarianceType.VVV], MinimumNumberOfComponents = 1, MaximumNumberOfComponents = 2, Tolerance = 1e-13 };
        GaussianMixtureSelection<GaussianMixtureFit> weighted = GaussianMixtureLearner.Select(ClassicData.Faithful, 2, options, weights);
        Assert.All(
            weighted.Table.Zip(GaussianMixtureLearner.Select(repeated, 2, options).Table),
            pair => Assert.Equal(pair.Second.Summary!.Bic, pair.First.Summary!.Bic, 1e-6));
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        static string[] Digest(int? threads) =>
        [
            .. GaussianMixtureLearner.Select(
                ClassicData.Iris, 4, new GaussianMixtureSelectionOptions { MaximumNumberOfComponents = 4, CovarianceTypes = s_classic, NumberOfThreads = threads, Seed = 3 })
                .Table.Select(row => string.Join(' ', row.Summary!.LogLikelihoodTrace.Concat(row.Model!.Weights).Select(BitConverter.DoubleToInt64Bits))),
        ];

        string[] one = Digest(1);
        Assert.Equal(one, Digest(2));
        Assert.Equal(one, Digest(5));
        Assert.Equal(one, Digest(null));
    }

    [Fact]
    public void What_cannot_be_fitted_is_listed_with_its_reason()
    {
        var random = new Random(1);
        double[] wide = [.. Enumerable.Range(0, 100_000).Select(_ => random.NextDouble())];
        GaussianMixtureSelection<GaussianMixtureFit> selection = GaussianMixtureLearner.Select(
            wide, 50_000, new GaussianMixtureSelectionOptions { CovarianceTypes = [CovarianceType.VVV, CovarianceType.VII], MaximumNumberOfComponents = 1 });

        Assert.Equal("VII", selection.BestRow.Structure);
        GaussianMixtureSelectionRow failed = selection.Table[0];
        Assert.Null(failed.Summary);
        Assert.Null(failed.Model);
        Assert.Contains("does not fit into memory", failed.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", failed.Problem, StringComparison.Ordinal);
        Assert.Equal(double.NaN, failed.Get(InformationCriterion.Icl));
        Assert.Contains("–: not fitted", selection.ToString(), StringComparison.Ordinal);
        Assert.Contains("note on VVV, 1: A covariance of 50000 features does not fit", selection.ToString(), StringComparison.Ordinal);

        IDataView view = selection.ToDataView(new MLContext());
        Assert.Equal(double.NaN, view.GetColumn<double>("Bic").First());
        Assert.Equal(failed.Problem, view.GetColumn<string>("Notes").First());
    }

    private static void AssertIsBest<TFit>(GaussianMixtureSelection<TFit> selection)
        where TFit : class
    {
        bool hasHonest = selection.Table.Any(row => !row.Summary!.IsDegenerate);
        double lowest = selection.Table.Where(row => row.Summary!.IsDegenerate != hasHonest).Min(row => row.Summary!.Get(selection.Criterion));
        Assert.Equal(lowest, selection.BestRow.Get(selection.Criterion), 1e-6);
        Assert.NotEqual(hasHonest, selection.BestRow.Summary!.IsDegenerate);
    }
}
