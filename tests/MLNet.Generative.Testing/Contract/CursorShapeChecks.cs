using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNet.Generative.Testing;

/// <summary>Every way to hold a cursor: in sets of any size, two at a time, read late, in part, not at all, given up, or cancelled.</summary>
internal static class CursorShapeChecks
{
    public static void Columns_of_the_input_alone_are_as_they_were(EstimatorContract contract)
    {
        IDataView transformed = contract.Loaded.Transform(contract.TransformInput);
        Func<DataViewSchema.Column, bool> isOfTheInput = column => contract.TransformInput.Schema.GetColumnOrNull(column.Name) is not null;
        RowTable.Read(contract.TransformInput).AssertSame(RowTable.Read(transformed, isOfTheInput), "columns of the input");
        Func<DataViewSchema.Column, bool> isAdded = column => !isOfTheInput(column);
        contract.Expected.Select(isAdded).AssertSame(RowTable.Read(transformed, isAdded), "columns that are added");
    }

    public static void Sets_of_any_size_give_the_rows_in_order_of_their_batches(EstimatorContract contract)
    {
        foreach (IDataView input in (IDataView[])[contract.TransformInput, new MLContext().Data.Cache(contract.TransformInput)])
        {
            IDataView transformed = contract.Loaded.Transform(input);
            foreach (int n in (int[])[1, 2, 3, contract.Expected.NumberOfRows + 5])
            {
                contract.Expected.AssertSame(RowTable.ReadSetByBatch(transformed.GetRowCursorSet(transformed.Schema, n), [.. transformed.Schema]), $"set of {n}");
                DataViewSchema.Column last = transformed.Schema[^1];
                contract.Expected.Select(column => column.Index == last.Index).AssertSame(RowTable.ReadSetByBatch(transformed.GetRowCursorSet([last], n), [last]), $"set of {n}, '{last.Name}'");
            }
        }
    }

    public static void Same_seed_shuffles_in_the_same_way(EstimatorContract contract)
    {
        IDataView transformed = contract.Loaded.Transform(new MLContext().Data.Cache(contract.TransformInput));
        Assert.True(transformed.CanShuffle);
        RowTable first = ReadShuffled(transformed, seed: 1);
        Assert.False(first.Ids.SequenceEqual(contract.Expected.Ids), "The rows should have come in another order.");
        contract.Expected.SortById().AssertSame(first.SortById(), "shuffled rows");
        first.AssertSame(ReadShuffled(transformed, seed: 1), "same seed");
        Assert.False(first.Ids.SequenceEqual(ReadShuffled(transformed, seed: 2).Ids), "Another seed should have given another order.");
        DataViewRowCursor[] set = transformed.GetRowCursorSet(transformed.Schema, 3, new Random(1));
        contract.Expected.SortById().AssertSame(RowTable.ReadSet(set, [.. transformed.Schema]).SortById(), "set of shuffled cursors");
    }

    public static void Two_cursors_can_be_read_in_turn(EstimatorContract contract)
    {
        IDataView transformed = contract.Loaded.Transform(contract.TransformInput);
        using DataViewRowCursor ahead = transformed.GetRowCursor(transformed.Schema);
        using DataViewRowCursor behind = transformed.GetRowCursor(transformed.Schema);
        var (aheadRows, behindRows) = (new RowCollector(ahead, transformed.Schema), new RowCollector(behind, transformed.Schema));
        for (int n = 0; n < 5; n++)
            aheadRows.Next();
        bool isAhead = true;
        bool isBehind = true;
        while (isAhead || isBehind)
        {
            isBehind = behindRows.Next();
            isAhead = isAhead && aheadRows.Next();
        }
        contract.Expected.AssertSame(aheadRows.ToTable(), "the cursor that is ahead");
        contract.Expected.AssertSame(behindRows.ToTable(), "the cursor that is behind");
    }

    public static void Getters_can_be_fetched_late_and_rows_left_unread(EstimatorContract contract)
    {
        IDataView transformed = contract.Loaded.Transform(contract.TransformInput);
        foreach (int step in (int[])[1, 3, 50])
        {
            using DataViewRowCursor cursor = transformed.GetRowCursor(transformed.Schema);
            for (int n = 0; n < 10; n++)
                Assert.True(cursor.MoveNext());
            var rows = new RowCollector(cursor, transformed.Schema);
            // The row that the cursor was at when the getters were fetched counts too.
            rows.Add();
            while (Skip(cursor, step - 1) && rows.Next())
            {
            }
            contract.Expected.Where(n => n >= 9 && (n - 9) % step == 0).AssertSame(rows.ToTable(), $"every {step}th row from row 9 on");
        }
    }

