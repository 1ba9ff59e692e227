using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>
/// The column of sequences of a training, as it is stored with a transformer: draws have the same name and type, and keys keep their texts. For the authors of transformers
/// in this family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TrainedSequences
{
    private TrainedSequences(string columnName, SequenceItems items, int dimension, int keyCount, IReadOnlyList<string>? keyValues)
    {
        ColumnName = columnName;
        Items = items;
        Dimension = dimension;
        KeyCount = keyCount;
        KeyValues = keyValues;
    }

    /// <summary>The column's name.</summary>
    public string ColumnName { get; }

    /// <summary>What it held: one of the three.</summary>
    public SequenceItems Items { get; }

    /// <summary>D, the number of values per step.</summary>
    public int Dimension { get; }

    /// <summary>The number of values of its keys; 0 for numbers.</summary>
    public int KeyCount { get; }

    /// <summary>The texts of the keys' values; <see langword="null"/> if there are none.</summary>
    public IReadOnlyList<string>? KeyValues { get; }

    /// <summary>The column that sequences are read from.</summary>
    /// <param name="column">A column that <see cref="SequenceColumn"/> has found.</param>
    public static TrainedSequences Of(DataViewSchema.Column column) =>
        new(column.Name, SequenceColumn.ItemsOf(column), SequenceColumn.GetDimension(column), SequenceColumn.GetKeyCount(column), ReadKeyValues(column));

    /// <summary>Whether the keys of a column of this shape have values to name them.</summary>
    /// <param name="column">The shape.</param>
    public static bool HasKeyValues(SchemaShape.Column column) =>
        column.IsKey && column.Annotations.TryFindColumn(AnnotationUtils.Kinds.KeyValues, out _);

    // *** Binary format ***
    // string: name
    // int: what it holds
    // int: D
    // int: number of values of keys
    // int: number of texts or −1
    // string[]: texts

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="reader">The block.</param>
    /// <exception cref="FormatException">A number makes no sense.</exception>
    public static TrainedSequences Read(BlockReader reader)
    {
        string name = reader.ReadString();
        SequenceItems items = reader.ReadEnum<SequenceItems>("what sequences hold");
        reader.Check(items is SequenceItems.Singles or SequenceItems.Doubles or SequenceItems.Keys, $"sequences hold {items}");
        int dimension = reader.ReadInt32();
        reader.Check(dimension >= 1, $"the number of values per step is {dimension}");
        int keyCount = reader.ReadInt32();
        reader.Check(items == SequenceItems.Keys ? keyCount >= 1 && dimension == 1 : keyCount == 0, $"the number of key values is {keyCount}");
        int count = reader.ReadSize(-1, "the number of key texts");
        reader.Check(count < 0 || count == keyCount, "the number of key texts is not that of the key values");
        return new TrainedSequences(name, items, dimension, keyCount, count < 0 ? null : reader.ReadStrings(count));
    }

    /// <summary>Writes the column's description.</summary>
    /// <param name="writer">Where to write.</param>
    public void Write(BinaryWriter writer)
    {
        writer.Write(ColumnName);
        writer.Write((int)Items);
        writer.Write(Dimension);
        writer.Write(KeyCount);
        writer.Write(KeyValues?.Count ?? -1);
        foreach (string text in KeyValues ?? [])
            writer.Write(text);
    }

    /// <summary>The column's type.</summary>
    public VectorDataViewType ToType()
    {
        PrimitiveDataViewType item = Items switch
        {
            SequenceItems.Keys => new KeyDataViewType(typeof(uint), KeyCount),
            SequenceItems.Doubles => NumberDataViewType.Double,
            _ => NumberDataViewType.Single,
        };
        return Dimension == 1 ? new VectorDataViewType(item) : new VectorDataViewType(item, 0, Dimension);
    }

    private static string[]? ReadKeyValues(DataViewSchema.Column column)
    {
        int count = SequenceColumn.GetKeyCount(column);
        if (count == 0 || column.Annotations.Schema.GetColumnOrNull(AnnotationUtils.Kinds.KeyValues) is not { Type: VectorDataViewType type } || type.Size != count)
            return null;
        return typeof(TrainedSequences)
            .GetMethod(nameof(ReadTexts), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(type.ItemType.RawType)
            .CreateDelegate<Func<DataViewSchema.Column, string[]>>()(column);
    }

    // Values that are not texts are kept as theirs.
    private static string[] ReadTexts<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return [.. values.DenseValues().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];
    }
}
