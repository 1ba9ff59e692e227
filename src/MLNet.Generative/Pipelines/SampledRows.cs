using System.ComponentModel;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>
/// Drawn rows as a data view: the feature column, and the hidden variable, if it is one of some components, as key column <c>Label</c>, or <c>PredictedLabel</c> if the
/// features are called <c>Label</c> themselves. For the authors of transformers in this family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SampledRows
{
    /// <summary>Makes the data view.</summary>
    /// <param name="environment">ML.NET's environment.</param>
    /// <param name="featureColumnName">The name of the feature column.</param>
    /// <param name="isSingle">Whether it holds 32-bit numbers; otherwise 64-bit.</param>
    /// <param name="slotNames">The names of the features; <see langword="null"/> for none.</param>
    /// <param name="dimension">The number of features in a row.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="labels">The component of each row, from 1; <see langword="null"/> for no such column.</param>
    /// <param name="numberOfLabels">The number of components.</param>
    public static IDataView Create(
        IHostEnvironment environment,
        string featureColumnName,
        bool isSingle,
        IReadOnlyList<string>? slotNames,
        int dimension,
        double[][] rows,
        uint[]? labels = null,
        int numberOfLabels = 0)
    {
        if (rows.Length == 0)
        {
            // The builder takes a vector's size from its rows: without any, borrow the schema of one.
            IDataView one = Create(environment, featureColumnName, isSingle, slotNames, dimension, [new double[dimension]], labels is null ? null : [1], numberOfLabels);
            return new EmptyDataView(environment, one.Schema);
        }

        var builder = new ArrayDataViewBuilder(environment);
        if (isSingle)
            AddFeatures(builder, featureColumnName, NumberDataViewType.Single, slotNames, Array.ConvertAll(rows, row => Array.ConvertAll(row, value => (float)value)));
        else
            AddFeatures(builder, featureColumnName, NumberDataViewType.Double, slotNames, rows);
        if (labels is null)
            return builder.GetDataView(rows.Length);
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