    public static void Nothing_can_be_read_where_there_is_no_row(EstimatorContract contract)
    {
        IDataView transformed = contract.Loaded.Transform(contract.TransformInput);
        DataViewSchema.Column[] added = [.. transformed.Schema.Where(column => contract.TransformInput.Schema.GetColumnOrNull(column.Name) is null)];
        Assert.NotEmpty(added);
        foreach (DataViewSchema.Column[] active in (DataViewSchema.Column[][])[[.. transformed.Schema], .. added.Select(column => (DataViewSchema.Column[])[column])])
        {
            // ML.NET puts a cursor of its own, which looks where it is, around some; the one of a set is the plain one.
            foreach (DataViewRowCursor cursor in (DataViewRowCursor[])[transformed.GetRowCursor(active), Assert.Single(transformed.GetRowCursorSet(active, 1))])
            {
                Func<object>[] readers = [.. added.Where(cursor.IsColumnActive).Select(column => RowTable.CreateReader(cursor, column))];
                AssertNothingCanBeRead(readers, "before the first row");
                while (cursor.MoveNext())
                    Assert.All(readers, read => Assert.NotNull(read()));
                AssertNothingCanBeRead(readers, "after the last row");
                cursor.Dispose();
                AssertNothingCanBeRead(readers, "after the cursor was disposed");
            }
        }
    }

    public static void Cursor_given_up_anywhere_disposes_its_input_once(EstimatorContract contract)
    {
        int count = contract.Expected.NumberOfRows;
        foreach (int numberOfMoves in (int[])[0, 1, count / 2, count, count + 1])
        {
            foreach (bool isRead in (bool[])[false, true])
            {
                var input = new WatchedView(contract.TransformInput);
                IDataView transformed = contract.Loaded.Transform(input);
                DataViewRowCursor[] cursors = [transformed.GetRowCursor(transformed.Schema), transformed.GetRowCursor([transformed.Schema[^1]]), transformed.GetRowCursor([])];
                foreach (DataViewRowCursor cursor in cursors)
                {
                    Func<object>[] readers = [.. transformed.Schema.Where(cursor.IsColumnActive).Select(column => RowTable.CreateReader(cursor, column))];
                    for (int n = 0; n < numberOfMoves; n++)
                    {
                        Assert.Equal(n < count, cursor.MoveNext());
                        if (isRead && n < count)
                            Assert.All(readers, read => Assert.NotNull(read()));
                    }
                    cursor.Dispose();
                    cursor.Dispose();
                }
                // ML.NET may read one cursor's rows through several of the input.
                Assert.True(input.NumberOfCursors >= cursors.Length);
                Assert.All(input.NumbersOfDisposals, disposals => Assert.Equal(1, disposals));
            }
        }
    }

    public static void Cancelled_pass_ends_and_leaves_nothing_open(EstimatorContract contract)
    {
        var context = new MLContext();
        var input = new WatchedView(contract.TransformInput);
        IDataView transformed = contract.File.Load(context).Transform(input);
        using (DataViewRowCursor cursor = transformed.GetRowCursor(transformed.Schema))
        {
            Func<object>[] readers = [.. transformed.Schema.Select(column => RowTable.CreateReader(cursor, column))];
            Assert.True(cursor.MoveNext());
            Assert.All(readers, read => Assert.NotNull(read()));
            Cancellation.Cancel(context);
            // A step that looks at nothing but the row may serve the rows that are left, as ML.NET's own steps do.
            Exception? exception = Record.Exception(() =>
            {
                while (cursor.MoveNext())
                    Assert.All(readers, read => Assert.NotNull(read()));
            });
            Assert.True(exception is null or OperationCanceledException, $"A cancelled pass threw {exception}.");
        }
        Assert.All(input.NumbersOfDisposals, disposals => Assert.Equal(1, disposals));
        contract.Expected.AssertSame(RowTable.Read(contract.File.Load(new MLContext()).Transform(contract.TransformInput)), "a new context after a cancelled one");
    }

    private static RowTable ReadShuffled(IDataView view, int seed)
    {
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema, new Random(seed));
        return RowTable.Read(cursor, [.. view.Schema]);
    }

    private static bool Skip(DataViewRowCursor cursor, int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (!cursor.MoveNext())
                return false;
        }
        return true;
    }

    private static void AssertNothingCanBeRead(Func<object>[] readers, string where)
    {
        foreach (Func<object> read in readers)
        {
            Exception? exception = Record.Exception(() => read());
            Assert.True(exception is InvalidOperationException, $"Reading {where} should throw InvalidOperationException, but threw {exception?.ToString() ?? "nothing"}.");
        }
    }

    /// <summary>Reads a cursor's rows one at a time.</summary>
    private sealed class RowCollector(DataViewRowCursor cursor, DataViewSchema schema)
    {
        private readonly DataViewSchema.Column[] _columns = [.. schema];
        private readonly Func<object>[] _readers = [.. schema.Select(column => RowTable.CreateReader(cursor, column))];
        private readonly ValueGetter<DataViewRowId> _getId = cursor.GetIdGetter();
        private readonly List<(DataViewRowId, object[])> _rows = [];

        public bool Next()
        {
            if (!cursor.MoveNext())
                return false;
            Add();
            return true;
        }

        public void Add()
        {
            DataViewRowId id = default;
            _getId(ref id);
            _rows.Add((id, Array.ConvertAll(_readers, read => read())));
        }

        public RowTable ToTable() => RowTable.Of(_columns, _rows);
    }
}
