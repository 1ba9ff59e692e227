using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels.Sequences;

/// <summary>What the cursors read and when, what they cost, and how they end.</summary>
public sealed class SequenceCursorTests
{
    private readonly MLContext _context = new(seed: 1);

    public static TheoryData<string> Views => ["grouped", "sorted", "flattened"];

    [Fact]
    public void Only_what_is_asked_for_is_read()
    {
        WatchedView rows = Rows(Step.Contiguous(1, 5, 4));
        IDataView grouped = _context.Data.GroupSequences(rows, "Name", ["Single", "Point"], "Time");
        Assert.Equal(0, rows.NumberOfCursors);
        using (DataViewRowCursor cursor = grouped.GetRowCursor([grouped.Schema["Point"]]))
        {
            Assert.Equal(["Name", "Point", "Time"], rows.ActiveColumns);
            Assert.Equal(0, rows.NumberOfRowsRead);
            Assert.True(cursor.IsColumnActive(grouped.Schema["Point"]));
            Assert.False(cursor.IsColumnActive(grouped.Schema["Name"]));
            Assert.Throws<ArgumentOutOfRangeException>(() => cursor.GetGetter<ReadOnlyMemory<char>>(grouped.Schema["Name"]));
            Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(grouped.Schema["Point"]));
        }
        Assert.Equal(0, rows.NumberOfOpenCursors);

