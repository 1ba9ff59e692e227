using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>The columns that a transformer with a hidden Markov model reads and adds, as they are stored with it.</summary>
/// <param name="Sequences">The column of sequences.</param>
/// <param name="PredictedLabel">The output column of the most probable path.</param>
/// <param name="Probability">The output column of posterior probabilities.</param>
/// <param name="Score">The output column of −log p(x) per step.</param>
/// <param name="LogDensity">The output column of log p(x).</param>
internal sealed record HmmColumns(TrainedSequences Sequences, string PredictedLabel, string Probability, string Score, string LogDensity)
{
    /// <summary>The columns after training on these sequences.</summary>
    public static HmmColumns From(HmmEstimator.Options options, TrainedSequences sequences) =>
        new(sequences, options.PredictedLabelColumnName, options.ProbabilityColumnName, options.ScoreColumnName, options.LogDensityColumnName);

    /// <summary>The output columns, in the order in which they are added.</summary>
    public static IReadOnlyList<OutputColumn> Describe(HmmEstimator.Options options) =>
        Describe(options.PredictedLabelColumnName, options.ProbabilityColumnName, options.ScoreColumnName, options.LogDensityColumnName, options.NumberOfStates);

    /// <summary>The output columns, in the order in which they are added.</summary>
    public IReadOnlyList<OutputColumn> Describe(int numberOfStates) => Describe(PredictedLabel, Probability, Score, LogDensity, numberOfStates);

    /// <summary>Writes the names.</summary>
    public void Write(BinaryWriter writer)
    {
        // TrainedSequences; string × 4: output columns
        Sequences.Write(writer);
        writer.Write(PredictedLabel);
        writer.Write(Probability);
        writer.Write(Score);
        writer.Write(LogDensity);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static HmmColumns Read(BlockReader reader) =>
        new(TrainedSequences.Read(reader), reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadString());

    private static OutputColumn[] Describe(string predictedLabel, string probability, string score, string logDensity, int numberOfStates)
    {
        const string task = OutputColumn.SequenceClassification;
        return
        [
            new OutputColumn(predictedLabel, new VectorDataViewType(new KeyDataViewType(typeof(uint), numberOfStates)), task, OutputColumn.PredictedLabel),
            new OutputColumn(probability, new VectorDataViewType(NumberDataViewType.Single, 0, numberOfStates), task, OutputColumn.Probability),
            new OutputColumn(score, NumberDataViewType.Single, task, OutputColumn.Score),
            new OutputColumn(logDensity, NumberDataViewType.Single, task, OutputColumn.LogDensity),
        ];
    }
}
