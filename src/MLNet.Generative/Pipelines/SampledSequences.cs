using System.ComponentModel;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>
/// Drawn sequences as a data view: the column of sequences, and the path of hidden states, if there is one, as a vector of keys <c>Label</c>, or <c>PredictedLabel</c> if the
/// sequences are called <c>Label</c> themselves. For the authors of transformers in this family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SampledSequences
{
    /// <summary>Makes the data view.</summary>
    /// <param name="environment">ML.NET's environment.</param>
    /// <param name="column">The column of sequences.</param>
    /// <param name="sequences">The sequences, each a row-major T × D; symbols of a column of keys count from 0.</param>
    /// <param name="paths">The state of each step, from 1; <see langword="null"/> for no such column.</param>
    /// <param name="numberOfStates">The number of states.</param>
    public static IDataView Create(
        IHostEnvironment environment, TrainedSequences column, IReadOnlyList<double[]> sequences, IReadOnlyList<uint[]>? paths = null, int numberOfStates = 0) => column.Items switch
        {
            SequenceItems.Keys => Create(environment, column, sequences, symbol => (uint)symbol + 1, paths, numberOfStates),
            SequenceItems.Doubles => Create(environment, column, sequences, value => value, paths, numberOfStates),
            _ => Create(environment, column, sequences, value => (float)value, paths, numberOfStates),
        };

    private static IDataView Create<T>(
        IHostEnvironment environment, TrainedSequences column, IReadOnlyList<double[]> sequences, Converter<double, T> convert, IReadOnlyList<uint[]>? paths, int numberOfStates)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row<T>));
        SchemaDefinition.Column sequence = schema[nameof(Row<T>.Sequence)];
        sequence.ColumnName = column.ColumnName;
        sequence.ColumnType = column.ToType();
        if (column.KeyValues is { } texts)
        {
            var values = new VBuffer<ReadOnlyMemory<char>>(texts.Count, [.. texts.Select(text => text.AsMemory())]);
            sequence.AddAnnotation(AnnotationUtils.Kinds.KeyValues, values, new VectorDataViewType(TextDataViewType.Instance, texts.Count));
        }

        SchemaDefinition.Column states = schema[nameof(Row<T>.States)];
        if (paths is null)
        {
            schema.Remove(states);
        }
        else
        {
            states.ColumnName = column.ColumnName == DefaultColumnNames.Label ? DefaultColumnNames.PredictedLabel : DefaultColumnNames.Label;
            states.ColumnType = new VectorDataViewType(new KeyDataViewType(typeof(uint), numberOfStates));
        }

        var rows = new Row<T>[sequences.Count];
        for (int n = 0; n < rows.Length; n++)
            rows[n] = new Row<T> { Sequence = Array.ConvertAll(sequences[n], convert), States = paths?[n] ?? [] };
        return DataViewConstructionUtils.CreateFromList(environment, rows, schema);
    }

    private sealed class Row<T>
    {
        public T[] Sequence = [];

        public uint[] States = [];
    }
}
