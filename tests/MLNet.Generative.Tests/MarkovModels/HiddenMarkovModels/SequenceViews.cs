using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>Sequences as data views: a column <c>Sequence</c>, a text column <c>Note</c>, and a column <c>Weight</c> on request.</summary>
internal static class SequenceViews
{
    /// <summary>Types of the column <c>Sequence</c> that no model of sequences takes.</summary>
    public static IReadOnlyList<IDataView> Invalid { get; } =
    [
        new MLContext().Data.LoadFromEnumerable([new OfNumber { Sequence = 1 }]),
        new MLContext().Data.LoadFromEnumerable([new OfText { Sequence = "a" }]),
        new MLContext().Data.LoadFromEnumerable([new OfIntegers { Sequence = [1, 2] }]),
        new MLContext().Data.LoadFromEnumerable([new OfFixedSize { Sequence = [1, 2] }]),
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
        schema[nameof(Row<T>.Sequence)].ColumnType = type;
        if (weights is null)
            schema.Remove(schema[nameof(Row<T>.Weight)]);
        List<Row<T>> rows = [.. sequences.Select((sequence, n) => new Row<T> { Sequence = Array.ConvertAll(sequence, convert), Note = $"row {n}", Weight = weights?[n] ?? 1 })];
        return new MLContext(seed: 1).Data.LoadFromEnumerable(rows, schema);
    }

    private sealed class Row<T>
    {
        public T[] Sequence { get; set; } = [];

        public string Note { get; set; } = "";

        public float Weight { get; set; }
    }

    private sealed class OfNumber
    {
        public float Sequence { get; set; }
    }

    private sealed class OfText
    {
        public string Sequence { get; set; } = "";
    }

    private sealed class OfIntegers
    {
        public int[] Sequence { get; set; } = [];
    }

    private sealed class OfFixedSize
    {
        [VectorType(2)]
        public float[] Sequence { get; set; } = [];
    }

    private sealed class OfOther
    {
        public float[] Other { get; set; } = [];
    }
}
