using System.ComponentModel;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>
/// The training rows of a data view, read once into contiguous memory: what a learner iterates over. For the authors of transformers in this family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class FeatureRows
{
    private FeatureRows(int dimension, bool isSingle, IReadOnlyList<string>? slotNames, ReadOnlyMemory<double> values, ReadOnlyMemory<double> weights)
    {
        Dimension = dimension;
        IsSingle = isSingle;
        SlotNames = slotNames;
        Values = values;
        Weights = weights;
    }

    /// <summary>The number of features in a row.</summary>
    public int Dimension { get; }

    /// <summary>Whether the column held 32-bit numbers.</summary>
    public bool IsSingle { get; }

    /// <summary>The names of the features, if the column has them.</summary>
    public IReadOnlyList<string>? SlotNames { get; }

    /// <summary>The values, row after row: finite, but for NaN where a feature is missing and <see cref="MissingValues.Keep"/> was asked for.</summary>
    public ReadOnlyMemory<double> Values { get; }

    /// <summary>The weights; empty if no weight column was asked for.</summary>
    public ReadOnlyMemory<double> Weights { get; }

    /// <summary>Reads all rows.</summary>
    /// <param name="channel">Where errors and the warning go.</param>
    /// <param name="data">The data.</param>
    /// <param name="featureColumnName">The column of features.</param>
    /// <param name="weightColumnName">The column of weights; <see langword="null"/> for none.</param>
    /// <param name="missingValues">What happens with rows that lack a feature.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are no rows, all of them lack a feature or one does that must not, a feature is infinite, or a weight is negative or not finite.
    /// </exception>
    public static FeatureRows Read(
        TrainingChannel channel, IDataView data, string featureColumnName, string? weightColumnName, MissingValues missingValues, CancellationToken cancellationToken)
    {
        IHost host = channel.Host;
        DataViewSchema.Column column = FeatureColumn.Find(host, data.Schema, featureColumnName, null);
        DataViewSchema.Column? weightColumn = weightColumnName is null ? null : FeatureColumn.FindWeight(host, data.Schema, weightColumnName);
        int dimension = FeatureColumn.GetDimension(column);
        string[]? slotNames = ReadSlotNames(column, dimension);

        var values = new GrowingArray(data.GetRowCount() * dimension);
        var weights = new GrowingArray(weightColumn is null ? 0 : data.GetRowCount());
        long skipped = 0;
        using (DataViewRowCursor cursor = data.GetRowCursor(weightColumn is null ? [column] : [column, weightColumn.Value]))
        {
            FeatureColumn.Reader read = FeatureColumn.CreateReader(cursor, column);
            ValueGetter<double>? getWeight = weightColumn is null ? null : FeatureColumn.CreateWeightGetter(cursor, weightColumn.Value);
            double weight = 1;
            while (cursor.MoveNext())
            {
                if ((cursor.Position & 0xFFF) == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    channel.CheckAlive();
                }
                Span<double> row = values.Reserve(dimension, host);
                read(row);
                getWeight?.Invoke(ref weight);

                if (!(weight >= 0) || double.IsInfinity(weight))
                    throw host.Except($"Row {cursor.Position} of weight column '{weightColumnName}' is {weight}. Weights must be finite and not negative.");
                if (IsUsable(row, missingValues, out int refused))
                {
                    values.Take(dimension);
                    if (getWeight is not null)
                    {
                        weights.Reserve(1, host)[0] = weight;
                        weights.Take(1);
                    }
                }
                else if (refused < 0)
                {
                    skipped++;
                }
                else
                {
                    string slot = slotNames is null ? "" : $" ('{slotNames[refused]}')";
                    throw host.Except($"Row {cursor.Position}, slot {refused}{slot} of feature column '{featureColumnName}' is {row[refused]}. Features must be finite: remove the row, or replace the value.");
                }
            }
        }

        if (values.Length == 0)
        {
            throw host.Except(skipped == 0
                ? $"The data have no rows, so column '{featureColumnName}' has no values."
                : $"All {skipped} rows have a missing value in feature column '{featureColumnName}'. Replace missing values, for example with ReplaceMissingValues, or give complete rows.");
        }
        if (skipped > 0)
            channel.Warning($"{skipped} rows have a missing value in feature column '{featureColumnName}' and were skipped.");
        bool isSingle = ((VectorDataViewType)column.Type).ItemType == NumberDataViewType.Single;
        return new FeatureRows(dimension, isSingle, slotNames, values.ToMemory(), weights.ToMemory());
    }

    // False with the slot of the first value that is refused, or with −1 if the row is only left out.
    private static bool IsUsable(ReadOnlySpan<double> row, MissingValues missingValues, out int refused)
    {
        refused = -1;
        bool isUsable = true;
        for (int j = 0; j < row.Length; j++)
        {
            if (double.IsFinite(row[j]))
                continue;
            isUsable &= missingValues == MissingValues.Keep && double.IsNaN(row[j]);
            if (refused < 0 && (double.IsInfinity(row[j]) || missingValues == MissingValues.Refuse))
                refused = j;
        }
        return isUsable;
    }

    private static string[]? ReadSlotNames(DataViewSchema.Column column, int dimension)
    {
        if (!column.HasSlotNames())
            return null;
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return names.Length == dimension ? [.. names.DenseValues().Select(name => name.ToString())] : null;
    }
}
