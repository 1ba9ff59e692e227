using System.ComponentModel;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>
/// The training sequences of a data view, read once into contiguous memory: what a learner iterates over. For the authors of transformers in this family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class SequenceRows
{
    private SequenceRows(TrainedSequences column, ReadOnlyMemory<double> values, int[] starts, long[] rows, ReadOnlyMemory<double> weights)
    {
        Column = column;
        Values = values;
        Starts = starts;
        Rows = rows;
        Weights = weights;
    }

    /// <summary>The column.</summary>
    public TrainedSequences Column { get; }

    /// <summary>The values, sequence after sequence, each a row-major T × D.</summary>
    public ReadOnlyMemory<double> Values { get; }

    /// <summary>The step at which each sequence starts, counted over all of them, and the number of all steps at the end.</summary>
    public IReadOnlyList<int> Starts { get; }

    /// <summary>The row of the data that each sequence came from.</summary>
    public IReadOnlyList<long> Rows { get; }

    /// <summary>The weights of the sequences; empty if no weight column was asked for.</summary>
    public ReadOnlyMemory<double> Weights { get; }

    /// <summary>The number of sequences that are not empty.</summary>
    public int Count => Rows.Count;

    /// <summary>The values of a sequence.</summary>
    /// <param name="index">Which one, from 0.</param>
    public ReadOnlySpan<double> Sequence(int index) =>
        Values.Span[(Starts[index] * Column.Dimension)..(Starts[index + 1] * Column.Dimension)];

    /// <summary>Reads all sequences; empty ones are left out, with one warning that gives their number.</summary>
    /// <param name="channel">Where errors and the warning go.</param>
    /// <param name="data">The data.</param>
    /// <param name="columnName">The column of sequences.</param>
    /// <param name="weightColumnName">The column of weights; <see langword="null"/> for none.</param>
    /// <param name="allowed">What the column may hold.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are no rows, all of them are empty, a length is not a multiple of D, a value is missing or infinite, or a weight is negative or not finite.
    /// </exception>
    public static SequenceRows Read(
        TrainingChannel channel, IDataView data, string columnName, string? weightColumnName, SequenceItems allowed, CancellationToken cancellationToken)
    {
        IHost host = channel.Host;
        DataViewSchema.Column column = SequenceColumn.Find(host, data.Schema, columnName, allowed);
        DataViewSchema.Column? weightColumn = weightColumnName is null ? null : FeatureColumn.FindWeight(host, data.Schema, weightColumnName);
        TrainedSequences trained = TrainedSequences.Of(column);

        var values = new GrowingArray(null);
        var weights = new GrowingArray(weightColumn is null ? 0 : data.GetRowCount());
        var starts = new List<int> { 0 };
        var rows = new List<long>();
        long empty = 0;
        double[] buffer = [];
        using (DataViewRowCursor cursor = data.GetRowCursor(weightColumn is null ? [column] : [column, weightColumn.Value]))
        {
            SequenceColumn.Reader read = SequenceColumn.CreateReader(cursor, column);
            ValueGetter<double>? getWeight = weightColumn is null ? null : FeatureColumn.CreateWeightGetter(cursor, weightColumn.Value);
            double weight = 1;
            while (cursor.MoveNext())
            {
                if ((cursor.Position & 0xFF) == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    channel.CheckAlive();
                }
                int length = read(ref buffer);
                ReadOnlySpan<double> sequence = buffer.AsSpan(0, length);
                getWeight?.Invoke(ref weight);
                if (!(weight >= 0) || double.IsInfinity(weight))
                    throw host.Except($"Row {cursor.Position} of weight column '{weightColumnName}' is {weight}. Weights must be finite and not negative.");
                if (sequence.IsEmpty)
                {
                    empty++;
                    continue;
                }
                Check(host, sequence, trained, cursor.Position);
                sequence.CopyTo(values.Reserve(sequence.Length, host));
                values.Take(sequence.Length);
                starts.Add(values.Length / trained.Dimension);
                rows.Add(cursor.Position);
                if (getWeight is not null)
                {
                    weights.Reserve(1, host)[0] = weight;
                    weights.Take(1);
                }
            }
        }

        if (rows.Count == 0)
        {
            throw host.Except(empty == 0
                ? $"The data have no rows, so column '{columnName}' has no sequences."
                : $"All {empty} sequences in column '{columnName}' are empty. Give at least one with a step.");
        }
        if (empty > 0)
            channel.Warning($"{empty} {(empty == 1 ? "sequence" : "sequences")} in column '{columnName}' {(empty == 1 ? "is" : "are")} empty and {(empty == 1 ? "was" : "were")} left out.");
        return new SequenceRows(trained, values.ToMemory(), [.. starts], [.. rows], weights.ToMemory());
    }

    private static void Check(IHost host, ReadOnlySpan<double> sequence, TrainedSequences column, long row)
    {
        int dimension = column.Dimension;
        if (sequence.Length % dimension != 0)
            throw host.Except($"Row {row} of sequence column '{column.ColumnName}' has {sequence.Length} values, which is no multiple of the {dimension} values of a step. Give every step all of its values.");
        for (int i = 0; i < sequence.Length; i++)
        {
            if (double.IsFinite(sequence[i]))
                continue;
            string place = dimension == 1 ? $"step {i}" : $"step {i / dimension}, feature {i % dimension}";
            string what = column.Items == SequenceItems.Keys ? "a missing key" : sequence[i].ToString(System.Globalization.CultureInfo.InvariantCulture);
            throw host.Except($"Row {row}, {place} of sequence column '{column.ColumnName}' is {what}. Training sequences are complete: remove the row, cut the sequence there, or replace the value.");
        }
    }
}
