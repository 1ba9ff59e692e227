using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Tests.MarkovModels.MarkovChains;

/// <summary>Sequences of symbols as data views.</summary>
internal static class SymbolData
{
    public static readonly string[] Texts = ["rain", "cloudy", "sunny"];

    /// <summary>Sequences of different lengths over some symbols, each more likely to be followed by itself.</summary>
    public static int[][] Random(int count, int symbols = 3, int seed = 1)
    {
        var random = new Random(seed);
        var sequences = new int[count][];
        for (int n = 0; n < count; n++)
        {
            sequences[n] = new int[1 + random.Next(20)];
            for (int t = 0; t < sequences[n].Length; t++)
                sequences[n][t] = t > 0 && random.Next(3) > 0 ? sequences[n][t - 1] : random.Next(symbols);
        }
        return sequences;
    }

    /// <summary>A column <c>Sequence</c> of keys, of symbols from 0 with −1 as missing, a text column <c>Note</c>, and <c>Weight</c> on request.</summary>
    public static IDataView Keys(IEnumerable<int[]> sequences, int keyCount = 3, string[]? texts = null, bool hasWeights = false) =>
        Of(sequences.Select(sequence => Array.ConvertAll(sequence, symbol => (uint)(symbol + 1))), new VectorDataViewType(new KeyDataViewType(typeof(uint), keyCount)), texts, hasWeights);

    /// <summary>The same as numbers.</summary>
    public static IDataView Singles(IEnumerable<int[]> sequences) =>
        Of(sequences.Select(sequence => Array.ConvertAll(sequence, symbol => (float)symbol)), new VectorDataViewType(NumberDataViewType.Single));

    public static IDataView Of<T>(IEnumerable<T[]> sequences, DataViewType type, string[]? texts = null, bool hasWeights = false)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row<T>));
        schema[nameof(Row<T>.Sequence)].ColumnType = type;
        if (texts is not null)
        {
            var values = new VBuffer<ReadOnlyMemory<char>>(texts.Length, [.. texts.Select(text => text.AsMemory())]);
            schema[nameof(Row<T>.Sequence)].AddAnnotation("KeyValues", values, new VectorDataViewType(TextDataViewType.Instance, texts.Length));
        }
        if (!hasWeights)
            schema.Remove(schema[nameof(Row<T>.Weight)]);
        Row<T>[] rows = [.. sequences.Select((sequence, n) => new Row<T> { Sequence = sequence, Note = $"row {n}", Weight = n % 7 == 0 ? 0 : 0.5f + (n % 3) })];
        // A cache can shuffle and has row ids; a view of objects has neither.
        var context = new MLContext();
        return context.Data.Cache(context.Data.LoadFromEnumerable(rows, schema));
    }

    private sealed class Row<T>
    {
        public T[] Sequence = [];

        public string Note = "";

        public float Weight;
    }
}
