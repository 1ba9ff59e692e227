namespace MLNet.Generative;

/// <summary>One pass of training through the data: means over rows, in nats.</summary>
/// <param name="Epoch">The number of the pass, from 1.</param>
/// <param name="Objective">What is maximised, E_q[log p(x|z)] − β KL, on the training rows as the weights changed; the model has their average, which as a rule is better.</param>
/// <param name="Reconstruction">Its first part, E_q[log p(x|z)].</param>
/// <param name="KlDivergence">The KL divergence, without β.</param>
/// <param name="NumberOfActiveUnits">The number of latent dimensions whose posterior mean has a variance above 0.01 over the rows (Burda et al. 2015).</param>
/// <param name="ValidationObjective">The objective of the averaged weights on the rows that were kept for validation, after the pass; <see langword="null"/> if there are none.</param>
public sealed record VaeEpoch(
    int Epoch, double Objective, double Reconstruction, double KlDivergence, int NumberOfActiveUnits, double? ValidationObjective)
{
    /// <summary>What a best epoch is measured by: the validation rows if there are any, otherwise the training rows.</summary>
    internal double Monitored => ValidationObjective ?? Objective;
}
