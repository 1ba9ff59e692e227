using Microsoft.ML;

namespace MLNet.Generative;

/// <summary>The columns of the current sequence: its key, the values of the active value columns, and what else is known of it.</summary>
internal sealed class GroupedColumns
{
    private readonly bool _isKeyActive;
    private readonly SequenceValues?[] _values;
    private readonly SequenceAttribute?[] _attributes;

    /// <summary>Makes the columns of no sequence.</summary>
    /// <param name="input">The rows.</param>
    /// <param name="key">The key column, which is always read.</param>
    /// <param name="isKeyActive">Whether the key is read by others too.</param>
    /// <param name="values">The value columns; <see langword="null"/> for those that are not active.</param>
    /// <param name="attributes">The columns with one value for a sequence; <see langword="null"/> for those that are not active.</param>
    public GroupedColumns(DataViewRow input, DataViewSchema.Column key, bool isKeyActive, DataViewSchema.Column?[] values, DataViewSchema.Column?[] attributes)
    {
        _isKeyActive = isKeyActive;
        Keys = SequenceKeys.Create(input, key);
        _values = Array.ConvertAll(values, column => column is { } active ? SequenceValues.Create(input, active) : null);
        _attributes = Array.ConvertAll(attributes, column => column is { } active ? SequenceAttribute.Create(input, active) : null);
        Active = [.. _values.OfType<SequenceValues>()];
        KeyColumnName = key.Name;
    }

    /// <summary>The name of the key column.</summary>
    public string KeyColumnName { get; }

    /// <summary>The keys so far.</summary>
    public SequenceKeys Keys { get; }

    /// <summary>The value columns that are active.</summary>
    public SequenceValues[] Active { get; }

    /// <summary>Reads what the input's current row says of its sequence.</summary>
    /// <param name="number">The number of its key, which was just read.</param>
    /// <exception cref="InvalidOperationException">The row says something else than the rows before.</exception>
    public void ReadAttributes(int number)
    {
        foreach (SequenceAttribute? attribute in _attributes)
            attribute?.Read(Keys, number);
    }

    /// <summary>The getters, by the index of the column.</summary>
    /// <param name="cursor">The cursor whose rows the sequences are.</param>
    /// <param name="current">The number of the current key.</param>
    public IEnumerable<(int Index, Delegate Getter)> CreateGetters(ForwardCursor cursor, Func<int> current)
    {
        if (_isKeyActive)
            yield return (0, Keys.CreateGetter(current));
        for (int i = 0; i < _values.Length; i++)
        {
            if (_values[i] is { } values)
                yield return (i + 1, values.CreateGetter(cursor));
        }
        for (int i = 0; i < _attributes.Length; i++)
        {
            if (_attributes[i] is { } attribute)
                yield return (1 + _values.Length + i, attribute.CreateGetter(current));
        }
    }
}
