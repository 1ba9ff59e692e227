using Microsoft.ML;

namespace MLNet.Generative;

/// <summary>A view whose rows can only be made one after the other, by one cursor.</summary>
internal abstract class ForwardView : IDataView
{
    /// <inheritdoc/>
    public abstract DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public bool CanShuffle => false;

    /// <inheritdoc/>
    public long? GetRowCount() => null;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        var isActive = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
            isActive[column.Index] = true;
        return Open(isActive);
    }

    /// <inheritdoc/>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [GetRowCursor(columnsNeeded, rand)];

    /// <summary>Opens a cursor.</summary>
    /// <param name="isActive">Whether each column is active.</param>
    protected abstract DataViewRowCursor Open(bool[] isActive);
}
