using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNet.Generative.Testing;

/// <summary>What one pass over a data view gave: the ids of the rows and the values of the columns that were active.</summary>
public sealed class RowTable
{
    private readonly IReadOnlyList<(DataViewRowId Id, object[] Values)> _rows;

    private RowTable(IReadOnlyList<DataViewSchema.Column> columns, IReadOnlyList<(DataViewRowId Id, object[] Values)> rows)
    {
        Columns = columns;
        _rows = rows;
    }

    /// <summary>The columns that were read.</summary>
    public IReadOnlyList<DataViewSchema.Column> Columns { get; }

    /// <summary>The number of rows.</summary>
    public int NumberOfRows => _rows.Count;

    /// <summary>The ids of the rows in the order in which they came.</summary>
    public IEnumerable<DataViewRowId> Ids => _rows.Select(row => row.Id);

    /// <summary>Reads all columns, hidden ones too.</summary>
    public static RowTable Read(IDataView view) => Read(view, _ => true);

    /// <summary>Reads some columns.</summary>
    public static RowTable Read(IDataView view, Func<DataViewSchema.Column, bool> isActive)
    {
        DataViewSchema.Column[] columns = [.. view.Schema.Where(isActive)];
        using DataViewRowCursor cursor = view.GetRowCursor(columns);
        return Read(cursor, columns);
    }

    /// <summary>Reads the rows that a cursor has left.</summary>
    public static RowTable Read(DataViewRowCursor cursor, IReadOnlyList<DataViewSchema.Column> columns) => Read(cursor, cursor, columns);

    /// <summary>Reads the rows that a cursor has left, twice each, and overwrites every vector's items and indices in between.</summary>
    public static RowTable ReadAndOverwrite(DataViewRowCursor cursor, IReadOnlyList<DataViewSchema.Column> columns) =>
        Read(cursor, columns, [.. columns.Select(column => ColumnReader.Create(cursor, column, overwrites: true))]);

    /// <summary>Reads what a row gives at every row that a cursor has left.</summary>
    /// <param name="cursor">The cursor.</param>
    /// <param name="row">The cursor itself, or a row that a mapper makes of it.</param>
    /// <param name="columns">The columns of the row.</param>
    public static RowTable Read(DataViewRowCursor cursor, DataViewRow row, IReadOnlyList<DataViewSchema.Column> columns) =>
        Read(cursor, columns, [.. columns.Select(column => ColumnReader.Create(row, column))]);

