using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>The keys of sequences, numbered from 0 in the order in which they first appear.</summary>
internal abstract class SequenceKeys
{
    /// <summary>The types that a key column may have, in words.</summary>
    public const string ExpectedTypes = "text, a key, a number, Boolean, DateTime, DateTimeOffset, TimeSpan or DataViewRowId";

    /// <summary>Whether keys of a type can be compared.</summary>
    /// <param name="type">The type.</param>
    public static bool CanRead(DataViewType type) =>
        type is TextDataViewType or KeyDataViewType or NumberDataViewType or BooleanDataViewType
            or DateTimeDataViewType or DateTimeOffsetDataViewType or TimeSpanDataViewType or RowIdDataViewType;

    /// <summary>Makes an empty list of keys.</summary>
    /// <param name="input">The rows, in which the column is active.</param>
    /// <param name="column">The key column.</param>
    public static SequenceKeys Create(DataViewRow input, DataViewSchema.Column column) =>
        (SequenceKeys)Activator.CreateInstance(typeof(SequenceKeys<>).MakeGenericType(column.Type.RawType), input, column)!;

    /// <summary>The number of the key of the input's current row.</summary>
    /// <exception cref="InvalidOperationException">The row has no key.</exception>
    public abstract int Read();

    /// <summary>A key as a user would write it.</summary>
    /// <param name="number">The key's number.</param>
    public abstract string Describe(int number);

    /// <summary>A getter of the key of the current sequence.</summary>
    /// <param name="current">The number of that key.</param>
    public abstract Delegate CreateGetter(Func<int> current);
}

/// <summary>Keys of one type.</summary>
internal sealed class SequenceKeys<T>(DataViewRow input, DataViewSchema.Column column) : SequenceKeys
    where T : notnull
{
    private readonly ValueGetter<T> _read = input.GetGetter<T>(column);
    private readonly IEqualityComparer<T> _comparer = typeof(T) == typeof(ReadOnlyMemory<char>) ? (IEqualityComparer<T>)(object)TextComparer.Instance : EqualityComparer<T>.Default;
    private readonly bool _isKeyType = column.Type is KeyDataViewType;
    private readonly List<T> _keys = [];
    private Dictionary<T, int>? _numbers;
    private T _key = default!;
    private int _last = -1;

    public override int Read()
    {
        _read(ref _key);
        // Rows of one sequence tend to follow each other.
        if (_last >= 0 && _comparer.Equals(_key, _keys[_last]))
            return _last;
        if (IsMissing(_key))
            throw new InvalidOperationException($"Row {input.Position} has no value in key column '{column.Name}', so there is no telling which sequence it belongs to. Give the row a key, or remove it.");
        _numbers ??= new Dictionary<T, int>(_comparer);
        if (!_numbers.TryGetValue(_key, out _last))
        {
            _last = _keys.Count;
            T kept = Keep(_key);
            _keys.Add(kept);
            _numbers.Add(kept, _last);
        }
        return _last;
    }

    public override string Describe(int number)
    {
        string text = Convert.ToString(_keys[number], CultureInfo.InvariantCulture)!;
        if (!column.HasKeyValues())
            return text;
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetKeyValues(ref names);
        ulong place = Convert.ToUInt64(_keys[number], CultureInfo.InvariantCulture);
        return place <= (ulong)names.Length ? names.GetItemOrDefault((int)place - 1).ToString() : text;
    }

    public override Delegate CreateGetter(Func<int> current) => (ValueGetter<T>)((ref T value) => value = _keys[current()]);

    private bool IsMissing(T key) => key switch
    {
        float number => float.IsNaN(number),
        double number => double.IsNaN(number),
        ReadOnlyMemory<char> text => text.IsEmpty,
        _ => _isKeyType && _comparer.Equals(key, default),
    };

    // A text may be a piece of a whole file's line, which should not stay in memory for it.
    private static T Keep(T key) => key is ReadOnlyMemory<char> text ? (T)(object)text.ToString().AsMemory() : key;

    private sealed class TextComparer : IEqualityComparer<ReadOnlyMemory<char>>
    {
        public static readonly TextComparer Instance = new();

        public bool Equals(ReadOnlyMemory<char> x, ReadOnlyMemory<char> y) => x.Span.SequenceEqual(y.Span);

        public int GetHashCode([DisallowNull] ReadOnlyMemory<char> text) => string.GetHashCode(text.Span);
    }
}
