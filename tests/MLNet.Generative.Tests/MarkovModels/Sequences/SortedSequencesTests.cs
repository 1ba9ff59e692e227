using System.Runtime.CompilerServices;
using CsCheck;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels.Sequences;

/// <summary>Rows in any order, sorted by key and order column, in memory or in a file.</summary>
public sealed class SortedSequencesTests
{
    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Rows_in_any_order_are_grouped_as_LINQ_groups_them() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 9], Gen.Int[0, 100_000], Gen.Int[0, 3].Select(n => ((long[])[1, 300, 2_000, 1 << 20])[n])).Sample(
            (numberOfSequences, longest, seed, bound) =>
            {
                List<Step> steps = Step.Interleaved(seed, numberOfSequences, longest);
                IDataView rows = _context.Data.LoadFromEnumerable(steps);
                // Both are stable; GroupBy keeps the order of first appearance.
                IDataView expected = _context.Data.LoadFromEnumerable(steps.GroupBy(step => step.Name).SelectMany(group => group.OrderBy(step => step.Time)).ToList());
                RowTable twin = RowTable.Read(_context.Data.GroupSequences(expected, "Name", Step.Values));
                RowTable sorted = RowTable.Read(new GroupedView(ViewHost.Of(_context.Data, "Test"), rows, "Name", Step.Values, "Time", limits: new SequenceLimits(bound, Array.MaxLength)));
                twin.AssertSame(sorted, $"bound {bound}");
            },
            iter: 100);

    [Fact]
    public void Order_may_have_any_type()
    {
        DateTime now = new(2020, 2, 29);
        long[] ranks = [3, -1, 0, long.MaxValue / 1_000_000, -5, 7, 1, 0];
        List<AnyOrder> rows =
        [
            .. ranks.Select((rank, n) => new AnyOrder
            {
                SByte = (sbyte)rank.CompareTo(0),
                Int64 = rank == -5 ? long.MinValue : rank,
                UInt64 = rank < 0 ? (ulong)rank : ulong.MaxValue / 2 + (ulong)(rank % 100),
                UInt32 = (uint)(rank & 7),
                Key = (byte)(rank % 50 + 10),
                BigKey = (ulong)(rank % 50 + 10),
                Single = rank switch { -5 => float.NegativeInfinity, 7 => float.PositiveInfinity, 0 when n == 2 => -0f, _ => rank / 4f },
                Double = rank == 1 ? double.Epsilon : rank * 1e300,
                Date = now.AddHours(rank % 100),
                Offset = new DateTimeOffset(now.AddHours(rank % 100), TimeSpan.FromHours(rank == 3 ? 5 : -3)),
                Span = TimeSpan.FromMinutes(rank % 100),
                Value = n,
            }),
        ];
        IDataView view = _context.Data.LoadFromEnumerable(rows);
        (string Column, Func<AnyOrder, IComparable> Select)[] orders =
        [
            ("SByte", row => row.SByte), ("Int64", row => row.Int64), ("UInt64", row => row.UInt64), ("UInt32", row => row.UInt32), ("Key", row => row.Key), ("BigKey", row => row.BigKey),
            ("Single", row => row.Single + 0f), ("Double", row => row.Double), ("Date", row => row.Date), ("Offset", row => row.Offset), ("Span", row => row.Span),
        ];
        foreach ((string column, Func<AnyOrder, IComparable> select) in orders)
        {
            string expected = string.Join(' ', rows.OrderBy(select).Select(row => row.Value));
            Assert.Equal([$"{column}: {expected}"], RowTable.Read(_context.Data.GroupSequences(view, "One", "Value", column)).Format("Value").Select(line => $"{column}: {line}"));
        }
    }

    [Fact]
    public void Row_without_a_place_in_the_order_is_an_error()
    {
        IDataView rows = _context.Data.LoadFromEnumerable([new Step { Number = 1, Key = 1 }, new Step { Number = 1, Key = 1000, Time = double.NaN, Single = float.NaN }]);
        foreach (string order in (string[])["Time", "Single", "Key"])
        {
            string message = Assert.Throws<InvalidOperationException>(() => RowTable.Read(_context.Data.GroupSequences(rows, "Number", "Double", order))).Message;
            Assert.StartsWith($"Row 1 has no value in order column '{order}'", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Order_may_be_a_value_too_and_need_not_be_in_the_output()
    {
        IDataView rows = _context.Data.LoadFromEnumerable([new Step { Number = 1, Double = 2 }, new Step { Number = 1, Double = -2 }]);
        Assert.Equal(["-2 2"], RowTable.Read(_context.Data.GroupSequences(rows, "Number", "Double", "Double")).Format("Double"));
        Assert.Equal(["Number", "Single"], _context.Data.GroupSequences(rows, "Number", "Single", "Double").Schema.Select(column => column.Name));
    }

    [Fact]
    public void Rows_within_the_bound_never_touch_the_disk()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(Step.Interleaved(1, 100, 50));
        _context.TempFilePath = Path.Combine(Path.GetTempPath(), "there is no such folder");
        Assert.Equal(100, RowTable.Read(_context.Data.GroupSequences(rows, "Name", Step.Values, "Time")).NumberOfRows);

        string message = Assert.Throws<IOException>(() => RowTable.Read(Bounded(rows, 1000))).Message;
        Assert.Contains("there is no such folder", message, StringComparison.Ordinal);
        Assert.Contains("Set MLContext.TempFilePath", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Temporary_file_is_gone_with_the_cursor_whatever_happens()
    {
        using var folder = new TemporaryFolder();
        _context.TempFilePath = folder.PathOf("");
        string[] FindFiles() => Directory.GetFiles(folder.PathOf(""));

        var rows = new WatchedView(_context.Data.LoadFromEnumerable(Step.Interleaved(1, 100, 50)));
        IDataView grouped = Bounded(rows, 1000);
        using (DataViewRowCursor cursor = grouped.GetRowCursor(grouped.Schema))
        {
            Assert.Empty(FindFiles());
            Assert.True(cursor.MoveNext());
            string file = Assert.Single(FindFiles());
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
        Assert.Empty(FindFiles());
        Assert.Equal(0, rows.NumberOfOpenCursors);

        using (DataViewRowCursor cursor = grouped.GetRowCursor(grouped.Schema))
        {
            while (cursor.MoveNext())
                Assert.Single(FindFiles());
            Assert.Empty(FindFiles());
        }

        var failing = new WatchedView(_context.Data.LoadFromEnumerable(Step.Interleaved(1, 100, 50))) { FailingRow = 500 };
        grouped = Bounded(failing, 1000);
        using (DataViewRowCursor cursor = grouped.GetRowCursor(grouped.Schema))
        {
            Assert.Contains("Row 500", Assert.Throws<IOException>(() => cursor.MoveNext()).Message, StringComparison.Ordinal);
            Assert.Empty(FindFiles());
            Assert.Equal(0, failing.NumberOfOpenCursors);
            Assert.False(cursor.MoveNext());
        }
    }

    [Fact]
    public void Several_passes_at_once_have_files_of_their_own()
    {
        using var folder = new TemporaryFolder();
        _context.TempFilePath = folder.PathOf("");
        IDataView rows = _context.Data.LoadFromEnumerable(Step.Interleaved(1, 50, 40));
        IDataView grouped = Bounded(rows, 5000);
        RowTable expected = RowTable.Read(_context.Data.GroupSequences(rows, "Name", Step.Values, "Time"));
        Parallel.For(0, 8, _ => expected.AssertSame(RowTable.Read(grouped), "in parallel"));
        Assert.Empty(Directory.GetFiles(folder.PathOf("")));
    }

    [Fact]
    public void Row_that_no_array_can_hold_is_an_error() =>
        Assert.Contains(
            "more than can be sorted. Sort the rows yourself",
            Assert.Throws<InvalidOperationException>(() => new RecordSorter(Array.MaxLength, 1 << 20, "")).Message, StringComparison.Ordinal);

    [Fact]
    public void File_of_a_forgotten_cursor_goes_with_the_garbage()
    {
        using var folder = new TemporaryFolder();
        _context.TempFilePath = folder.PathOf("");
        IDataView grouped = Bounded(_context.Data.LoadFromEnumerable(Step.Interleaved(1, 100, 50)), 1000);
        Forget(grouped);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Empty(Directory.GetFiles(folder.PathOf("")));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(IDataView view) => Assert.True(view.GetRowCursor(view.Schema).MoveNext());

    private GroupedView Bounded(IDataView rows, long bound) =>
        new(ViewHost.Of(_context.Data, "Test"), rows, "Name", Step.Values, "Time", limits: new SequenceLimits(bound, Array.MaxLength));

    private sealed class AnyOrder
    {
        public bool One { get; set; }

        public sbyte SByte { get; set; }

        public long Int64 { get; set; }

        public ulong UInt64 { get; set; }

        public uint UInt32 { get; set; }

        [KeyType(100)]
        public byte Key { get; set; }

        [KeyType(100)]
        public ulong BigKey { get; set; }

        public float Single { get; set; }

        public double Double { get; set; }

        public DateTime Date { get; set; }

        public DateTimeOffset Offset { get; set; }

        public TimeSpan Span { get; set; }

        public float Value { get; set; }
    }
}
