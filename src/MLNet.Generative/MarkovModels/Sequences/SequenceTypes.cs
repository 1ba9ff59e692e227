using System.Collections.Immutable;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>The type of a sequence of T steps is that of a step with a dimension of unknown size in front.</summary>
internal static class SequenceTypes
{
    private const string KeyValues = "KeyValues";

    /// <summary>The type of a sequence of steps.</summary>
    /// <param name="step">The type of a step: a scalar, or a vector of known size D.</param>
    public static VectorDataViewType OfSequence(DataViewType step) => step is VectorDataViewType vector
        ? new VectorDataViewType(vector.ItemType, 0, vector.Size)
        : new VectorDataViewType((PrimitiveDataViewType)step);

    /// <summary>Whether a type is that of a sequence: T values, or shape (T, D), with T unknown.</summary>
    /// <param name="type">The type.</param>
    public static bool IsSequence(DataViewType type) =>
        type is VectorDataViewType vector && vector.Dimensions[0] == 0 && vector.Dimensions.Skip(1).All(size => size > 0);

    /// <summary>The type of a step.</summary>
    /// <param name="sequence">The type of a sequence.</param>
    public static DataViewType OfStep(VectorDataViewType sequence)
    {
        ImmutableArray<int> dimensions = sequence.Dimensions.RemoveAt(0);
        return dimensions.IsEmpty ? sequence.ItemType : new VectorDataViewType(sequence.ItemType, dimensions);
    }

    /// <summary>What the numbers of keys stand for, the one annotation that steps and sequences share: names of slots would be those of D steps of unknown number.</summary>
    /// <param name="column">A column of steps or sequences.</param>
    public static DataViewSchema.Annotations KeyValuesOf(DataViewSchema.Column column)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.Add(column.Annotations, kind => kind == KeyValues);
        return builder.ToAnnotations();
    }
}
