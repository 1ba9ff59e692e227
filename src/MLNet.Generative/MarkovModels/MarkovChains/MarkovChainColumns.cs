using System.Globalization;
using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>The columns that a chain's transformer reads and adds, as they are stored with it.</summary>
/// <param name="Sequences">The column of sequences.</param>
/// <param name="PredictedLabel">The output column of the most probable next symbol.</param>
/// <param name="Probability">The output column of the next symbol's probabilities.</param>
/// <param name="LogDensity">The output column of log p(sequence).</param>
/// <param name="Score">That of −log p(sequence) per step; <see langword="null"/> for none.</param>
internal sealed record MarkovChainColumns(TrainedSequences Sequences, string PredictedLabel, string Probability, string LogDensity, string? Score)
{
    /// <summary>The columns after training on this column.</summary>
    public static MarkovChainColumns From(MarkovChainEstimator.Options options, TrainedSequences column) =>
        new(column, options.PredictedLabelColumnName, options.ProbabilityColumnName, options.LogDensityColumnName, options.ScoreColumnName);

    /// <summary>The output columns as an estimator promises them: the number of symbols is not known yet, and plays no part.</summary>
    public static IReadOnlyList<OutputColumn> Promise(MarkovChainEstimator.Options options, bool hasTexts) =>
        Describe(options.PredictedLabelColumnName, options.ProbabilityColumnName, options.LogDensityColumnName, options.ScoreColumnName, 1, hasTexts ? [""] : null);

    /// <summary>The output columns, in the order in which they are added.</summary>
    public IReadOnlyList<OutputColumn> Describe(int numberOfSymbols)
    {
        IReadOnlyList<string>? texts = Sequences.Items == SequenceItems.Keys
            ? Sequences.KeyValues
            : [.. Enumerable.Range(0, numberOfSymbols).Select(symbol => symbol.ToString(CultureInfo.InvariantCulture))];
        return Describe(PredictedLabel, Probability, LogDensity, Score, numberOfSymbols, texts);
    }

    /// <summary>With a column of scores, under a name that no other output column has.</summary>
    public MarkovChainColumns WithScore()
    {
        string name = OutputColumn.Score;
        while (name == PredictedLabel || name == Probability || name == LogDensity)
            name += "PerStep";
        return this with { Score = Score ?? name };
    }

    /// <summary>Writes the names.</summary>
    public void Write(BinaryWriter writer)
    {
        // TrainedSequences; string × 3: output columns; (bool, string?): column of scores
        Sequences.Write(writer);
        writer.Write(PredictedLabel);
        writer.Write(Probability);
        writer.Write(LogDensity);
        writer.Write(Score is not null);
        if (Score is not null)
            writer.Write(Score);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static MarkovChainColumns Read(BlockReader reader) =>
        new(TrainedSequences.Read(reader), reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadBoolean() ? reader.ReadString() : null);

    private static List<OutputColumn> Describe(
        string predictedLabel, string probability, string logDensity, string? score, int numberOfSymbols, IReadOnlyList<string>? texts)
    {
        // Probabilities of the next symbol are scores that MulticlassClassification.Evaluate takes, given the symbol that came as the label.
        const string task = OutputColumn.MulticlassClassification;
        IReadOnlyList<string> names = texts ?? [.. Enumerable.Range(1, numberOfSymbols).Select(key => string.Create(CultureInfo.InvariantCulture, $"Symbol{key}"))];
        var vector = new VectorDataViewType(NumberDataViewType.Single, numberOfSymbols);
        List<OutputColumn> columns =
        [
            new OutputColumn(predictedLabel, new KeyDataViewType(typeof(uint), numberOfSymbols), task, OutputColumn.PredictedLabel, keyValues: texts),
            new OutputColumn(probability, vector, task, OutputColumn.Probability, names),
            new OutputColumn(logDensity, NumberDataViewType.Single, task, OutputColumn.LogDensity),
        ];
        if (score is not null)
            columns.Add(new OutputColumn(score, NumberDataViewType.Single, OutputColumn.AnomalyDetection, OutputColumn.Score));
        return columns;
    }
}
