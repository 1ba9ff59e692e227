using System.ComponentModel;
using System.Numerics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>
/// A column whose every row is a sequence: a vector of variable size of Single or Double with dimensions (0, D) or without any, for D = 1, or of keys. One place that
/// checks it, in every stage of a pipeline, and one way to read it. For the authors of transformers in this family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SequenceColumn
{
    private const string HowToGet = "a field declared as [VectorType(0, D)] float[], with D values per step, or what mlContext.Data.GroupSequences makes of rows";

    /// <summary>Reads the sequence of a cursor's current row.</summary>
    /// <param name="values">Receives the values, a row-major T × D, from the start; grows where it is too short. A key becomes its number from 0, a missing one NaN.</param>
    /// <returns>The number of values, which a user's data need not have a multiple of D.</returns>
    public delegate int Reader(ref double[] values);

    /// <summary>Checks a column of sequences while a pipeline is put together, when D is not known yet.</summary>
    /// <param name="host">The host, for errors.</param>
    /// <param name="schema">The shape of the input.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="allowed">What it may hold.</param>
    /// <returns>The shape of the column.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or has the wrong type.</exception>
    public static SchemaShape.Column CheckShape(IHost host, SchemaShape schema, string name, SequenceItems allowed)
    {
        if (!schema.TryFindColumn(name, out SchemaShape.Column column))
            throw Missing(host, name, schema.Select(c => c.Name));
        SequenceItems items = column.IsKey ? SequenceItems.Keys : OfNumber(column.ItemType);
        if (column.Kind != SchemaShape.Column.VectorKind.VariableVector || (items & allowed) == 0)
            throw Mismatch(host, name, Describe(allowed), column.GetTypeString());
        return column;
    }

    /// <summary>Finds a column of sequences in a real schema and checks its type.</summary>
    /// <param name="host">The host, for errors.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="name">The column's name.</param>
    /// <param name="allowed">What it may hold.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or has the wrong type.</exception>
    public static DataViewSchema.Column Find(IHost host, DataViewSchema schema, string name, SequenceItems allowed)
    {
        if (schema.GetColumnOrNull(name) is not { } column)
            throw Missing(host, name, schema.Select(c => c.Name));
        if ((ItemsOf(column) & allowed) == 0)
            throw Mismatch(host, name, Describe(allowed), column.Type.ToString()!);
        return column;
    }

    /// <summary>Finds a column of sequences like those of the training in a real schema: with as many values per step, or keys of as many values.</summary>
    /// <param name="host">The host, for errors.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="trained">The column of the training.</param>
    /// <exception cref="ArgumentOutOfRangeException">The column is missing or has the wrong type.</exception>
    public static DataViewSchema.Column Find(IHost host, DataViewSchema schema, TrainedSequences trained)
    {
        if (schema.GetColumnOrNull(trained.ColumnName) is not { } column)
            throw Missing(host, trained.ColumnName, schema.Select(c => c.Name));
        bool isKey = trained.Items == SequenceItems.Keys;
        bool fits = (ItemsOf(column) & (isKey ? SequenceItems.Keys : SequenceItems.Numbers)) != 0
            && GetDimension(column) == trained.Dimension
            && (!isKey || GetKeyCount(column) == trained.KeyCount);
        if (!fits)
            throw Mismatch(host, trained.ColumnName, isKey ? $"a vector of variable size of keys with {trained.KeyCount} values" : $"a vector of variable size of Single or Double with {trained.Dimension} values per step", column.Type.ToString()!);
        return column;
    }

    /// <summary>What a column holds; <see cref="SequenceItems.None"/> if it is no column of sequences.</summary>
    /// <param name="column">The column.</param>
    public static SequenceItems ItemsOf(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType { IsKnownSize: false } type || GetDimension(column) < 1)
            return SequenceItems.None;
        if (type.ItemType is KeyDataViewType)
            return GetDimension(column) == 1 && GetKeyCount(column) > 0 ? SequenceItems.Keys : SequenceItems.None;
        return OfNumber(type.ItemType);
    }

    /// <summary>D, the number of values per step, of a column that <see cref="Find(IHost, DataViewSchema, string, SequenceItems)"/> has found.</summary>
    /// <param name="column">The column.</param>
    public static int GetDimension(DataViewSchema.Column column) => ((VectorDataViewType)column.Type).Dimensions switch
    {
        [0] => 1,
        [0, int dimension] => dimension,
        _ => 0,
    };

    /// <summary>The number of values of the keys of a column; 0 if it does not hold keys, or more than fit into an integer.</summary>
    /// <param name="column">The column.</param>
    public static int GetKeyCount(DataViewSchema.Column column) =>
        ((VectorDataViewType)column.Type).ItemType is KeyDataViewType { Count: <= int.MaxValue } type ? (int)type.Count : 0;

    /// <summary>A reader of a column of sequences. It owns its buffers: make one per cursor.</summary>
    /// <param name="row">The row, in which the column is active.</param>
    /// <param name="column">The column.</param>
    public static Reader CreateReader(DataViewRow row, DataViewSchema.Column column)
    {
        PrimitiveDataViewType item = ((VectorDataViewType)column.Type).ItemType;
        if (item is not KeyDataViewType)
            return item == NumberDataViewType.Double ? Create<double>(row, column, value => value) : Create<float>(row, column, value => value);
        if (item.RawType == typeof(byte))
            return CreateOfKeys<byte>(row, column);
        if (item.RawType == typeof(ushort))
            return CreateOfKeys<ushort>(row, column);
        return item.RawType == typeof(ulong) ? CreateOfKeys<ulong>(row, column) : CreateOfKeys<uint>(row, column);
    }

    private static Reader CreateOfKeys<T>(DataViewRow row, DataViewSchema.Column column)
        where T : struct, IBinaryInteger<T>
    {
        ulong count = ((KeyDataViewType)((VectorDataViewType)column.Type).ItemType).Count;
        return Create<T>(row, column, key => ulong.CreateTruncating(key) is var number && number >= 1 && number <= count ? number - 1 : double.NaN);
    }

    private static Reader Create<T>(DataViewRow row, DataViewSchema.Column column, Func<T, double> convert)
        where T : struct
    {
        ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> buffer = default;
        return (ref double[] values) =>
        {
            get(ref buffer);
            if (values.Length < buffer.Length)
                values = new double[Math.Max(buffer.Length, Math.Min(2L * values.Length, Array.MaxLength))];
            ReadOnlySpan<T> items = buffer.GetValues();
            if (buffer.IsDense)
            {
                for (int i = 0; i < items.Length; i++)
                    values[i] = convert(items[i]);
                return buffer.Length;
            }
            values.AsSpan(0, buffer.Length).Fill(convert(default));
            ReadOnlySpan<int> indices = buffer.GetIndices();
            for (int i = 0; i < items.Length; i++)
                values[indices[i]] = convert(items[i]);
            return buffer.Length;
        };
    }

    private static SequenceItems OfNumber(DataViewType type) =>
        type == NumberDataViewType.Single ? SequenceItems.Singles : type == NumberDataViewType.Double ? SequenceItems.Doubles : SequenceItems.None;

    private static string Describe(SequenceItems allowed) =>
        $"a vector of variable size of {((allowed & SequenceItems.Keys) == 0 ? "Single or Double" : (allowed & SequenceItems.Numbers) == 0 ? "keys, such as MapValueToKey makes of texts" : "Single, Double or keys, such as MapValueToKey makes of texts")}";

    private static Exception Mismatch(IHost host, string name, string expected, string found) =>
        host.ExceptSchemaMismatch("inputSchema", "sequence", name, $"{expected} ({HowToGet})", found);

    private static Exception Missing(IHost host, string name, IEnumerable<string> found) =>
        host.ExceptParam("inputSchema", $"Could not find sequence column '{name}'. The columns are: {string.Join(", ", found.Select(c => $"'{c}'"))}.");
}
