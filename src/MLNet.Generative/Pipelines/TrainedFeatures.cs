using System.ComponentModel;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>
/// The feature column of a training, as it is stored with a transformer: draws have the same name, type and slot names. For the authors of transformers in this family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class TrainedFeatures
{
    private TrainedFeatures(string columnName, bool isSingle, IReadOnlyList<string>? slotNames)
    {
        ColumnName = columnName;
        IsSingle = isSingle;
        SlotNames = slotNames;
    }

    /// <summary>The column's name.</summary>
    public string ColumnName { get; }

    /// <summary>The names of the features; <see langword="null"/> if the column had none.</summary>
    public IReadOnlyList<string>? SlotNames { get; }

    /// <summary>The type of a feature: Single or Double.</summary>
    public PrimitiveDataViewType ItemType => IsSingle ? NumberDataViewType.Single : NumberDataViewType.Double;

    /// <summary>Whether features had 32 bits.</summary>
    public bool IsSingle { get; }

    /// <summary>The column that rows were read from.</summary>
    /// <param name="columnName">Its name.</param>
    /// <param name="rows">The rows.</param>
    public static TrainedFeatures Of(string columnName, FeatureRows rows) => new(columnName, rows.IsSingle, rows.SlotNames);

    /// <summary>A column whose rows have not been read yet.</summary>
    /// <param name="columnName">Its name.</param>
    /// <param name="isSingle">Whether features have 32 bits.</param>
    /// <param name="slotNames">The names of the features; <see langword="null"/> for none.</param>
    public static TrainedFeatures Of(string columnName, bool isSingle, IReadOnlyList<string>? slotNames) => new(columnName, isSingle, slotNames);

    // *** Binary format ***
    // string: name
    // bool: whether Single
    // int: number of slot names or −1
    // string[]: slot names

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="reader">The block.</param>
    /// <exception cref="FormatException">The number of slot names makes no sense.</exception>
    public static TrainedFeatures Read(BlockReader reader)
    {
        string name = reader.ReadString();
        bool isSingle = reader.ReadBoolean();
        int count = reader.ReadSize(-1, "the number of slot names");
        return new TrainedFeatures(name, isSingle, count < 0 ? null : reader.ReadStrings(count));
    }

    /// <summary>Writes the column's description.</summary>
    /// <param name="writer">Where to write.</param>
    public void Write(BinaryWriter writer)
    {
        writer.Write(ColumnName);
        writer.Write(IsSingle);
        writer.Write(SlotNames?.Count ?? -1);
        foreach (string name in SlotNames ?? [])
            writer.Write(name);
    }

    /// <summary>Throws if a model that was read has another number of features than there are slot names.</summary>
    /// <param name="reader">The block.</param>
    /// <param name="dimension">The model's number of features.</param>
    /// <exception cref="FormatException">It has.</exception>
    public void CheckDimension(BlockReader reader, int dimension) =>
        reader.Check(SlotNames is null || SlotNames.Count == dimension, "the number of slot names is not that of the features");

    /// <summary>The column's type.</summary>
    /// <param name="dimension">The number of features.</param>
    public VectorDataViewType ToType(int dimension) => new(ItemType, dimension);
}
