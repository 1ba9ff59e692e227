using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>
/// Drawn rows as a data view: the feature column, and the hidden variable as key column <c>Label</c>, or <c>PredictedLabel</c> if the features are called
/// <c>Label</c> themselves.
/// </summary>
internal static class SampledRows
{
    /// <summary>Makes the data view.</summary>
    public static IDataView Create(
        IHostEnvironment environment,
        string featureColumnName,
        bool isSingle,
        IReadOnlyList<string>? slotNames,
        int dimension,
        double[][] rows,
        uint[] labels,
        int numberOfLabels)
    {
        if (rows.Length == 0)
        {
            // The builder takes a vector's size from its rows: without any, borrow the schema of one.
            IDataView one = Create(environment, featureColumnName, isSingle, slotNames, dimension, [new double[dimension]], [1], numberOfLabels);
            return new EmptyDataView(environment, one.Schema);
        }

        var builder = new ArrayDataViewBuilder(environment);
        if (isSingle)
            AddFeatures(builder, featureColumnName, NumberDataViewType.Single, slotNames, Array.ConvertAll(rows, row => Array.ConvertAll(row, value => (float)value)));
        else
            AddFeatures(builder, featureColumnName, NumberDataViewType.Double, slotNames, rows);
        string labelColumnName = featureColumnName == DefaultColumnNames.Label ? DefaultColumnNames.PredictedLabel : DefaultColumnNames.Label;
        builder.AddColumn(labelColumnName, new KeyDataViewType(typeof(uint), numberOfLabels), labels);
        return builder.GetDataView(rows.Length);
    }

    private static void AddFeatures<T>(
        ArrayDataViewBuilder builder, string name, PrimitiveDataViewType type, IReadOnlyList<string>? slotNames, T[][] rows)
    {
        if (slotNames is null)
            builder.AddColumn(name, type, rows);
        else
            builder.AddColumn(name, SlotNameGetter.Create(slotNames), type, rows);
    }
}
