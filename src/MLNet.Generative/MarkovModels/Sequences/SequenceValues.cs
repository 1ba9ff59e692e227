using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>The values of the current sequence, step after step.</summary>
internal abstract class SequenceValues
{
    /// <summary>The types that a column of steps may have, in words.</summary>
    public const string ExpectedTypes = "Single, Double, a key, or a vector of known size of Single or Double (MapValueToKey makes keys of texts, ConvertType makes Single of other numbers)";

    private protected SequenceValues(string columnName, int valuesPerStep, int bytesPerValue)
    {
        ColumnName = columnName;
        ValuesPerStep = valuesPerStep;
        BytesPerStep = (long)valuesPerStep * bytesPerValue;
    }

    /// <summary>The column's name.</summary>
    public string ColumnName { get; }

    /// <summary>The size D of a step; 1 for a scalar.</summary>
    public int ValuesPerStep { get; }

    /// <summary>The number of bytes of a step.</summary>
    public long BytesPerStep { get; }

    /// <summary>Whether steps of a type can be put together.</summary>
    /// <param name="type">The type.</param>
    public static bool CanRead(DataViewType type) => type is KeyDataViewType || IsReal(type) || (type is VectorDataViewType { IsKnownSize: true } vector && IsReal(vector.ItemType));

    /// <summary>Makes an empty sequence.</summary>
    /// <param name="input">The rows, in which the column is active.</param>
    /// <param name="column">The column of steps.</param>
    public static SequenceValues Create(DataViewRow input, DataViewSchema.Column column)
    {
        Type item = column.Type is VectorDataViewType vector ? vector.ItemType.RawType : column.Type.RawType;
        return (SequenceValues)Activator.CreateInstance(typeof(SequenceValues<>).MakeGenericType(item), input, column)!;
    }

    /// <summary>Takes all steps out.</summary>
    public abstract void Clear();

    /// <summary>Adds the input's current row.</summary>
    public abstract void Append();

    /// <summary>Adds a step from its bytes.</summary>
    /// <param name="step">The bytes.</param>
    public abstract void Append(ReadOnlySpan<byte> step);

    /// <summary>Reads the input's current row as bytes.</summary>
    /// <param name="step">Receives them.</param>
    public abstract void Read(Span<byte> step);

    /// <summary>A getter of the sequence.</summary>
    /// <param name="cursor">The cursor whose rows the sequences are.</param>
    public abstract Delegate CreateGetter(ForwardCursor cursor);

    private static bool IsReal(DataViewType type) => type == NumberDataViewType.Single || type == NumberDataViewType.Double;
}

/// <summary>Values of one type.</summary>
internal sealed class SequenceValues<T> : SequenceValues
    where T : unmanaged
{
    private delegate void StepReader(Span<T> step);

    private readonly StepReader _read;
    private T[] _items = [];
    private int _count;

    public SequenceValues(DataViewRow input, DataViewSchema.Column column)
        : base(column.Name, column.Type is VectorDataViewType vector ? vector.Size : 1, Unsafe.SizeOf<T>())
    {
        if (column.Type is VectorDataViewType)
        {
            ValueGetter<VBuffer<T>> getVector = input.GetGetter<VBuffer<T>>(column);
            VBuffer<T> value = default;
            _read = step =>
            {
                getVector(ref value);
                value.CopyTo(step);
            };
        }
        else
        {
            ValueGetter<T> getScalar = input.GetGetter<T>(column);
            _read = step => getScalar(ref step[0]);
        }
    }

    public override void Clear() => _count = 0;

    public override void Append() => _read(Add());

    public override void Append(ReadOnlySpan<byte> step) => step.CopyTo(MemoryMarshal.AsBytes(Add()));

    public override void Read(Span<byte> step) => _read(MemoryMarshal.Cast<byte, T>(step));

    public override Delegate CreateGetter(ForwardCursor cursor) => (ValueGetter<VBuffer<T>>)((ref VBuffer<T> value) =>
    {
        cursor.RequireRow();
        VBufferEditor<T> editor = VBufferEditor.Create(ref value, _count);
        _items.AsSpan(0, _count).CopyTo(editor.Values);
        value = editor.Commit();
    });

    private Span<T> Add()
    {
        int needed = _count + ValuesPerStep;
        if (needed > _items.Length)
            Array.Resize(ref _items, (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _items.Length)));
        Span<T> step = _items.AsSpan(_count, ValuesPerStep);
        _count = needed;
        return step;
    }
}
