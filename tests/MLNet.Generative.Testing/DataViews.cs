using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Testing;

/// <summary>Data views in memory: they know their number of rows, can shuffle, and have row ids.</summary>
public static class DataViews
{
    /// <summary>Rows with a vector column <c>Features</c> and a text column <c>Note</c>, and other columns on request.</summary>
    /// <param name="values">The features, row after row.</param>
    /// <param name="dimension">The number of features in a row.</param>
    /// <param name="isSingle">Whether the features are 32-bit numbers; otherwise 64-bit.</param>
    /// <param name="slotNames">The names of the features; <see langword="null"/> for none.</param>
    /// <param name="weights">A Single column <c>Weight</c>; <see langword="null"/> for none.</param>
    public static IDataView OfFeatures(double[] values, int dimension, bool isSingle, string[]? slotNames = null, float[]? weights = null)
    {
        double[][] rows = [.. values.Chunk(dimension)];
        var builder = new ArrayDataViewBuilder(new MLContext());
        if (isSingle)
            AddVectors(builder, NumberDataViewType.Single, Array.ConvertAll(rows, row => Array.ConvertAll(row, value => (float)value)), slotNames);
        else
            AddVectors(builder, NumberDataViewType.Double, rows, slotNames);
        builder.AddColumn("Note", [.. Enumerable.Range(0, rows.Length).Select(n => $"row {n}")]);
        if (weights is not null)
            builder.AddColumn("Weight", NumberDataViewType.Single, weights);
        return builder.GetDataView(rows.Length);
    }

    /// <summary>Three rows whose column <c>Features</c> has a type that no model of vectors of real numbers takes.</summary>
    public static IReadOnlyList<IDataView> WithInvalidFeatures() =>
    [
        Of(builder => builder.AddColumn("Features", NumberDataViewType.Single, 1f, 2f, 3f)),
        Of(builder => builder.AddColumn("Features", ["a", "b", "c"])),
        Of(builder => builder.AddColumn("Features", NumberDataViewType.Int32, [1, 2], [3, 4], [5, 6])),
        Of(builder => builder.AddColumn("Features", NumberDataViewType.Single, new VBuffer<float>(1, [1f]), new VBuffer<float>(2, [2f, 3f]), new VBuffer<float>(1, [1f]))),
        Of(builder => builder.AddColumn("Other", NumberDataViewType.Single, [1f, 2f], [3f, 4f], [5f, 6f])),
    ];

    private static IDataView Of(Action<ArrayDataViewBuilder> addColumns)
    {
        var builder = new ArrayDataViewBuilder(new MLContext());
        addColumns(builder);
        return builder.GetDataView();
    }

    private static void AddVectors<T>(ArrayDataViewBuilder builder, PrimitiveDataViewType type, T[][] rows, string[]? slotNames)
    {
        if (slotNames is null)
        {
            builder.AddColumn("Features", type, rows);
            return;
        }
        ReadOnlyMemory<char>[] names = Array.ConvertAll(slotNames, name => name.AsMemory());
        builder.AddColumn("Features", (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(names.Length, names), type, rows);
    }
}
