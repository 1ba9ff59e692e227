using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>
/// A cursor that reads some rows ahead and then serves them one by one. All of them can be visited at any time, so that what is computed for one can be computed for
/// all of them in one call.
/// </summary>
internal sealed class LookAheadCursor : DataViewRowCursor
{
    private readonly IHostEnvironment _environment;
    private readonly DataViewRowCursor _input;
    private readonly BufferedColumn?[] _columns;
    private readonly BufferedColumn<DataViewRowId> _ids;
    private readonly long[] _batches;
    private long _blockPosition;
    private int _numberOfRows;
    private int _slot;
    private bool _isDisposed;

    private LookAheadCursor(IHostEnvironment environment, DataViewRowCursor input, IEnumerable<DataViewSchema.Column> columns, int rowsPerBlock)
    {
        _environment = environment;
        _input = input;
        RowsPerBlock = rowsPerBlock;
        _batches = new long[rowsPerBlock];
        _ids = new BufferedColumn<DataViewRowId>(this, input.GetIdGetter());
        _columns = new BufferedColumn?[input.Schema.Count];
        foreach (DataViewSchema.Column column in columns)
            _columns[column.Index] ??= BufferedColumn.Create(this, input, column);
    }

    /// <summary>How many rows are read ahead.</summary>
    public int RowsPerBlock { get; }

    /// <summary>How many rows the current block has: as many as are read ahead, unless there are no more.</summary>
    public int NumberOfRows => _numberOfRows;

    /// <summary>The place of the current row in its block.</summary>
    /// <exception cref="InvalidOperationException">There is no current row.</exception>
    public int Slot => _numberOfRows > 0
        ? _slot
        : throw new InvalidOperationException("There is no row to read a value of: MoveNext has not been called yet, or it has returned false, or the cursor is disposed.");

    /// <summary>The position of the first row of the current block.</summary>
    public long BlockPosition => _blockPosition;

    /// <inheritdoc/>
    public override DataViewSchema Schema => _input.Schema;

    /// <inheritdoc/>
    public override long Position => _numberOfRows > 0 ? _blockPosition + _slot : -1;

    /// <inheritdoc/>
    public override long Batch => _numberOfRows > 0 ? _batches[_slot] : _input.Batch;

    /// <summary>
    /// A cursor that reads ahead; the input itself if there is no need for it, or if ML.NET has no copies of a column's values: pictures, for example, belong to the row
    /// that they were read from.
    /// </summary>
    /// <param name="environment">Through which a pass is cancelled.</param>
    /// <param name="input">The cursor, which belongs to the new one from now on.</param>
    /// <param name="columns">Its active columns.</param>
    /// <param name="rowsPerBlock">How many rows to read ahead.</param>
    public static DataViewRowCursor Over(IHostEnvironment environment, DataViewRowCursor input, IReadOnlyCollection<DataViewSchema.Column> columns, int rowsPerBlock) =>
        rowsPerBlock > 1 && CanHold(columns) ? new LookAheadCursor(environment, input, columns, rowsPerBlock) : input;

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        if (_isDisposed)
            return false;
        if (_slot + 1 < _numberOfRows)
        {
            _slot++;
            return true;
        }
        if (ReadBlock())
            return true;
        Dispose();
        return false;
    }

    /// <summary>Makes each row of the block the current one, from the first to the last, and returns to the row that was.</summary>
    /// <param name="visit">Called with the row's slot.</param>
    public void Visit(Action<int> visit)
    {
        int current = _slot;
        try
        {
            for (_slot = 0; _slot < _numberOfRows; _slot++)
                visit(_slot);
        }
        finally
        {
            _slot = current;
        }
    }

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => (ValueGetter<DataViewRowId>)_ids.Getter;

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _columns.Length && _columns[column.Index] is not null;

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' is not active.");
        return _columns[column.Index]!.Getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' has values of type {column.Type.RawType}, not {typeof(TValue)}.");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _numberOfRows = 0;
        if (disposing)
            _input.Dispose();
        base.Dispose(disposing);
    }

    // The rule of ML.NET's own caches.
    private static bool CanHold(IEnumerable<DataViewSchema.Column> columns) =>
        columns.All(column => column.Type is PrimitiveDataViewType or VectorDataViewType);

    private bool ReadBlock()
    {
        bool wasLast = _numberOfRows > 0 && _numberOfRows < RowsPerBlock;
        _blockPosition += _numberOfRows;
        _numberOfRows = 0;
        _slot = 0;
        if (wasLast)
            return false;
        try
        {
            _environment.CheckAlive();
            int count = 0;
            for (; count < RowsPerBlock && _input.MoveNext(); count++)
                Hold(count);
            _numberOfRows = count;
        }
        catch
        {
            // Going on would leave out, without a word, the rows that were read before the one that failed. And not every reader disposes of a cursor that has thrown:
            // ML.NET's shuffling, which reads on a thread of its own, does not.
            Dispose();
            throw;
        }
        return _numberOfRows > 0;
    }

    private void Hold(int slot)
    {
        _batches[slot] = _input.Batch;
        _ids.Hold(slot);
        foreach (BufferedColumn? column in _columns)
            column?.Hold(slot);
    }
}
