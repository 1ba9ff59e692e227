using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>What a user controls and sees of a selection: progress, log, cancellation, and the transformer that comes out.</summary>
public sealed class SelectionTrainingTests
{
    private static readonly CovarianceType[] s_types = [CovarianceType.EEE, CovarianceType.VVI];

    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Every_fit_reaches_the_progress_and_the_log()
    {
        var messages = new List<string>();
        _mlContext.Log += (_, e) => messages.Add(e.Message);
        var listener = new Listener();
        GaussianMixtureSelection<GaussianMixtureTransformer> selection = _mlContext.Clustering.SelectGaussianMixture(
            IrisData.View(isSingle: true), new GaussianMixtureSelectionOptions { MaximumNumberOfComponents = 4, CovarianceTypes = s_types, Progress = listener });

        Assert.Equal(Enumerable.Range(1, 8), listener.Reports.Select(report => report.NumberOfFinishedFits));
        Assert.All(listener.Reports, report => Assert.Equal(8, report.NumberOfFits));
        Assert.Equal(
            selection.Table.Select(row => (row.NumberOfComponents, row.Structure, row.Summary!.Bic)).Order(),
            listener.Reports.Select(report => (report.Row.NumberOfComponents, report.Row.Structure, report.Row.Summary!.Bic)).Order());
        Assert.All(listener.Reports, report => Assert.Single(messages, message => message.Contains($"Fit {report}", StringComparison.Ordinal)));
        Assert.Contains(messages, message => message.Contains(selection.ToString(), StringComparison.Ordinal));
        Assert.StartsWith("1/8: ", listener.Reports[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Cancelling_the_token_stops_in_the_middle_of_the_grid(int threads)
    {
        using var source = new CancellationTokenSource();
        var listener = new Listener(report =>
        {
            if (report.NumberOfFinishedFits == 3)
                source.Cancel();
        });
        var options = new GaussianMixtureSelectionOptions { CovarianceTypes = s_types, CancellationToken = source.Token, NumberOfThreads = threads, Progress = listener };
        Assert.ThrowsAny<OperationCanceledException>(() => _mlContext.Clustering.SelectGaussianMixture(IrisData.View(isSingle: true), options));
        Assert.InRange(listener.Reports.Count, 3, 3 + threads);

        Assert.ThrowsAny<OperationCanceledException>(() => GaussianMixtureLearner.Select(ClassicData.Iris, 4, options));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Cancelling_the_context_stops_in_the_middle_of_the_grid(int threads)
    {
        var listener = new Listener(report =>
        {
            if (report.NumberOfFinishedFits == 2)
                Cancellation.Cancel(_mlContext);
        });
        var options = new GaussianMixtureSelectionOptions { CovarianceTypes = s_types, NumberOfThreads = threads, Progress = listener };
        Assert.ThrowsAny<OperationCanceledException>(() => _mlContext.Clustering.SelectGaussianMixture(IrisData.View(isSingle: true), options));
        Assert.InRange(listener.Reports.Count, 2, 2 + threads);
    }

    [Fact]
    public void What_a_listener_throws_comes_through_as_it_is()
    {
        var options = new GaussianMixtureSelectionOptions { CovarianceTypes = s_types, MaximumNumberOfComponents = 2, Progress = new Listener(_ => throw new ArgumentException("Not now.")) };
        Assert.Equal("Not now.", Assert.Throws<ArgumentException>(() => GaussianMixtureLearner.Select(ClassicData.Iris, 4, options)).Message);
    }

    [Fact]
    public void The_best_saves_loads_and_works_as_any_mixture()
    {
        IDataView data = IrisData.View(isSingle: true, slotNames: ["a", "b", "c", "d"]);
        GaussianMixtureTransformer best = _mlContext.Clustering.SelectGaussianMixture(
            data,
            new GaussianMixtureSelectionOptions
            {
                MaximumNumberOfComponents = 3,
                CovarianceTypes = s_types,
                PredictedLabelColumnName = "Cluster",
                ScoreColumnName = "Far",
                ProbabilityColumnName = "Share",
                LogDensityColumnName = "Log",
            }).Best;
        GaussianMixtureTransformer expected = _mlContext.Clustering.Trainers.GaussianMixture(new GaussianMixtureEstimator.Options
        {
            InitialModel = best.Model,
            NumberOfComponents = best.Model.NumberOfComponents,
            CovarianceType = best.Model.CovarianceType,
            MaximumNumberOfIterations = 1,
            PredictedLabelColumnName = "Cluster",
            ScoreColumnName = "Far",
            ProbabilityColumnName = "Share",
            LogDensityColumnName = "Log",
        }).Fit(data);
        Assert.Equal(expected.GetOutputSchema(data.Schema).Select(column => (column.Name, column.Type)), best.GetOutputSchema(data.Schema).Select(column => (column.Name, column.Type)));

        using var folder = new TemporaryFolder();
        _mlContext.Model.Save(best, data.Schema, folder.PathOf("best.zip"));
        ITransformer loaded = new MLContext().Model.Load(folder.PathOf("best.zip"), out _);
        Assert.Equal(best.Transform(data).GetColumn<float>("Log"), loaded.Transform(data).GetColumn<float>("Log"));
        Assert.Equal(best.Transform(data).GetColumn<uint>("Cluster"), loaded.Transform(data).GetColumn<uint>("Cluster"));
        Assert.Equal(best.Summary.ToString(), ((GaussianMixtureTransformer)loaded.FindGenerative()).Summary.ToString());
        Assert.Equal("Features", best.FeatureColumnName);
        Assert.Equal(["a", "b", "c", "d"], SlotNames(best.Sample(3, seed: 1).Schema["Features"]));
    }

    [Fact]
    public void The_seed_comes_from_the_options_or_the_context()
    {
        static double[] Criteria(int contextSeed, int? seed) =>
        [
            .. new MLContext(contextSeed).Clustering.SelectGaussianMixture(
                IrisData.View(isSingle: true),
                new GaussianMixtureSelectionOptions { MinimumNumberOfComponents = 7, MaximumNumberOfComponents = 8, NumberOfInitializations = 1, CovarianceTypes = s_types, Initialization = GaussianMixtureInitialization.RandomRows, Seed = seed })
                .Table.Select(row => row.Summary!.LogLikelihood),
        ];

        Assert.Equal(Criteria(1, null), Criteria(1, null));
        Assert.NotEqual(Criteria(1, null), Criteria(2, null));
        Assert.Equal(Criteria(1, 5), Criteria(2, 5));
    }

    [Fact]
    public void Rows_with_a_missing_feature_are_skipped_with_a_warning()
    {
        var messages = new List<string>();
        _mlContext.Log += (_, e) => messages.Add(e.Message);
        var options = new GaussianMixtureSelectionOptions { MaximumNumberOfComponents = 2, CovarianceTypes = s_types, Seed = 1 };
        double[] rows = [.. ClassicData.Faithful, 1, double.NaN, double.NaN, double.NaN];
        GaussianMixtureSelection<GaussianMixtureTransformer> selection = _mlContext.Clustering.SelectGaussianMixture(DataViews.OfFeatures(rows, 2, isSingle: false), options);

        Assert.Contains(messages, message => message.Contains("2 rows have a missing value", StringComparison.Ordinal));
        Assert.Equal(
            GaussianMixtureLearner.Select(ClassicData.Faithful, 2, options).Table.Select(row => row.Summary!.LogLikelihood),
            selection.Table.Select(row => row.Summary!.LogLikelihood));
    }

    [Fact]
    public void The_data_are_read_once()
    {
        int reads = 0;
        IDataView data = _mlContext.Data.LoadFromEnumerable(Rows());
        _mlContext.Clustering.SelectGaussianMixture(data, new GaussianMixtureSelectionOptions { MaximumNumberOfComponents = 3, CovarianceTypes = s_types });
        Assert.Equal(1, reads);

        IEnumerable<Row> Rows()
        {
            reads++;
            foreach (double[] row in ClassicData.Faithful.Chunk(2))
                yield return new Row { Features = row };
        }
    }

    [Fact]
    public void Changing_options_during_the_selection_changes_nothing()
    {
        var options = new GaussianMixtureSelectionOptions { MaximumNumberOfComponents = 3, CovarianceTypes = s_types.ToList() };
        options.Progress = new Listener(_ =>
        {
            options.Criterion = InformationCriterion.Aic;
            options.MaximumNumberOfComponents = 1;
            ((List<CovarianceType>)options.CovarianceTypes!).Clear();
        });
        GaussianMixtureSelection<GaussianMixtureFit> selection = GaussianMixtureLearner.Select(ClassicData.Faithful, 2, options);
        Assert.Equal(6, selection.Table.Count);
        Assert.Equal(InformationCriterion.Bic, selection.Criterion);
    }

    private static IEnumerable<string> SlotNames(DataViewSchema.Column column)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return names.DenseValues().Select(name => name.ToString());
    }

    private sealed class Listener(Action<GaussianMixtureSelectionProgress>? action = null) : IProgress<GaussianMixtureSelectionProgress>
    {
        public List<GaussianMixtureSelectionProgress> Reports { get; } = [];

        public void Report(GaussianMixtureSelectionProgress value)
        {
            Reports.Add(value);
            action?.Invoke(value);
        }
    }

    private sealed class Row
    {
        [VectorType(2)]
        public double[] Features = [];
    }
}
