using System.Globalization;

namespace MLNet.Generative;

/// <summary>What errors call a value, so that the user finds it: by column and slot in a pipeline, by number otherwise.</summary>
/// <param name="ColumnName">The feature column; <see langword="null"/> if there is none.</param>
/// <param name="SlotNames">The names of its slots, if it has them.</param>
/// <param name="IsSingle">Whether its values have 32 bits, and are written with as many digits.</param>
internal sealed record FeatureNames(string? ColumnName, IReadOnlyList<string>? SlotNames, bool IsSingle)
{
    /// <summary>Rows that come as an array.</summary>
    public static FeatureNames None { get; } = new(null, null, IsSingle: false);

    /// <summary>The names in rows that were read from a column.</summary>
    public static FeatureNames Of(string columnName, FeatureRows rows) => new(columnName, rows.SlotNames, rows.IsSingle);

    /// <summary>A feature.</summary>
    public string Feature(int feature) => ColumnName is null
        ? $"feature {feature}"
        : $"slot {feature}{(SlotNames is null ? "" : $" ('{SlotNames[feature]}')")} of feature column '{ColumnName}'";

    /// <summary>A value.</summary>
    public string Value(double value) => IsSingle ? ((float)value).ToString(CultureInfo.InvariantCulture) : value.ToString(CultureInfo.InvariantCulture);
}
