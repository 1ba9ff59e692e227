using System.ComponentModel;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>
/// One output column: its name, type and annotations. The promise (an estimator's <see cref="SchemaShape"/>) and the delivery (a transformer's schema) both
/// come from here, so that they agree. For the authors of transformers in this family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class OutputColumn
{
    /// <summary>The task of <c>Clustering.Evaluate</c>.</summary>
    public const string Clustering = AnnotationUtils.Const.ScoreColumnKind.Clustering;

    /// <summary>The task of <c>AnomalyDetection.Evaluate</c>.</summary>
    public const string AnomalyDetection = AnnotationUtils.Const.ScoreColumnKind.AnomalyDetection;

    /// <summary>The task of a step that labels every place of a sequence, for which ML.NET has no evaluator.</summary>
    public const string SequenceClassification = AnnotationUtils.Const.ScoreColumnKind.SequenceClassification;

    /// <summary>The task of <c>MulticlassClassification.Evaluate</c>.</summary>
    public const string MulticlassClassification = AnnotationUtils.Const.ScoreColumnKind.MulticlassClassification;

    /// <summary>The meaning of a label column.</summary>
    public const string PredictedLabel = AnnotationUtils.Const.ScoreValueKind.PredictedLabel;

    /// <summary>The meaning of a score column.</summary>
    public const string Score = AnnotationUtils.Const.ScoreValueKind.Score;

    /// <summary>The meaning of a probability column.</summary>
    public const string Probability = AnnotationUtils.Const.ScoreValueKind.Probability;

    /// <summary>The meaning of a column of log p(x), which ML.NET has no name for.</summary>
    public const string LogDensity = ColumnNames.LogDensity;

    /// <summary>Describes a column.</summary>
    /// <param name="name">The column's name.</param>
    /// <param name="type">Its type.</param>
    /// <param name="scoreColumnKind">The task: which evaluator the column is for.</param>
    /// <param name="scoreValueKind">What the value means.</param>
    /// <param name="slotNames">The names of a vector's slots; none for a scalar or a vector of variable size.</param>
    /// <param name="keyValues">The texts of a key's values; none for a key without, or what is no key.</param>
    public OutputColumn(string name, DataViewType type, string scoreColumnKind, string scoreValueKind, IReadOnlyList<string>? slotNames = null, IReadOnlyList<string>? keyValues = null)
    {
        Name = name;
        Type = type;
        ScoreColumnKind = scoreColumnKind;
        ScoreValueKind = scoreValueKind;
        SlotNames = slotNames;
        KeyValues = keyValues;
    }

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>The column's type.</summary>
    public DataViewType Type { get; }

    /// <summary>The task that the column belongs to.</summary>
    public string ScoreColumnKind { get; }

    /// <summary>What the value means.</summary>
    public string ScoreValueKind { get; }

    /// <summary>The names of a vector's slots.</summary>
    public IReadOnlyList<string>? SlotNames { get; }

    /// <summary>The texts of a key's values.</summary>
    public IReadOnlyList<string>? KeyValues { get; }

    /// <summary>The column as an estimator promises it; sizes do not matter.</summary>
    public SchemaShape.Column ToShape()
    {
        SchemaShape.GetColumnTypeShape(Type, out SchemaShape.Column.VectorKind kind, out DataViewType itemType, out bool isKey);
        var annotations = new List<SchemaShape.Column>(AnnotationUtils.GetTrainerOutputAnnotation());
        if (SlotNames is not null)
            annotations.Add(new SchemaShape.Column(AnnotationUtils.Kinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false));
        if (KeyValues is not null)
            annotations.Add(new SchemaShape.Column(AnnotationUtils.Kinds.KeyValues, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false));
        return new SchemaShape.Column(Name, kind, itemType, isKey, new SchemaShape(annotations));
    }

    /// <summary>The column as a transformer delivers it.</summary>
    /// <param name="scoreColumnSetId">The number that the columns of one step have in common.</param>
    public DataViewSchema.DetachedColumn ToColumn(uint scoreColumnSetId)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        if (SlotNames is not null)
            annotations.AddSlotNames(SlotNames.Count, SlotNameGetter.Create(SlotNames));
        if (KeyValues is not null)
            annotations.AddKeyValues(KeyValues.Count, TextDataViewType.Instance, SlotNameGetter.Create(KeyValues));
        annotations.Add(AnnotationUtils.Kinds.ScoreColumnSetId, AnnotationUtils.ScoreColumnSetIdType, (ref uint value) => value = scoreColumnSetId);
        AddText(annotations, AnnotationUtils.Kinds.ScoreColumnKind, ScoreColumnKind);
        AddText(annotations, AnnotationUtils.Kinds.ScoreValueKind, ScoreValueKind);
        return new DataViewSchema.DetachedColumn(Name, Type, annotations.ToAnnotations());
    }

    /// <summary>The shapes of an estimator's output: the input's columns, and these, which hide columns of the same name.</summary>
    /// <param name="input">The shape of the input.</param>
    /// <param name="columns">The columns that are added.</param>
    public static SchemaShape Append(SchemaShape input, IEnumerable<OutputColumn> columns)
    {
        Dictionary<string, SchemaShape.Column> shapes = input.ToDictionary(column => column.Name);
        foreach (OutputColumn column in columns)
            shapes[column.Name] = column.ToShape();
        return new SchemaShape(shapes.Values);
    }

    private static void AddText(DataViewSchema.Annotations.Builder annotations, string kind, string text)
    {
        ReadOnlyMemory<char> memory = text.AsMemory();
        annotations.Add(kind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = memory);
    }
}