        var sequences = new WatchedView(grouped);
        IDataView steps = _context.Data.FlattenSequences(sequences, "Name", ["Single", "Point"]);
        RowTable.Read(steps, column => column.Name == "Point");
        Assert.Equal(["Point"], sequences.ActiveColumns);
        Assert.Equal(0, sequences.NumberOfOpenCursors);
    }

    [Fact]
    public void Grouping_reads_one_row_ahead()
    {
        WatchedView rows = Rows(((string[])["a", "a", "b", "b", "b", "c"]).Select(name => new Step { Name = name }).ToList());
        IDataView grouped = _context.Data.GroupSequences(rows, "Name", "Single");
        using DataViewRowCursor cursor = grouped.GetRowCursor(grouped.Schema);
        foreach (int read in (int[])[3, 6, 6])
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal(read, rows.NumberOfRowsRead);
        }
        Assert.False(cursor.MoveNext());
        Assert.Equal(0, rows.NumberOfOpenCursors);
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void Every_way_of_reading_gives_the_same(string kind)
    {
        IDataView view = View(kind, Rows(Step.Contiguous(1, 20, 6)));
        RowTable all = RowTable.Read(view);
        Assert.Equal(all.NumberOfRows, all.Ids.Distinct().Count());
        all.AssertSame(RowTable.Read(view), "again");
        foreach (DataViewSchema.Column column in view.Schema)
            all.Select(c => c.Name == column.Name).AssertSame(RowTable.Read(view, c => c.Name == column.Name), column.Name);
        all.Select(_ => false).AssertSame(RowTable.Read(view, _ => false), "no column");
        using DataViewRowCursor alone = Assert.Single(view.GetRowCursorSet(view.Schema, 4, new Random(1)));
        all.AssertSame(RowTable.ReadAndOverwrite(alone, [.. view.Schema]), "a set of cursors, buffers overwritten");
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void Position_counts_and_nothing_is_read_outside_the_rows(string kind)
    {
        IDataView view = View(kind, Rows(Step.Contiguous(1, 3, 3)));
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        Assert.Same(view.Schema, cursor.Schema);
        Func<object>[] readers = [.. view.Schema.Select(column => RowTable.CreateReader(cursor, column))];
        ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
        DataViewRowId id = default;
        Assert.Equal(-1, cursor.Position);
        Assert.All(readers, read => Assert.Throws<InvalidOperationException>(() => read()));
        Assert.Throws<InvalidOperationException>(() => getId(ref id));
        for (int n = 0; cursor.MoveNext(); n++)
        {
            Assert.Equal(n, cursor.Position);
            Assert.Equal(0, cursor.Batch);
            Assert.All(readers, read => Assert.NotNull(read()));
        }
        Assert.Equal(-1, cursor.Position);
        Assert.All(readers, read => Assert.Throws<InvalidOperationException>(() => read()));
        Assert.False(cursor.MoveNext());
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void Failure_of_the_input_ends_the_pass(string kind)
    {
        foreach (WatchedView rows in (WatchedView[])[new(Data(Step.Contiguous(1, 9, 6))) { FailingRow = 12 }, new(Data(Step.Contiguous(1, 9, 6))) { UnreadableRow = 12 }])
        {
            IDataView view = View(kind, rows);
            using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
            Assert.Contains("Row 12 cannot be", Assert.Throws<IOException>(() => ReadToEnd(cursor)).Message, StringComparison.Ordinal);
            Assert.Equal(0, rows.NumberOfOpenCursors);
            Assert.False(cursor.MoveNext());
        }
    }

    [Theory]
    [MemberData(nameof(Views))]
    public void Cancelled_context_stops_a_pass(string kind)
    {
        WatchedView rows = Rows(Step.Contiguous(1, 900, 9));
        IDataView view = View(kind, rows);
        using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
        if (kind != "sorted")
            Assert.True(cursor.MoveNext());
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.NonPublic | BindingFlags.Instance)!.Invoke(_context, null);
        Assert.ThrowsAny<OperationCanceledException>(() => ReadToEnd(cursor));
        Assert.Equal(0, rows.NumberOfOpenCursors);
        Assert.True(rows.NumberOfRowsRead < 2048);
    }

    [Fact]
    public void Cancelled_context_stops_a_merge()
    {
        IDataView grouped = new GroupedView(ViewHost.Of(_context.Data, "Test"), Rows(Step.Interleaved(1, 900, 9)), "Name", Step.Values, "Time", limits: new SequenceLimits(10_000, Array.MaxLength));
        using DataViewRowCursor cursor = grouped.GetRowCursor(grouped.Schema);
        Assert.True(cursor.MoveNext());
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.NonPublic | BindingFlags.Instance)!.Invoke(_context, null);
        Assert.ThrowsAny<OperationCanceledException>(() => ReadToEnd(cursor));
    }

    [Fact]
    public void Row_costs_no_memory_once_buffers_have_grown()
    {
        List<Step> steps = [.. Enumerable.Range(0, 500).SelectMany(number => Enumerable.Range(0, 7).Select(_ => new Step { Number = number, Point = [1, 2, 3], Pair = [4, 5] }))];
        IDataView cached = _context.Data.Cache(_context.Data.LoadFromEnumerable(steps));
        IDataView grouped = _context.Data.Cache(_context.Data.GroupSequences(cached, "Number", Step.Values));
        // Filling a cache costs memory.
        RowTable.Read(cached);
        RowTable.Read(grouped);
        foreach (IDataView view in (IDataView[])[
            _context.Data.FlattenSequences(grouped, "Number", Step.Values),
            _context.Data.GroupSequences(cached, "Number", Step.Values, "Time")])
        {
            using DataViewRowCursor cursor = view.GetRowCursor(view.Schema);
            ValueGetter<long> getNumber = cursor.GetGetter<long>(view.Schema["Number"]);
            Action getPoint = view.Schema["Point"].Type is VectorDataViewType ? Reader<VBuffer<float>>(cursor, "Point") : Reader<float>(cursor, "Point");
            Action getSymbol = view.Schema["Symbol"].Type is VectorDataViewType ? Reader<VBuffer<byte>>(cursor, "Symbol") : Reader<byte>(cursor, "Symbol");
            long number = 0;
            long before = 0;
            while (cursor.MoveNext())
            {
                getNumber(ref number);
                getPoint();
                getSymbol();
                if (cursor.Position == 350)
                    before = GC.GetAllocatedBytesForCurrentThread();
                if (cursor.Position == 499)
                    Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
            }
        }
    }

    private static Action Reader<T>(DataViewRowCursor cursor, string name)
    {
        ValueGetter<T> getter = cursor.GetGetter<T>(cursor.Schema[name]);
        T value = default!;
        return () => getter(ref value);
    }

    private static void ReadToEnd(DataViewRowCursor cursor)
    {
        while (cursor.MoveNext())
        {
        }
    }

    private IDataView Data(List<Step> steps) => _context.Data.LoadFromEnumerable(steps);

    private WatchedView Rows(List<Step> steps) => new(Data(steps));

    private IDataView View(string kind, WatchedView rows) => kind switch
    {
        "grouped" => _context.Data.GroupSequences(rows, "Name", Step.Values),
        "sorted" => _context.Data.GroupSequences(rows, "Name", Step.Values, "Time"),
        _ => _context.Data.FlattenSequences(_context.Data.GroupSequences(rows, "Name", Step.Values), "Name", Step.Values),
    };
}
