using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Testing;

/// <summary>A data view that remembers what was asked of it, and that fails on request.</summary>
/// <param name="source">The data.</param>
public sealed class WatchedView(IDataView source) : IDataView
{
    private readonly ConcurrentBag<Cursor> _cursors = [];

    /// <summary>The row, counted from 0 by each cursor, that cannot be moved to; <see langword="null"/> for none.</summary>
    public long? FailingRow { get; init; }

    /// <summary>The row whose values cannot be read; <see langword="null"/> for none.</summary>
    public long? UnreadableRow { get; init; }

    /// <summary>How many cursors were opened.</summary>
    public int NumberOfCursors => _cursors.Count;

    /// <summary>How many of them are not disposed.</summary>
    public int NumberOfOpenCursors => _cursors.Count(cursor => !cursor.IsDisposed);

    /// <summary>How often a cursor was disposed, counting every time, by cursor.</summary>
    public IEnumerable<int> NumbersOfDisposals => _cursors.Select(cursor => cursor.NumberOfDisposals);

    /// <summary>How many rows were read, by all cursors together.</summary>
    public long NumberOfRowsRead => _cursors.Sum(cursor => cursor.NumberOfRows);

    /// <summary>The names of the columns that were active in any cursor.</summary>
    public IEnumerable<string> ActiveColumns => _cursors.SelectMany(cursor => Schema.Where(cursor.IsColumnActive)).Select(column => column.Name).Distinct().Order(StringComparer.Ordinal);

    public DataViewSchema Schema => source.Schema;

    public bool CanShuffle => source.CanShuffle;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => Watch(source.GetRowCursor(columnsNeeded, rand));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        Array.ConvertAll(source.GetRowCursorSet(columnsNeeded, n, rand), Watch);

    private DataViewRowCursor Watch(DataViewRowCursor cursor)
    {
        var watched = new Cursor(this, cursor);
        _cursors.Add(watched);
        return watched;
    }

    private sealed class Cursor(WatchedView view, DataViewRowCursor source) : DataViewRowCursor
    {
        private bool _isAtEnd;

        public bool IsDisposed => NumberOfDisposals > 0;

        public int NumberOfDisposals { get; private set; }

        public long NumberOfRows { get; private set; }

        public override DataViewSchema Schema => source.Schema;

        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override bool MoveNext()
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            if (source.Position + 1 == view.FailingRow)
                throw new IOException($"Row {view.FailingRow} cannot be moved to.");
            if (_isAtEnd)
                throw new InvalidOperationException("There are no more rows, as was said before.");
            if (!source.MoveNext())
            {
                _isAtEnd = true;
                return false;
            }
            NumberOfRows++;
            return true;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            ValueGetter<TValue> getter = source.GetGetter<TValue>(column);
            return (ref TValue value) =>
            {
                if (source.Position == view.UnreadableRow)
                    throw new IOException($"Row {view.UnreadableRow} cannot be read.");
                getter(ref value);
            };
        }

        protected override void Dispose(bool disposing)
        {
            NumberOfDisposals++;
            source.Dispose();
            base.Dispose(disposing);
        }
    }
}
