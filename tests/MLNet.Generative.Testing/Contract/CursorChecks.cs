using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNet.Generative.Testing;

/// <summary>Cursors: several, on several threads, shuffled, with nothing to read, given up half-way.</summary>
internal static class CursorChecks
{
    private const int NumberOfCursors = 4;

    public static void Cursor_sets_cover_the_same_rows(EstimatorContract contract)
    {
        RowTable expected = contract.Expected.SortById();
        IDataView cached = new MLContext().Data.Cache(contract.TransformInput);
        Assert.True(cached.GetRowCursorSet(cached.Schema, NumberOfCursors).Length > 1, "The input should have been one that is read by several cursors.");
        foreach (IDataView input in (IDataView[])[contract.TransformInput, cached])
        {
            IDataView transformed = contract.Loaded.Transform(input);
            DataViewRowCursor[] cursors = transformed.GetRowCursorSet(transformed.Schema, NumberOfCursors);
            expected.AssertSame(RowTable.ReadSet(cursors, [.. transformed.Schema]).SortById(), $"set of {cursors.Length} cursors");
        }
    }

    public static void Concurrent_cursors_give_the_same_values(EstimatorContract contract)
    {
        IDataView transformed = contract.Loaded.Transform(contract.TransformInput);
        using var barrier = new Barrier(NumberOfCursors);
        Task<RowTable>[] tasks = [.. Enumerable.Range(0, NumberOfCursors).Select(_ => Task.Factory.StartNew(
            () =>
            {
                barrier.SignalAndWait();
                return RowTable.Read(transformed);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        foreach (RowTable table in Task.WhenAll(tasks).GetAwaiter().GetResult())
            contract.Expected.AssertSame(table, "cursor beside others");
    }

    public static void Cursors_without_active_columns_count_the_rows(EstimatorContract contract)
    {
        IDataView transformed = contract.Loaded.Transform(contract.TransformInput);
        contract.Expected.Select(_ => false).AssertSame(RowTable.Read(transformed, _ => false), "no active column");
        contract.Expected.Select(_ => false).SortById().AssertSame(RowTable.ReadSet(transformed.GetRowCursorSet([], NumberOfCursors), []).SortById(), "set of cursors with no active column");
    }

    public static void Shuffled_cursors_give_the_same_rows(EstimatorContract contract)
    {
        var context = new MLContext(seed: 1);
        IDataView transformed = contract.Loaded.Transform(contract.TransformInput);
        Assert.Equal(contract.TransformInput.CanShuffle, transformed.CanShuffle);
        IDataView shuffledAfter = context.Data.ShuffleRows(transformed);
        IDataView shuffledBefore = contract.Loaded.Transform(context.Data.ShuffleRows(contract.TransformInput));
        foreach (IDataView shuffled in (IDataView[])[shuffledAfter, shuffledBefore])
        {
            using DataViewRowCursor cursor = shuffled.GetRowCursor(shuffled.Schema, new Random(1));
            RowTable table = RowTable.Read(cursor, [.. shuffled.Schema]);
            Assert.False(table.Ids.SequenceEqual(contract.Expected.Ids), "The rows should have come in another order.");
            contract.Expected.SortById().AssertSame(table.SortById(), "shuffled rows");
        }
    }

    public static void Cursors_and_transformers_can_be_disposed(EstimatorContract contract)
    {
        ITransformer other = contract.File.Load();
        IDataView transformed = other.Transform(contract.TransformInput);
        DataViewRowCursor unread = transformed.GetRowCursor(transformed.Schema);
        unread.Dispose();
        DataViewRowCursor half = transformed.GetRowCursor(transformed.Schema);
        for (int i = 0; i < contract.Expected.NumberOfRows / 2; i++)
            Assert.True(half.MoveNext());
        half.Dispose();
        half.Dispose();
        contract.Expected.AssertSame(RowTable.Read(transformed), "after a cursor was given up");

        (other as IDisposable)?.Dispose();
        (other as IDisposable)?.Dispose();
        contract.Expected.AssertSame(RowTable.Read(contract.Loaded.Transform(contract.TransformInput)), "after another transformer was disposed");
    }

    public static void Cursors_count_their_rows(EstimatorContract contract)
    {
        IDataView transformed = contract.Loaded.Transform(contract.TransformInput);
        foreach (DataViewSchema.Column[] active in (DataViewSchema.Column[][])[[.. transformed.Schema], []])
        {
            using DataViewRowCursor cursor = transformed.GetRowCursor(active);
            Assert.Equal(-1, cursor.Position);
            for (int n = 0; n < contract.Expected.NumberOfRows; n++)
            {
                Assert.True(cursor.MoveNext());
                Assert.Equal(n, cursor.Position);
            }
            for (int i = 0; i < 2; i++)
            {
                Assert.False(cursor.MoveNext());
                Assert.Equal(-1, cursor.Position);
            }
        }
    }

    public static void Only_active_columns_can_be_read(EstimatorContract contract)
    {
        IDataView transformed = contract.Loaded.Transform(contract.TransformInput);
        foreach (DataViewSchema.Column active in transformed.Schema)
        {
            using DataViewRowCursor cursor = transformed.GetRowCursor([active]);
            Assert.All(transformed.Schema, column => Assert.Equal(column.Index == active.Index, cursor.IsColumnActive(column)));
            Assert.NotNull(RowTable.CreateReader(cursor, active));
            Assert.ThrowsAny<Exception>(() => cursor.GetGetter<Half>(active));
            foreach (DataViewSchema.Column other in transformed.Schema.Where(column => column.Index != active.Index))
                Assert.ThrowsAny<Exception>(() => RowTable.CreateReader(cursor, other));
        }
    }

    public static void Input_is_asked_for_what_is_needed_and_disposed(EstimatorContract contract)
    {
        IRowToRowMapper mapper = contract.Loaded.GetRowToRowMapper(contract.TransformInput.Schema);
        foreach (DataViewSchema.Column active in mapper.OutputSchema)
        {
            var input = new WatchedView(contract.TransformInput);
            IDataView transformed = contract.Loaded.Transform(input);
            using (DataViewRowCursor cursor = transformed.GetRowCursor([transformed.Schema[active.Index]]))
            {
                Func<object> read = RowTable.CreateReader(cursor, transformed.Schema[active.Index]);
                for (int n = 0; n < 3 && cursor.MoveNext(); n++)
                    read();
            }
            foreach (DataViewRowCursor cursor in transformed.GetRowCursorSet([transformed.Schema[active.Index]], NumberOfCursors))
                cursor.Dispose();
            Assert.Equal(mapper.GetDependencies([active]).Select(column => column.Name).Distinct().Order(StringComparer.Ordinal), input.ActiveColumns);
            Assert.True(input.NumberOfCursors > 0);
            Assert.Equal(0, input.NumberOfOpenCursors);
        }
    }
}
