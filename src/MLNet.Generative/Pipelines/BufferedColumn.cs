using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>The values of a column for the rows that a <see cref="LookAheadCursor"/> has read ahead.</summary>
internal abstract class BufferedColumn
{
    /// <summary>Reads the value of the current row of the cursor, from the block's current slot: a <see cref="ValueGetter{TValue}"/>.</summary>
    public abstract Delegate Getter { get; }

    /// <summary>Makes the buffer of a column.</summary>
    /// <param name="block">The cursor whose rows are held.</param>
    /// <param name="input">The cursor that they come from.</param>
    /// <param name="column">The column, which is active there.</param>
    public static BufferedColumn Create(LookAheadCursor block, DataViewRow input, DataViewSchema.Column column)
    {
        Type type = column.Type is VectorDataViewType vector
            ? typeof(BufferedVectorColumn<>).MakeGenericType(vector.ItemType.RawType)
            : typeof(BufferedColumn<>).MakeGenericType(column.Type.RawType);
        return (BufferedColumn)Activator.CreateInstance(type, block, input, column)!;
    }

    /// <summary>Keeps the value of the current row of the input.</summary>
    /// <param name="slot">The row's slot.</param>
    public abstract void Hold(int slot);
}

/// <summary>The values of a column that are copied by assignment: numbers, keys, times, ids. Texts too, whose characters ML.NET never changes once they are read.</summary>
internal class BufferedColumn<T> : BufferedColumn
{
    private readonly LookAheadCursor _block;
    private readonly ValueGetter<T> _read;
    private readonly T[] _values;

    public BufferedColumn(LookAheadCursor block, DataViewRow input, DataViewSchema.Column column)
        : this(block, input.GetGetter<T>(column))
    {
    }

    public BufferedColumn(LookAheadCursor block, ValueGetter<T> read)
    {
        _block = block;
        _read = read;
        _values = new T[block.RowsPerBlock];
    }

    public override Delegate Getter => (ValueGetter<T>)Get;

    public override void Hold(int slot) => _read(ref _values[slot]);

    protected virtual void Copy(in T source, ref T target) => target = source;

    private void Get(ref T value) => Copy(in _values[_block.Slot], ref value);
}

/// <summary>The values of a vector column. They are copied into the reader's own buffers, because he may change what he gets.</summary>
internal sealed class BufferedVectorColumn<TItem>(LookAheadCursor block, DataViewRow input, DataViewSchema.Column column)
    : BufferedColumn<VBuffer<TItem>>(block, input, column)
{
    protected override void Copy(in VBuffer<TItem> source, ref VBuffer<TItem> target) => source.CopyTo(ref target);
}
