using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>The columns that a mixture transformer reads and adds, as they are stored with it.</summary>
/// <param name="Features">The feature column.</param>
/// <param name="PredictedLabel">The output column of the most probable component.</param>
/// <param name="Score">The output column of scores.</param>
/// <param name="Probability">The output column of posterior probabilities.</param>
/// <param name="LogDensity">The output column of log p(x).</param>
internal sealed record GaussianMixtureColumns(
    TrainedFeatures Features, string PredictedLabel, string Score, string Probability, string LogDensity)
{
    /// <summary>The columns after training on these rows.</summary>
    public static GaussianMixtureColumns From(GaussianMixtureEstimator.Options options, FeatureRows rows) =>
        new(TrainedFeatures.Of(options.FeatureColumnName, rows), options.PredictedLabelColumnName, options.ScoreColumnName, options.ProbabilityColumnName, options.LogDensityColumnName);

    /// <summary>The output columns, in the order in which they are added.</summary>
    public static IReadOnlyList<OutputColumn> Describe(GaussianMixtureEstimator.Options options, int numberOfComponents) =>
        Describe(options.PredictedLabelColumnName, options.ScoreColumnName, options.ProbabilityColumnName, options.LogDensityColumnName, numberOfComponents);

    /// <summary>The output columns, in the order in which they are added.</summary>
    public IReadOnlyList<OutputColumn> Describe(int numberOfComponents) =>
        Describe(PredictedLabel, Score, Probability, LogDensity, numberOfComponents);

    /// <summary>Writes the names.</summary>
    public void Write(BinaryWriter writer)
    {
        // TrainedFeatures; string × 4: output columns
        Features.Write(writer);
        writer.Write(PredictedLabel);
        writer.Write(Score);
        writer.Write(Probability);
        writer.Write(LogDensity);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static GaussianMixtureColumns Read(BlockReader reader) =>
        new(TrainedFeatures.Read(reader), reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString());

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
