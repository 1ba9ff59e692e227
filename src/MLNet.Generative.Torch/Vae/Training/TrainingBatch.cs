using TorchSharp;

namespace MLNet.Generative;

/// <summary>Some rows of a training, and what they count for.</summary>
/// <param name="Rows">Rows × D, in the network's units.</param>
/// <param name="Weights">A weight for each row, of mean 1 over all rows of the training; <see langword="null"/> if all are 1.</param>
internal sealed record TrainingBatch(torch.Tensor Rows, torch.Tensor? Weights)
{
    /// <summary>The number of rows.</summary>
    public long Count => Rows.shape[0];

    /// <summary>
    /// Σ_n w_n v_n / N over the N rows of the batch. The weights in it need not have mean 1: the gradient then is that of all rows in the mean over batches.
    /// </summary>
    /// <param name="values">Rows, or rows × anything.</param>
    public torch.Tensor Mean(torch.Tensor values) =>
        (Weights is null ? values : values * (values.dim() == 1 ? Weights : Weights.unsqueeze(-1))).mean([0]);

    /// <summary>The same of samples × rows that lie one after another, and the mean over samples.</summary>
    /// <param name="values">Samples × rows.</param>
    public double Mean(ReadOnlySpan<double> values)
    {
        double[]? weights = Weights?.cpu().data<double>().ToArray();
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
            sum += weights is null ? values[i] : weights[i % weights.Length] * values[i];
        return sum / values.Length;
    }

    /// <summary>Multiplies what belongs to a row by its weight.</summary>
    /// <param name="values">… × rows × D.</param>
    public torch.Tensor Weigh(torch.Tensor values) => Weights is null ? values : values * Weights.unsqueeze(-1).to(values.dtype);
}
