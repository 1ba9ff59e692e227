using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.Vae;

/// <summary>Missing values in a pipeline: trained on, and filled in by a column.</summary>
[Collection(nameof(ProcessWideState))]
public sealed class ImputationPipelineTests
{
    private static readonly string[] Names = ["SepalLength", "SepalWidth", "PetalLength", "PetalWidth"];

    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_column_has_the_rows_with_their_holes_filled_in(bool isSingle)
    {
        double[] holes = Holes.Punch(ClassicData.Iris, 0.2, seed: 1);
        IDataView data = DataViews.OfFeatures(holes, 4, isSingle, Names);
        VaeTransformer transformer = _context.Transforms.Vae(Quick()).Fit(data);
        IDataView completed = transformer.Transform(data);

        DataViewSchema.Column column = completed.Schema["Completed"];
        Assert.Equal(data.Schema["Features"].Type, column.Type);
        VBuffer<ReadOnlyMemory<char>> slots = default;
        column.GetSlotNames(ref slots);
        Assert.Equal(Names, slots.DenseValues().Select(name => name.ToString()));

        double[] rows = isSingle ? [.. holes.Select(value => (double)(float)value)] : holes;
        double[] expected = transformer.Model.Impute(rows, 200);
        double[] found = isSingle
            ? [.. _context.Data.CreateEnumerable<CompletedSingles>(completed, reuseRowObject: false).SelectMany(row => row.Completed).Select(value => (double)value)]
            : [.. _context.Data.CreateEnumerable<CompletedDoubles>(completed, reuseRowObject: false).SelectMany(row => row.Completed)];
        Assert.Equal(isSingle ? expected.Select(value => (double)(float)value) : expected, found);
        Assert.Contains(transformer.Summary.Notes, note => note.Contains($"{holes.Count(double.IsNaN)} values are missing", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void It_is_the_same_row_by_row_and_after_a_way_through_a_file(bool isSingle)
    {
        double[] holes = Holes.Punch(ClassicData.Iris, 0.2, seed: 1);
        IDataView data = DataViews.OfFeatures(holes, 4, isSingle);
        VaeTransformer transformer = _context.Transforms.Vae(Quick()).Fit(data);
        using var folder = new TemporaryFolder();
        _context.Model.Save(transformer, data.Schema, folder.PathOf("vae.zip"));
        var elsewhere = new MLContext();
        ITransformer loaded = elsewhere.Model.Load(folder.PathOf("vae.zip"), out _);
        RowTable.Read(transformer.Transform(data)).AssertSame(RowTable.Read(loaded.Transform(data)), "loaded");
        if (!isSingle)
            return;

        float[][] blocks = [.. _context.Data.CreateEnumerable<CompletedSingles>(transformer.Transform(data), reuseRowObject: false).Select(row => row.Completed)];
        using PredictionEngine<Flower, CompletedSingles> engine = elsewhere.Model.CreatePredictionEngine<Flower, CompletedSingles>(loaded);
        for (int n = 149; n >= 0; n--)
        {
            float[] row = [.. holes.Skip(4 * n).Take(4).Select(value => (float)value)];
            Assert.Equal(blocks[n], engine.Predict(new Flower { Features = row }).Completed);
        }
    }

    [Fact]
    public void Infinite_values_stay_and_do_not_reach_their_neighbours()
    {
        IDataView data = DataViews.OfFeatures(ClassicData.Iris, 4, isSingle: false);
        VaeTransformer transformer = _context.Transforms.Vae(Quick()).Fit(data);
        double[] odd = [double.PositiveInfinity, double.NaN, 1, 1];
        CompletedDoubles[] rows = [.. _context.Data.CreateEnumerable<CompletedDoubles>(transformer.Transform(DataViews.OfFeatures([.. odd, .. ClassicData.Iris], 4, isSingle: false)), reuseRowObject: false)];
        Assert.Equal(double.PositiveInfinity, rows[0].Completed[0]);
        Assert.True(double.IsFinite(rows[0].Completed[1]));
        Assert.Equal(ClassicData.Iris, rows.Skip(1).SelectMany(row => row.Completed));
    }

    private static VaeEstimator.Options Quick() => new()
    {
        LatentDimension = 2,
        HiddenLayers = [8],
        NumberOfEpochs = 5,
        NumberOfThreads = 1,
        ImputationColumnName = "Completed",
        ImputationSamples = 200,
    };

    private sealed class Flower
    {
        [VectorType(4)]
        public float[] Features { get; set; } = [];
    }

    private sealed class CompletedSingles
    {
        public float[] Completed { get; set; } = [];
    }

    private sealed class CompletedDoubles
    {
        public double[] Completed { get; set; } = [];
    }
}
