using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>The columns that an anomaly detector adds.</summary>
/// <param name="PredictedLabel">Whether the row is an anomaly.</param>
/// <param name="Score">−log p(x).</param>
internal sealed record AnomalyColumns(string PredictedLabel, string Score)
{
    /// <summary>The output columns, in the order in which they are added.</summary>
    public IReadOnlyList<OutputColumn> Describe()
    {
        const string task = OutputColumn.AnomalyDetection;
        return
        [
            new OutputColumn(PredictedLabel, BooleanDataViewType.Instance, task, OutputColumn.PredictedLabel),
            new OutputColumn(Score, NumberDataViewType.Single, task, OutputColumn.Score),
        ];
    }
}
