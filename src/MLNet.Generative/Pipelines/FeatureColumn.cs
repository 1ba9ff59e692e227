using System.ComponentModel;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>
/// A feature column: a vector of known size of Single or Double, dense or sparse. One place that checks it, in every stage of a pipeline, and one way to read it.
/// For the authors of transformers in this family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class FeatureColumn
{
    /// <summary>Reads the features of a cursor's current row into a span of their number.</summary>
    /// <param name="features">Receives the values.</param>
    public delegate void Reader(Span<double> features);

    /// <summary>Checks a feature column while a pipeline is put together, when sizes are not known yet.</summary>
    /// <param name="host">The host, for errors.</param>
    /// <param name="schema">The shape of the input.</param>
    /// <param name="name">The column's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or has the wrong type.</exception>
    public static void CheckShape(IHost host, SchemaShape schema, string name)
    {
        if (!schema.TryFindColumn(name, out SchemaShape.Column column))
            throw Missing(host, "feature", name, schema.Select(c => c.Name));
        if (column.Kind != SchemaShape.Column.VectorKind.Vector || column.IsKey || !IsNumber(column.ItemType))
            throw host.ExceptSchemaMismatch("inputSchema", "feature", name, "a vector of known size of Single or Double", column.GetTypeString());
    }

    /// <summary>Checks a weight column while a pipeline is put together.</summary>
    /// <param name="host">The host, for errors.</param>
    /// <param name="schema">The shape of the input.</param>
    /// <param name="name">The column's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or has the wrong type.</exception>
    public static void CheckWeightShape(IHost host, SchemaShape schema, string name)
    {
        if (!schema.TryFindColumn(name, out SchemaShape.Column column))
            throw Missing(host, "weight", name, schema.Select(c => c.Name));
        if (column.Kind != SchemaShape.Column.VectorKind.Scalar || column.IsKey || !IsNumber(column.ItemType))
            throw host.ExceptSchemaMismatch("inputSchema", "weight", name, "Single or Double", column.GetTypeString());
    }

    /// <summary>Finds a feature column in a real schema and checks its type.</summary>
    /// <param name="host">The host, for errors.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="dimension">The number of features that is expected; <see langword="null"/> if any will do.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or has the wrong type or size.</exception>
    public static DataViewSchema.Column Find(IHost host, DataViewSchema schema, string name, int? dimension)
    {
        if (schema.GetColumnOrNull(name) is not { } column)
            throw Missing(host, "feature", name, schema.Select(c => c.Name));
        bool isValid = column.Type is VectorDataViewType { IsKnownSize: true } type && IsNumber(type.ItemType) && (dimension ?? type.Size) == type.Size;
        if (!isValid)
            throw host.ExceptSchemaMismatch("inputSchema", "feature", name, $"a vector of {(dimension is null ? "known size" : $"size {dimension}")} of Single or Double", column.Type.ToString());
        return column;
    }

    /// <summary>A column that could be a feature column; <see langword="null"/> if there is none of that name and a fitting type.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="name">The column's name.</param>
    public static DataViewSchema.Column? FindOrNull(DataViewSchema schema, string name) =>
        schema.GetColumnOrNull(name) is { Type: VectorDataViewType { IsKnownSize: true } type } column && IsNumber(type.ItemType) ? column : null;

    /// <summary>Finds a weight column in a real schema and checks its type.</summary>
    /// <param name="host">The host, for errors.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="name">The column's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or has the wrong type.</exception>
    public static DataViewSchema.Column FindWeight(IHost host, DataViewSchema schema, string name)
    {
        if (schema.GetColumnOrNull(name) is not { } column)
            throw Missing(host, "weight", name, schema.Select(c => c.Name));
        if (!IsNumber(column.Type))
            throw host.ExceptSchemaMismatch("inputSchema", "weight", name, "Single or Double", column.Type.ToString());
        return column;
    }

    /// <summary>The number of features of a column that <see cref="Find"/> has found.</summary>
    /// <param name="column">The column.</param>
    public static int GetDimension(DataViewSchema.Column column) => ((VectorDataViewType)column.Type).Size;

    /// <summary>A reader of a column that <see cref="Find"/> has found. It owns its buffers: make one per cursor.</summary>
    /// <param name="row">The row, in which the column is active.</param>
    /// <param name="column">The column.</param>
    public static Reader CreateReader(DataViewRow row, DataViewSchema.Column column)
    {
        if (((VectorDataViewType)column.Type).ItemType == NumberDataViewType.Double)
        {
            ValueGetter<VBuffer<double>> getDoubles = row.GetGetter<VBuffer<double>>(column);
            VBuffer<double> doubles = default;
            return features =>
            {
                getDoubles(ref doubles);
                doubles.CopyTo(features);
            };
        }

        ValueGetter<VBuffer<float>> getSingles = row.GetGetter<VBuffer<float>>(column);
        VBuffer<float> singles = default;
        return features =>
        {
            getSingles(ref singles);
            ReadOnlySpan<float> values = singles.GetValues();
            if (singles.IsDense)
            {
                for (int j = 0; j < values.Length; j++)
                    features[j] = values[j];
                return;
            }
            features.Clear();
            ReadOnlySpan<int> indices = singles.GetIndices();
            for (int i = 0; i < values.Length; i++)
                features[indices[i]] = values[i];
        };
    }

    /// <summary>A getter of a weight column that <see cref="FindWeight"/> has found.</summary>
    internal static ValueGetter<double> CreateWeightGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type == NumberDataViewType.Double)
            return row.GetGetter<double>(column);
        ValueGetter<float> getSingle = row.GetGetter<float>(column);
        float single = 0;
        return (ref double value) =>
        {
            getSingle(ref single);
            value = single;
        };
    }

    private static bool IsNumber(DataViewType type) => type == NumberDataViewType.Single || type == NumberDataViewType.Double;

    private static Exception Missing(IHost host, string role, string name, IEnumerable<string> found) =>
        host.ExceptParam("inputSchema", $"Could not find {role} column '{name}'. The columns are: {string.Join(", ", found.Select(c => $"'{c}'"))}.");
}
