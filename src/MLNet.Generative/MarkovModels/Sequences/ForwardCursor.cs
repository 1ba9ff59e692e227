using Microsoft.ML;

namespace MLNet.Generative;

/// <summary>What the cursors of a <see cref="ForwardView"/> have in common: the position, the end, the active columns, and the input, which belongs to them.</summary>
/// <param name="host">Through which a pass is cancelled.</param>
/// <param name="schema">The view's schema.</param>
/// <param name="input">The cursor of the input.</param>
internal abstract class ForwardCursor(ViewHost host, DataViewSchema schema, DataViewRowCursor input) : DataViewRowCursor
{
    private const int RowsPerCheck = 1024;

    private readonly Delegate?[] _getters = new Delegate?[schema.Count];
    private long _position = -1;
    private long _numberOfTicks;
    private bool _isDisposed;

    /// <inheritdoc/>
    public override DataViewSchema Schema => schema;

    /// <inheritdoc/>
    public override long Position => _position;

    /// <summary>The cursor of the input.</summary>
    protected DataViewRowCursor Input => input;

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        if (_isDisposed)
            return false;
        bool hasMoved = false;
        try
        {
            hasMoved = MoveNextCore();
        }
        finally
        {
            // After an error too: going on would leave out, without a word, the rows that were read before the one that failed.
            if (!hasMoved)
                Dispose();
        }
        if (hasMoved)
            _position++;
        return hasMoved;
    }

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _getters.Length && _getters[column.Index] is not null;

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
            throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' is not active.");
        return _getters[column.Index] as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' has values of type {column.Type.RawType}, not {typeof(TValue)}.");
    }

    /// <summary>Throws if there is no current row.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public void RequireRow()
    {
        if (_position < 0)
            throw new InvalidOperationException("There is no row to read a value of: MoveNext has not been called yet, or it has returned false, or the cursor is disposed.");
    }

    /// <summary>Makes a column active.</summary>
    /// <param name="index">The column's index.</param>
    /// <param name="getter">Its getter, which asks for <see cref="RequireRow"/> itself.</param>
    protected void Activate(int index, Delegate getter) => _getters[index] = getter;

    /// <summary>Moves to the next row; <see langword="false"/> if there is none.</summary>
    protected abstract bool MoveNextCore();

    /// <summary>Moves the input to its next row.</summary>
    protected bool MoveInput()
    {
        Tick();
        return input.MoveNext();
    }

    /// <summary>To be called for every step of work: looks from time to time whether the user wants to stop.</summary>
    /// <exception cref="OperationCanceledException">The user does.</exception>
    protected void Tick()
    {
        if (_numberOfTicks++ % RowsPerCheck == 0)
            host.CheckAlive();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _position = -1;
        if (disposing)
            input.Dispose();
        base.Dispose(disposing);
    }
}
