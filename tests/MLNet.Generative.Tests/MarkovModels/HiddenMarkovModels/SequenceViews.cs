using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>Sequences as data views: a column <c>Features</c>, a text column <c>Note</c>, and a column <c>Weight</c> on request.</summary>
internal static class SequenceViews
{
    /// <summary>Types of the column <c>Features</c> that no model of sequences takes.</summary>
    public static IReadOnlyList<IDataView> Invalid { get; } =
    [
        new MLContext().Data.LoadFromEnumerable([new OfNumber { Features = 1 }]),
        new MLContext().Data.LoadFromEnumerable([new OfText { Features = "a" }]),
        new MLContext().Data.LoadFromEnumerable([new OfIntegers { Features = [1, 2] }]),
        new MLContext().Data.LoadFromEnumerable([new OfFixedSize { Features = [1, 2] }]),
        new MLContext().Data.LoadFromEnumerable([new OfOther { Other = [1, 2] }]),
    ];

    /// <summary>Sequences of numbers.</summary>
    public static IDataView Of(IReadOnlyList<double[]> sequences, int dimension, bool isSingle, float[]? weights = null) =>
        isSingle
            ? Create(sequences, TypeOf(NumberDataViewType.Single, dimension), value => (float)value, weights)
            : Create(sequences, TypeOf(NumberDataViewType.Double, dimension), value => value, weights);

    /// <summary>Sequences of symbols, as keys; NaN is a missing key.</summary>
    public static IDataView OfKeys(IReadOnlyList<double[]> sequences, int numberOfSymbols) =>
        Create(sequences, new VectorDataViewType(new KeyDataViewType(typeof(uint), numberOfSymbols)), symbol => double.IsNaN(symbol) ? 0 : (uint)symbol + 1, null);

    private static VectorDataViewType TypeOf(PrimitiveDataViewType item, int dimension) =>
        dimension == 1 ? new VectorDataViewType(item) : new VectorDataViewType(item, 0, dimension);

    private static IDataView Create<T>(IReadOnlyList<double[]> sequences, VectorDataViewType type, Converter<double, T> convert, float[]? weights)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row<T>));
        schema[nameof(Row<T>.Features)].ColumnType = type;
        if (weights is null)
            schema.Remove(schema[nameof(Row<T>.Weight)]);
        List<Row<T>> rows = [.. sequences.Select((sequence, n) => new Row<T> { Features = Array.ConvertAll(sequence, convert), Note = $"row {n}", Weight = weights?[n] ?? 1 })];
        return new MLContext(seed: 1).Data.LoadFromEnumerable(rows, schema);
    }

    private sealed class Row<T>
    {
        public T[] Features { get; set; } = [];

        public string Note { get; set; } = "";

        public float Weight { get; set; }
    }

    private sealed class OfNumber
    {
        public float Features { get; set; }
    }

    private sealed class OfText
    {
        public string Features { get; set; } = "";
    }

    private sealed class OfIntegers
    {
        public int[] Features { get; set; } = [];
    }

    private sealed class OfFixedSize
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class OfOther
    {
        public float[] Other { get; set; } = [];
    }
}
