using CsCheck;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.Pipelines;

/// <summary>A view that is scored in blocks gives what a view that is scored row by row gives: every value, of every column, in every kind of cursor.</summary>
public sealed class BlockScoredViewTests
{
    private readonly MLContext _context = new(seed: 1);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(100)]
    public void All_cursors_give_what_single_rows_give(int numberOfRows) => AssertSameAsRowWise(Fit(), ColumnsOfEveryKind.View(numberOfRows));

    [Fact]
    public void Any_number_of_rows_and_size_of_block_give_what_single_rows_give()
    {
        IndependentNormalsTransformer fitted = Fit();
        Gen.Select(Gen.Int[0, 60], Gen.Int[2, 70], Gen.Int[0, 1000]).Sample(
            (numberOfRows, rowsPerBlock, seed) => AssertSameAsRowWise(fitted.WithRowsPerBlock(rowsPerBlock), ColumnsOfEveryKind.View(numberOfRows, seed)), iter: 30, threads: 1);
    }

    [Fact]
    public void Columns_of_the_input_pass_through()
    {
        IDataView input = ColumnsOfEveryKind.View(50);
        IDataView transformed = Fit().Transform(input);
        RowTable table = RowTable.Read(transformed);
        RowTable.Read(input).AssertSame(table.Select(column => input.Schema.GetColumnOrNull(column.Name) is not null), "columns of the input");
    }

    [Fact]
    public void Vectors_stay_as_sparse_as_they_are()
    {
        IDataView input = ColumnsOfEveryKind.View(50);
        IDataView transformed = Fit().Transform(input);
        using DataViewRowCursor expected = input.GetRowCursor(input.Schema);
        using DataViewRowCursor actual = transformed.GetRowCursor(transformed.Schema);
        ValueGetter<VBuffer<float>> getExpected = expected.GetGetter<VBuffer<float>>(input.Schema["VariableSize"]);
        ValueGetter<VBuffer<float>> getActual = actual.GetGetter<VBuffer<float>>(transformed.Schema["VariableSize"]);
        (VBuffer<float> expectedValue, VBuffer<float> actualValue) = (default, default);
        while (expected.MoveNext() && actual.MoveNext())
        {
            getExpected(ref expectedValue);
            getActual(ref actualValue);
            Assert.Equal(expectedValue.IsDense, actualValue.IsDense);
            Assert.Equal(expectedValue.GetIndices().ToArray(), actualValue.GetIndices().ToArray());
        }
    }

    [Fact]
    public void Text_from_a_file_passes_through()
    {
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("rows.csv");
        File.WriteAllLines(path, Enumerable.Range(0, 500).Select(n => FormattableString.Invariant($"{n},{n % 7 / 8.0},{n % 5},\"a text, number {n}\",{n % 3}")));
        IDataView input = _context.Data.LoadFromTextFile(
            path,
            [
                new TextLoader.Column("Features", DataKind.Single, 0, 2),
                new TextLoader.Column("Text", DataKind.String, 3),
                new TextLoader.Column("Texts", DataKind.String, 3, 4),
                new TextLoader.Column("Key", DataKind.UInt32, [new TextLoader.Range(4)], new KeyCount(3)),
            ],
            separatorChar: ',', allowQuoting: true);
        AssertSameAsRowWise(Fit(), input);
    }

    // ML.NET reads such a file with several cursors, in batches of 64 or 128 rows that wait for one another: blocks that span many of them must not stop it.
    [Theory]
    [InlineData(64)]
    [InlineData(2000)]
    public void Long_file_comes_in_order_through_parallel_steps(int rowsPerBlock)
    {
        const int numberOfRows = 20_000;
        using var folder = new TemporaryFolder();
        string path = folder.PathOf("rows.csv");
        File.WriteAllLines(path, Enumerable.Range(0, numberOfRows).Select(n => FormattableString.Invariant($"{n},{n % 7},{n % 5}")));
        IDataView input = _context.Data.LoadFromTextFile(path, [new TextLoader.Column("Features", DataKind.Single, 0, 2)], separatorChar: ',');
        TransformerChain<ITransformer> chain = Chain(rowsPerBlock).Fit(input);
        IDataView transformed = chain.Transform(input);
        for (int numberOfReads = 0; numberOfReads < 5; numberOfReads++)
        {
            using DataViewRowCursor cursor = transformed.GetRowCursor(transformed.Schema);
            ValueGetter<VBuffer<float>> getFeatures = cursor.GetGetter<VBuffer<float>>(transformed.Schema["Features"]);
            ValueGetter<VBuffer<float>> getAll = cursor.GetGetter<VBuffer<float>>(transformed.Schema["AllNormalised"]);
            (VBuffer<float> features, VBuffer<float> all) = (default, default);
            // All but the last pass are given up before the end.
            for (int n = 0; n < (numberOfReads == 4 ? numberOfRows : 1000 * numberOfReads); n++)
            {
                Assert.True(cursor.MoveNext());
                getFeatures(ref features);
                getAll(ref all);
                Assert.Equal(n, features.GetItemOrDefault(0));
            }
        }
        RowTable.Read(Chain(1).Fit(input).Transform(input)).AssertSame(RowTable.Read(transformed), "all rows");
    }

    [Fact]
    public void Steps_before_and_after_read_and_are_read_in_blocks()
    {
        IDataView input = IrisData.View(isSingle: true);
        TransformerChain<ITransformer> chain = Chain(rowsPerBlock: 7).Fit(input);
        TransformerChain<ITransformer> rowWise = Chain(rowsPerBlock: 1).Fit(input);
        AssertSame(rowWise.Transform(input), chain.Transform(input));

        ITransformer loaded = ModelFile.Save(chain, input.Schema).Load();
        AssertSame(rowWise.Transform(input), loaded.Transform(input));

        IRowToRowMapper mapper = ((ITransformer)chain).GetRowToRowMapper(input.Schema);
        using DataViewRowCursor cursor = input.GetRowCursor(input.Schema);
        using DataViewRow row = mapper.GetRow(cursor, mapper.OutputSchema);
        RowTable.Read(rowWise.Transform(input)).AssertSame(RowTable.Read(cursor, row, [.. mapper.OutputSchema]), "single rows of the chain");
    }

    [Fact]
    public void PredictionEngine_gives_what_Transform_gives()
    {
        IndependentNormalsTransformer fitted = Fit();
        IDataView input = ColumnsOfEveryKind.View(20);
        Scores[] expected = [.. _context.Data.CreateEnumerable<Scores>(fitted.Transform(input), reuseRowObject: false)];
        using PredictionEngine<Row, Scores> engine = _context.Model.CreatePredictionEngine<Row, Scores>(fitted);
        Row[] rows = [.. _context.Data.CreateEnumerable<Row>(input, reuseRowObject: false, ignoreMissingColumns: true)];
        for (int n = 0; n < rows.Length; n++)
        {
            Scores scores = engine.Predict(rows[n]);
            Assert.Equal(expected[n].Sum, scores.Sum);
            Assert.Equal(expected[n].Squares, scores.Squares);
            Assert.Equal(expected[n].LogDensity, scores.LogDensity);
        }
    }

    [Fact]
    public void View_says_of_itself_what_its_input_says()
    {
        IDataView list = ColumnsOfEveryKind.View(20);
        IDataView notShuffled = _context.Data.LoadFromEnumerable(_context.Data.CreateEnumerable<Row>(list, reuseRowObject: false, ignoreMissingColumns: true).Where(_ => true));
        foreach (IDataView input in (IDataView[])[list, notShuffled])
        {
            IDataView transformed = Fit().Transform(input);
            Assert.Equal(input.GetRowCount(), transformed.GetRowCount());
            Assert.Equal(input.CanShuffle, transformed.CanShuffle);
            Assert.Same(input.Schema, ((IRowToRowMapper)transformed).InputSchema);
            Assert.Same(transformed.Schema, ((IRowToRowMapper)transformed).OutputSchema);
        }
    }

    [Fact]
    public void Shuffled_rows_come_as_the_input_shuffles_them()
    {
        IDataView input = ColumnsOfEveryKind.View(50);
        IDataView transformed = Fit().Transform(input);
        using DataViewRowCursor expected = input.GetRowCursor([], new Random(1));
        using DataViewRowCursor actual = transformed.GetRowCursor(transformed.Schema, new Random(1));
        using DataViewRowCursor actualOfSet = Assert.Single(transformed.GetRowCursorSet(transformed.Schema, 1, new Random(1)));
        DataViewRowId[] ids = [.. RowTable.Read(expected, []).Ids];
        Assert.False(ids.SequenceEqual(RowTable.Read(input).Ids), "The rows should have come in another order.");
        Assert.Equal(ids, RowTable.Read(actual, []).Ids);
        Assert.Equal(ids, RowTable.Read(actualOfSet, []).Ids);
    }

    private IndependentNormalsTransformer Fit() =>
        new IndependentNormalsEstimator(_context, new IndependentNormalsEstimator.Options()).Fit(ColumnsOfEveryKind.View(40, seed: 2));

    private EstimatorChain<ITransformer> Chain(int rowsPerBlock)
    {
        var options = new IndependentNormalsEstimator.Options { RowsPerBlock = rowsPerBlock };
        return _context.Transforms.NormalizeMinMax("Normalised", "Features")
            .Append(new IndependentNormalsEstimator(_context, options with { FeatureColumnName = "Normalised" }))
            .Append(_context.Transforms.Concatenate("Both", "Squares", "Sum"))
            .Append(new IndependentNormalsEstimator(_context, options with { FeatureColumnName = "Both" }))
            .Append(_context.Transforms.Concatenate("All", "Squares", "Both"))
            .Append((IEstimator<ITransformer>)_context.Transforms.NormalizeMinMax("AllNormalised", "All"));
    }

    private static void AssertSameAsRowWise(IndependentNormalsTransformer blocks, IDataView input) =>
        AssertSame(blocks.WithRowsPerBlock(1).Transform(input), blocks.Transform(input));

    private static void AssertSame(IDataView expectedView, IDataView actual)
    {
        RowTable expected = RowTable.Read(expectedView);
        expected.AssertSame(RowTable.Read(actual), "all columns");
        foreach (Func<DataViewSchema.Column, bool> isActive in (Func<DataViewSchema.Column, bool>[])[column => column.Index % 2 == 0, column => column.Index % 2 == 1, column => column.Index % 5 == 0, _ => false])
            expected.Select(isActive).AssertSame(RowTable.Read(actual, isActive), "some columns");
        foreach (DataViewSchema.Column only in actual.Schema)
            expected.Select(column => column.Index == only.Index).AssertSame(RowTable.Read(actual, column => column.Index == only.Index), $"only '{only.Name}'");

        using (DataViewRowCursor shuffled = actual.GetRowCursor(actual.Schema, new Random(1)))
            expected.SortById().AssertSame(RowTable.Read(shuffled, [.. actual.Schema]).SortById(), "shuffled");
        foreach (int n in (int[])[1, 2, 4])
            expected.SortById().AssertSame(RowTable.ReadSet(actual.GetRowCursorSet(actual.Schema, n), [.. actual.Schema]).SortById(), $"set of {n}");
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Scores
    {
        public float Sum { get; set; }

        public float[] Squares { get; set; } = [];

        public float LogDensity { get; set; }
    }
}
