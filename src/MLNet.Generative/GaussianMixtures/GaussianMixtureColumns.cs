using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>The columns that a mixture transformer reads and adds, as they are stored with it.</summary>
/// <param name="Feature">The feature column's name.</param>
/// <param name="IsSingle">Whether it held 32-bit numbers in training; samples have the same type.</param>
/// <param name="SlotNames">The names of the features; <see langword="null"/> if the column had none.</param>
/// <param name="PredictedLabel">The output column of the most probable component.</param>
/// <param name="Score">The output column of scores.</param>
/// <param name="Probability">The output column of posterior probabilities.</param>
/// <param name="LogDensity">The output column of log p(x).</param>
internal sealed record GaussianMixtureColumns(
    string Feature, bool IsSingle, IReadOnlyList<string>? SlotNames, string PredictedLabel, string Score, string Probability, string LogDensity)
{
    /// <summary>The columns after training on these rows.</summary>
    public static GaussianMixtureColumns From(GaussianMixtureEstimator.Options options, FeatureRows rows) =>
        new(options.FeatureColumnName, rows.IsSingle, rows.SlotNames, options.PredictedLabelColumnName, options.ScoreColumnName, options.ProbabilityColumnName, options.LogDensityColumnName);

    /// <summary>The output columns, in the order in which they are added.</summary>
    public static IReadOnlyList<OutputColumn> Describe(GaussianMixtureEstimator.Options options, int numberOfComponents) =>
        Describe(options.PredictedLabelColumnName, options.ScoreColumnName, options.ProbabilityColumnName, options.LogDensityColumnName, numberOfComponents);

    /// <summary>The output columns, in the order in which they are added.</summary>
    public IReadOnlyList<OutputColumn> Describe(int numberOfComponents) =>
        Describe(PredictedLabel, Score, Probability, LogDensity, numberOfComponents);

    /// <summary>Writes the names.</summary>
    public void Write(BinaryWriter writer)
    {
        // string: feature column; bool: whether Single; int: number of slot names or −1; string[]: slot names; string × 4: output columns
        writer.Write(Feature);
        writer.Write(IsSingle);
        writer.Write(SlotNames?.Count ?? -1);
        foreach (string name in SlotNames ?? [])
            writer.Write(name);
        writer.Write(PredictedLabel);
        writer.Write(Score);
        writer.Write(Probability);
        writer.Write(LogDensity);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static GaussianMixtureColumns Read(BlockReader reader)
    {
        string feature = reader.ReadString();
        bool isSingle = reader.ReadBoolean();
        int count = reader.ReadSize(-1, "the number of slot names");
        string[]? slotNames = count < 0 ? null : reader.ReadStrings(count);
        return new GaussianMixtureColumns(feature, isSingle, slotNames, reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString());
    }

    private static OutputColumn[] Describe(string predictedLabel, string score, string probability, string logDensity, int numberOfComponents)
    {
        const string task = OutputColumn.Clustering;
        string[] components = [.. Enumerable.Range(1, numberOfComponents).Select(k => $"Component{k}")];
        var vector = new VectorDataViewType(NumberDataViewType.Single, numberOfComponents);
        return
        [
            new OutputColumn(predictedLabel, new KeyDataViewType(typeof(uint), numberOfComponents), task, OutputColumn.PredictedLabel),
            new OutputColumn(score, vector, task, OutputColumn.Score, components),
            new OutputColumn(probability, vector, task, OutputColumn.Probability, components),
            new OutputColumn(logDensity, NumberDataViewType.Single, task, OutputColumn.LogDensity),
        ];
    }
}
