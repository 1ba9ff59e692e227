using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>Moves with the rows of one cursor and reads the columns that a mapper makes of them.</summary>
internal sealed class BlockScoredCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _rows;
    private readonly DataViewRow _mapped;
    private readonly bool[] _isActive;

    /// <summary>Makes a cursor.</summary>
    /// <param name="rows">The rows, which belong to <paramref name="mapped"/>.</param>
    /// <param name="mapped">What the mapper makes of the current row; it belongs to the new cursor from now on.</param>
    /// <param name="active">The active columns.</param>
    public BlockScoredCursor(DataViewRowCursor rows, DataViewRow mapped, IEnumerable<DataViewSchema.Column> active)
    {
        _rows = rows;
        _mapped = mapped;
        _isActive = new bool[mapped.Schema.Count];
        foreach (DataViewSchema.Column column in active)
            _isActive[column.Index] = true;
    }

    /// <inheritdoc/>
    public override DataViewSchema Schema => _mapped.Schema;

    /// <inheritdoc/>
    public override long Position => _rows.Position;

    /// <inheritdoc/>
    public override long Batch => _rows.Batch;

    /// <inheritdoc/>
    public override bool MoveNext() => _rows.MoveNext();

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() => _rows.GetIdGetter();

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) => column.Index < _isActive.Length && _isActive[column.Index];

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        IsColumnActive(column)
            ? _mapped.GetGetter<TValue>(column)
            : throw new ArgumentOutOfRangeException(nameof(column), $"Column '{column.Name}' is not active.");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _mapped.Dispose();
        base.Dispose(disposing);
    }
}
