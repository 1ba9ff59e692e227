using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.Vae;

/// <summary>The block-scoring view with the autoencoder's own blocks, at and around their edges.</summary>
[Collection(nameof(ProcessWideState))]
public sealed class VaeViewTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly VaeTransformer _fitted;

    public VaeViewTests() => _fitted = _context.Transforms.Vae(new VaeEstimator.Options
    {
        LatentDimension = 2,
        HiddenLayers = [8],
        NumberOfEpochs = 2,
        NumberOfThreads = 1,
        ReconstructionColumnName = "Reconstruction",
        LogDensityColumnName = "LogDensity",
    }).Fit(IrisData.View(isSingle: true));

    private int RowsPerBlock => ((GenerativeTransformerBase)_fitted).RowsPerBlock;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, -1)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    public void Any_number_of_blocks_gives_what_single_rows_give(int blocks, int more)
    {
        IDataView input = _context.Data.Cache(Rows(blocks * RowsPerBlock + more));
        RowTable expected = ReadSingleRows(input);
        IDataView transformed = _fitted.Transform(input);
        expected.AssertSame(RowTable.Read(transformed), "one cursor");
        expected.AssertSame(RowTable.ReadSetByBatch(transformed.GetRowCursorSet(transformed.Schema, 3), [.. transformed.Schema]), "set");
        using DataViewRowCursor shuffled = transformed.GetRowCursor(transformed.Schema, new Random(1));
        expected.SortById().AssertSame(RowTable.Read(shuffled, [.. transformed.Schema]).SortById(), "shuffled");
    }

    [Fact]
    public void Cancelled_pass_ends_with_the_block()
    {
        var input = new WatchedView(Rows(4 * RowsPerBlock));
        IDataView transformed = _fitted.Transform(input);
        using (DataViewRowCursor cursor = transformed.GetRowCursor(transformed.Schema))
        {
            Func<object>[] readers = [.. transformed.Schema.Select(column => RowTable.CreateReader(cursor, column))];
            for (int n = 0; n < RowsPerBlock + RowsPerBlock / 2; n++)
                Assert.True(cursor.MoveNext());
            Assert.All(readers, read => Assert.NotNull(read()));
            Cancellation.Cancel(_context);
            for (int n = RowsPerBlock + RowsPerBlock / 2; n < 2 * RowsPerBlock; n++)
            {
                Assert.True(cursor.MoveNext());
                Assert.All(readers, read => Assert.NotNull(read()));
            }
            Assert.ThrowsAny<OperationCanceledException>(() => cursor.MoveNext());
            Assert.Equal(2 * RowsPerBlock, input.NumberOfRowsRead);
        }
        Assert.Equal([1], input.NumbersOfDisposals);
    }

    [Fact]
    public void Failure_of_the_input_in_mid_block_comes_out_as_it_is()
    {
        foreach (WatchedView input in (WatchedView[])
            [
                new(Rows(3 * RowsPerBlock)) { FailingRow = 2 * RowsPerBlock - 3 },
                new(Rows(3 * RowsPerBlock)) { UnreadableRow = 2 * RowsPerBlock - 3 },
            ])
        {
            IDataView transformed = _fitted.Transform(input);
            using (DataViewRowCursor cursor = transformed.GetRowCursor(transformed.Schema))
            {
                for (int n = 0; n < RowsPerBlock; n++)
                    Assert.True(cursor.MoveNext());
                Assert.Throws<IOException>(() => cursor.MoveNext());
            }
            Assert.Equal([1], input.NumbersOfDisposals);
        }
    }

    private static IDataView Rows(int count) =>
        DataViews.OfFeatures([.. Enumerable.Range(0, count * 4).Select(i => ClassicData.Iris[i % ClassicData.Iris.Length] + i % 7 / 16.0)], 4, isSingle: true);

    private RowTable ReadSingleRows(IDataView input)
    {
        IRowToRowMapper mapper = ((ITransformer)_fitted).GetRowToRowMapper(input.Schema);
        using DataViewRowCursor cursor = input.GetRowCursor(input.Schema);
        using DataViewRow row = mapper.GetRow(cursor, mapper.OutputSchema);
        return RowTable.Read(cursor, row, [.. mapper.OutputSchema]);
    }
}