    /// <summary>Reads the cursors of a set, each on a thread of its own, as one table.</summary>
    public static RowTable ReadSet(DataViewRowCursor[] cursors, IReadOnlyList<DataViewSchema.Column> columns)
    {
        Task<RowTable>[] tasks = [.. cursors.Select(cursor => Task.Factory.StartNew(
            () =>
            {
                using (cursor)
                    return Read(cursor, columns);
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        return new RowTable(columns, [.. Task.WhenAll(tasks).GetAwaiter().GetResult().SelectMany(table => table._rows)]);
    }

    /// <summary>
    /// Reads the cursors of a set, each on a thread of its own, and puts their rows in the order of their batches. Fails if the batches of a cursor do not rise, or a batch comes
    /// from two cursors.
    /// </summary>
    public static RowTable ReadSetByBatch(DataViewRowCursor[] cursors, IReadOnlyList<DataViewSchema.Column> columns)
    {
        Task<(RowTable Table, long[] Batches)>[] tasks = [.. cursors.Select(cursor => Task.Factory.StartNew(
            () =>
            {
                using (cursor)
                {
                    var batches = new List<long>();
                    Func<object>[] readers = [.. columns.Select(column => ColumnReader.Create(cursor, column))];
                    RowTable table = Read(cursor, columns, readers, () => batches.Add(cursor.Batch));
                    return (table, batches.ToArray());
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        (RowTable Table, long[] Batches)[] parts = Task.WhenAll(tasks).GetAwaiter().GetResult();
        Assert.All(parts, part => Assert.Equal(part.Batches.Order(), part.Batches));
        long[] owned = [.. parts.SelectMany(part => part.Batches.Distinct())];
        Assert.Equal(owned.Distinct().Count(), owned.Length);
        // The sort is stable, so that the rows of a batch stay in their order.
        return new RowTable(columns, [.. parts.SelectMany(part => part.Table._rows.Zip(part.Batches)).OrderBy(row => row.Second).Select(row => row.First)]);
    }

    /// <summary>The rows of single values, as a mapper of single rows gives them.</summary>
    public static RowTable Of(IReadOnlyList<DataViewSchema.Column> columns, IReadOnlyList<(DataViewRowId Id, object[] Values)> rows) => new(columns, rows);

    /// <summary>A reader of a column of any type of a single row.</summary>
    public static Func<object> CreateReader(DataViewRow row, DataViewSchema.Column column) => ColumnReader.Create(row, column);

    /// <summary>The same rows with only some of the columns.</summary>
    public RowTable Select(Func<DataViewSchema.Column, bool> isWanted)
    {
        int[] kept = [.. Enumerable.Range(0, Columns.Count).Where(i => isWanted(Columns[i]))];
        return new RowTable([.. kept.Select(i => Columns[i])], [.. _rows.Select(row => (row.Id, Array.ConvertAll(kept, i => row.Values[i])))]);
    }

    /// <summary>Some of the rows, by their place.</summary>
    public RowTable Where(Func<int, bool> isWanted) => new(Columns, [.. _rows.Where((_, n) => isWanted(n))]);

    /// <summary>The rows of this table and then those of others with the same columns.</summary>
    public RowTable Append(params IEnumerable<RowTable> others) => new(Columns, [.. _rows, .. others.SelectMany(other => other._rows)]);

    /// <summary>The same rows with the ids 0, 1, 2 and so on, for comparison with what has other ids.</summary>
    public RowTable Renumber() => new(Columns, [.. _rows.Select((row, n) => (new DataViewRowId((ulong)n, 0), row.Values))]);

    /// <summary>The same rows in the order of their ids.</summary>
    public RowTable SortById() =>
        new(Columns, [.. _rows.OrderBy(row => row.Id.High).ThenBy(row => row.Id.Low)]);

    /// <summary>The rows as lines of text that lose no bit: the values of some columns, separated by semicolons, vectors by spaces.</summary>
    public IReadOnlyList<string> Format(params string[] columnNames)
    {
        int[] indices = Array.ConvertAll(columnNames, name => Enumerable.Range(0, Columns.Count).Last(i => Columns[i].Name == name));
        return [.. _rows.Select(row => string.Join(';', indices.Select(i => ColumnReader.Format(row.Values[i]).Trim('[', ']').Replace("; ", " ", StringComparison.Ordinal))))];
    }

    /// <summary>Fails unless a value has the bits of the one in this table.</summary>
    /// <param name="row">The place of the row, from 0.</param>
    /// <param name="column">The place of the column, from 0.</param>
    /// <param name="actual">The value.</param>
    public void AssertValue(int row, int column, object actual)
    {
        object expected = _rows[row].Values[column];
        if (!ColumnReader.AreSame(expected, actual))
            Assert.Fail($"Row {row}, column '{Columns[column].Name}': expected {ColumnReader.Format(expected)}, got {ColumnReader.Format(actual)}.");
    }

    /// <summary>Fails unless another table has the same columns by name, the same rows by id and order, and the same bits in every value.</summary>
    /// <param name="actual">The other table.</param>
    /// <param name="what">What is compared, for the message.</param>
    public void AssertSame(RowTable actual, string what)
    {
        Assert.True(
            Columns.Select(column => column.Name).SequenceEqual(actual.Columns.Select(column => column.Name)),
            $"{what}: expected columns {Join(this)}, got {Join(actual)}.");
        Assert.True(NumberOfRows == actual.NumberOfRows, $"{what}: expected {NumberOfRows} rows, got {actual.NumberOfRows}.");
        for (int n = 0; n < NumberOfRows; n++)
        {
            (DataViewRowId expectedId, object[] expected) = _rows[n];
            (DataViewRowId id, object[] values) = actual._rows[n];
            Assert.True(expectedId.Equals(id), $"{what}: row {n} should have id {expectedId}, has {id}.");
            for (int i = 0; i < expected.Length; i++)
            {
                if (!ColumnReader.AreSame(expected[i], values[i]))
                    Assert.Fail($"{what}: row {n}, column {Columns[i].Index} '{Columns[i].Name}': expected {ColumnReader.Format(expected[i])}, got {ColumnReader.Format(values[i])}.");
            }
        }
    }

    private static RowTable Read(DataViewRowCursor cursor, IReadOnlyList<DataViewSchema.Column> columns, Func<object>[] readers, Action? atRow = null)
    {
        ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
        var rows = new List<(DataViewRowId, object[])>();
        DataViewRowId id = default;
        while (cursor.MoveNext())
        {
            atRow?.Invoke();
            getId(ref id);
            rows.Add((id, Array.ConvertAll(readers, read => read())));
        }
        return new RowTable(columns, rows);
    }

    private static string Join(RowTable table) => string.Join(", ", table.Columns.Select(column => $"'{column.Name}'"));
}
