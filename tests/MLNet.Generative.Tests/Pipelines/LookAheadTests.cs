using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.Pipelines;

/// <summary>What looking ahead costs and when: how often blocks are scored, how far the input is read, what happens when it fails or is given up.</summary>
public sealed class LookAheadTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly IndependentNormalsTransformer _fitted;

    public LookAheadTests() =>
        _fitted = new IndependentNormalsEstimator(_context, new IndependentNormalsEstimator.Options()).Fit(ColumnsOfEveryKind.View(40));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(6, 1)]
    [InlineData(7, 1)]
    [InlineData(8, 2)]
    [InlineData(100, 15)]
    public void Each_block_is_scored_once(int numberOfRows, int numberOfBlocks)
    {
        var input = new WatchedView(ColumnsOfEveryKind.View(numberOfRows));
        Assert.Equal(numberOfRows, RowTable.Read(_fitted.Transform(input)).NumberOfRows);
        Assert.Equal(numberOfBlocks, _fitted.NumberOfScoreCalls);
        Assert.Equal(numberOfRows, input.NumberOfRowsRead);
    }

    [Fact]
    public void Only_blocks_that_are_read_are_scored()
    {
        IDataView transformed = _fitted.Transform(ColumnsOfEveryKind.View(100));
        using DataViewRowCursor cursor = transformed.GetRowCursor(transformed.Schema);
        ValueGetter<float> getSum = cursor.GetGetter<float>(transformed.Schema["Sum"]);
        ValueGetter<int> getInt = cursor.GetGetter<int>(transformed.Schema["Int"]);
        float sum = 0;
        int number = 0;
        while (cursor.MoveNext())
        {
            getInt(ref number);
            Assert.Equal(-cursor.Position, number);
            // In the blocks of rows 28 to 34, 49 to 55, 70 to 76 and 91 to 97.
            if (cursor.Position is 30 or 34 or 49 or 76 or 91)
                getSum(ref sum);
        }
        Assert.Equal(4, _fitted.NumberOfScoreCalls);
    }

    [Fact]
    public void Without_scores_no_row_is_read_ahead()
    {
        var input = new WatchedView(ColumnsOfEveryKind.View(100));
        IDataView transformed = _fitted.Transform(input);
        using (DataViewRowCursor cursor = Assert.Single(transformed.GetRowCursorSet([transformed.Schema["Int"]], 1)))
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal(1, input.NumberOfRowsRead);
        }
        using (DataViewRowCursor cursor = transformed.GetRowCursor([transformed.Schema["Int"], transformed.Schema["Sum"]]))
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal(1 + 7, input.NumberOfRowsRead);
        }
        Assert.Equal(["Features", "Int"], input.ActiveColumns);
        Assert.Equal(0, _fitted.NumberOfScoreCalls);
        Assert.Equal(0, input.NumberOfOpenCursors);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(40)]
    public void Failure_of_the_input_is_not_hidden(int row)
    {
        foreach (WatchedView input in (WatchedView[])[new(ColumnsOfEveryKind.View(50)) { FailingRow = row }, new(ColumnsOfEveryKind.View(50)) { UnreadableRow = row }])
        {
            IDataView transformed = _fitted.Transform(input);
            using DataViewRowCursor cursor = transformed.GetRowCursor(transformed.Schema);
            for (int n = 0; n < row / 7 * 7; n++)
                Assert.True(cursor.MoveNext());
            Assert.Contains($"Row {row} cannot be", Assert.Throws<IOException>(() => cursor.MoveNext()).Message, StringComparison.Ordinal);
            Assert.Equal(0, input.NumberOfOpenCursors);
            Assert.Equal(-1, cursor.Position);
            Assert.False(cursor.MoveNext());
        }
    }

    [Fact]
    public void Nothing_can_be_read_before_the_first_row_or_after_the_last()
    {
        IDataView transformed = _fitted.Transform(ColumnsOfEveryKind.View(8));
        using DataViewRowCursor cursor = transformed.GetRowCursor(transformed.Schema);
        Func<object>[] readers = [.. transformed.Schema.Select(column => RowTable.CreateReader(cursor, column))];
        Assert.All(readers, read => Assert.Throws<InvalidOperationException>(() => read()));
        while (cursor.MoveNext())
            Assert.All(readers, read => Assert.NotNull(read()));
        Assert.All(readers, read => Assert.Throws<InvalidOperationException>(() => read()));
        cursor.Dispose();
        Assert.All(readers, read => Assert.Throws<InvalidOperationException>(() => read()));
    }

    [Fact]
    public void Cancelled_context_stops_a_pass()
    {
        IDataView transformed = _fitted.Transform(ColumnsOfEveryKind.View(30));
        using DataViewRowCursor cursor = transformed.GetRowCursor(transformed.Schema);
        Assert.True(cursor.MoveNext());
        Cancellation.Cancel(_context);
        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            while (cursor.MoveNext())
            {
            }
        });
    }

    [Fact]
    public void Row_costs_no_memory_once_buffers_have_grown()
    {
        IDataView transformed = _fitted.Transform(DataViews.OfFeatures([.. Enumerable.Range(0, 3 * 7 * 1000).Select(n => n % 17 / 4.0)], 3, isSingle: true));
        using DataViewRowCursor cursor = transformed.GetRowCursor(transformed.Schema);
        ValueGetter<float> getSum = cursor.GetGetter<float>(transformed.Schema["Sum"]);
        ValueGetter<VBuffer<float>> getSquares = cursor.GetGetter<VBuffer<float>>(transformed.Schema["Squares"]);
        ValueGetter<VBuffer<float>> getFeatures = cursor.GetGetter<VBuffer<float>>(transformed.Schema["Features"]);
        ValueGetter<ReadOnlyMemory<char>> getNote = cursor.GetGetter<ReadOnlyMemory<char>>(transformed.Schema["Note"]);
        ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
        (float sum, VBuffer<float> squares, VBuffer<float> features, ReadOnlyMemory<char> note, DataViewRowId id) = (0, default, default, default, default);
        long before = 0;
        while (cursor.MoveNext())
        {
            getSum(ref sum);
            getSquares(ref squares);
            getFeatures(ref features);
            getNote(ref note);
            getId(ref id);
            if (cursor.Position == 700)
                before = GC.GetAllocatedBytesForCurrentThread();
            if (cursor.Position == 6300)
                Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        }
    }

    [Fact]
    public void Columns_that_cannot_be_held_are_served_row_by_row()
    {
        IDataView input = _context.Data.LoadFromEnumerable(
            Enumerable.Range(0, 20).Select(n => new Letter { Features = [n, n % 2, n % 3], Envelope = new SealedEnvelope($"letter {n}") }).ToList());
        IDataView transformed = _fitted.Transform(input);
        RowTable expected = RowTable.Read(_fitted.WithRowsPerBlock(1).Transform(input));

        expected.AssertSame(RowTable.Read(transformed), "with a column that cannot be held");
        Assert.Equal(20, _fitted.NumberOfScoreCalls);
        Func<DataViewSchema.Column, bool> canBeHeld = column => column.Name != "Envelope";
        expected.Select(canBeHeld).AssertSame(RowTable.Read(transformed, canBeHeld), "without it");
        Assert.Equal(20 + 3, _fitted.NumberOfScoreCalls);
    }

    [Fact]
    public void Scorer_with_fewer_slots_than_a_block_has_rows_goes_row_by_row()
    {
        IDataView input = ColumnsOfEveryKind.View(20);
        IRowToRowMapper mapper = ((ITransformer)_fitted).GetRowToRowMapper(input.Schema);
        using DataViewRowCursor cursor = LookAheadCursor.Over(_context, input.GetRowCursor(input.Schema), [.. input.Schema], rowsPerBlock: 8);
        using DataViewRow row = mapper.GetRow(cursor, mapper.OutputSchema);
        RowTable.Read(_fitted.Transform(input)).AssertSame(RowTable.Read(cursor, row, [.. mapper.OutputSchema]), "single rows of longer blocks");
        Assert.Equal(3 + 20, _fitted.NumberOfScoreCalls);
    }

    [Fact]
    public void Invalid_rows_are_warned_of_once_per_pass()
    {
        var warnings = new List<string>();
        _context.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
            {
                lock (warnings)
                    warnings.Add(message.RawMessage);
            }
        };
        double[] values = [.. Enumerable.Range(0, 60).Select(n => n % 20 == 1 ? double.NaN : n)];
        IDataView input = _context.Data.Cache(DataViews.OfFeatures(values, 3, isSingle: true));
        ITransformer detector = _context.AnomalyDetection.Trainers.FromDensity(new IndependentNormalsEstimator(_context, new IndependentNormalsEstimator.Options())).Fit(ColumnsOfEveryKind.View(40));
        foreach (IDataView transformed in (IDataView[])[_fitted.Transform(input), detector.Transform(input)])
        {
            warnings.Clear();
            RowTable.Read(transformed);
            Assert.Single(warnings);
            RowTable.ReadSet(transformed.GetRowCursorSet(transformed.Schema, 4), [.. transformed.Schema]);
            Assert.Equal(2, warnings.Count);
            Assert.All(warnings, warning => Assert.Contains("3 rows have an invalid value in column 'Features'", warning, StringComparison.Ordinal));
        }
    }

    private sealed class Letter
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        [SealedEnvelopeType]
        public SealedEnvelope? Envelope { get; set; }
    }

    private sealed record SealedEnvelope(string Content);

    private sealed class SealedEnvelopeType() : StructuredDataViewType(typeof(SealedEnvelope))
    {
        public override bool Equals(DataViewType? other) => other is SealedEnvelopeType;

        public override int GetHashCode() => 1;
    }

    private sealed class SealedEnvelopeTypeAttribute : DataViewTypeAttribute
    {
        public override bool Equals(DataViewTypeAttribute? other) => other is SealedEnvelopeTypeAttribute;

        public override int GetHashCode() => 1;

        public override void Register() => DataViewTypeManager.Register(new SealedEnvelopeType(), typeof(SealedEnvelope), this);
    }
}
