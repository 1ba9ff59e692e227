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
    /// <param name="features">The feature column.</param>
    /// <param name="dimension">The number of features in a row.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="labels">The component of each row, from 1; <see langword="null"/> for no such column.</param>
    /// <param name="numberOfLabels">The number of components.</param>
    public static IDataView Create(
        IHostEnvironment environment,
        TrainedFeatures features,
        int dimension,
        double[][] rows,
        uint[]? labels = null,
        int numberOfLabels = 0)
    {
        if (rows.Length == 0)
        {
            // The builder takes a vector's size from its rows: without any, borrow the schema of one.
            IDataView one = Create(environment, features, dimension, [new double[dimension]], labels is null ? null : [1], numberOfLabels);
            return new EmptyDataView(environment, one.Schema);
        }

        var builder = new ArrayDataViewBuilder(environment);
        if (features.IsSingle)
            AddFeatures(builder, features, Array.ConvertAll(rows, row => Array.ConvertAll(row, value => (float)value)));
        else
            AddFeatures(builder, features, rows);
        if (labels is null)
            return builder.GetDataView(rows.Length);
        string labelColumnName = features.ColumnName == DefaultColumnNames.Label ? DefaultColumnNames.PredictedLabel : DefaultColumnNames.Label;
        builder.AddColumn(labelColumnName, new KeyDataViewType(typeof(uint), numberOfLabels), labels);
        return builder.GetDataView(rows.Length);
    }

    private static void AddFeatures<T>(ArrayDataViewBuilder builder, TrainedFeatures features, T[][] rows)
    {
        if (features.SlotNames is null)
            builder.AddColumn(features.ColumnName, features.ItemType, rows);
        else
            builder.AddColumn(features.ColumnName, SlotNameGetter.Create(features.SlotNames), features.ItemType, rows);
    }
}
