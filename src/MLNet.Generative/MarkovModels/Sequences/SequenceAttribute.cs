using System.Globalization;
using Microsoft.ML;

namespace MLNet.Generative;

/// <summary>A column with one value for each sequence, such as its label or weight, that every row of the sequence repeats.</summary>
internal abstract class SequenceAttribute
{
    /// <summary>Makes the column of no sequence.</summary>
    /// <param name="input">The rows, in which the column is active.</param>
    /// <param name="column">The column, a scalar.</param>
    public static SequenceAttribute Create(DataViewRow input, DataViewSchema.Column column) =>
        (SequenceAttribute)Activator.CreateInstance(typeof(SequenceAttribute<>).MakeGenericType(column.Type.RawType), input, column)!;

    /// <summary>Reads the value of the input's current row.</summary>
    /// <param name="keys">The keys, of which the row's was just read.</param>
    /// <param name="number">The number of that key.</param>
    /// <exception cref="InvalidOperationException">Another row of the sequence has another value.</exception>
    public abstract void Read(SequenceKeys keys, int number);

    /// <summary>A getter of the value of the current sequence.</summary>
    /// <param name="current">The number of its key.</param>
    public abstract Delegate CreateGetter(Func<int> current);
}

/// <summary>Values of one type.</summary>
internal sealed class SequenceAttribute<T>(DataViewRow input, DataViewSchema.Column column) : SequenceAttribute
{
    private readonly ValueGetter<T> _read = input.GetGetter<T>(column);
    private readonly List<T> _values = [];
    private T _value = default!;

    public override void Read(SequenceKeys keys, int number)
    {
        _read(ref _value);
        if (number == _values.Count)
            // A text may be a piece of a whole file's line, which should not stay in memory for it.
            _values.Add(_value is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : _value);
        else if (!AreEqual(_values[number], _value))
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"Row {input.Position} has {_value} in column '{column.Name}', but earlier rows of the sequence '{keys.Describe(number)}' have {_values[number]}. A sequence has one value there: group '{column.Name}' as a value column, or correct the row."));
    }

    public override Delegate CreateGetter(Func<int> current) => (ValueGetter<T>)((ref T value) => value = _values[current()]);

    private static bool AreEqual(T x, T y) =>
        x is ReadOnlyMemory<char> text && y is ReadOnlyMemory<char> other ? text.Span.SequenceEqual(other.Span) : EqualityComparer<T>.Default.Equals(x, y);
}
