namespace MLNet.Generative;

/// <summary>One pass of training through the data: means over rows, in nats.</summary>
public sealed record VaeEpoch
{
    internal VaeEpoch(int number, double objective, double reconstruction, double klDivergence, int numberOfActiveUnits, double? validationObjective)
    {
        Number = number;
        Objective = objective;
        Reconstruction = reconstruction;
        KlDivergence = klDivergence;
        NumberOfActiveUnits = numberOfActiveUnits;
        ValidationObjective = validationObjective;
    }

    /// <summary>The number of the pass, from 1.</summary>
    public int Number { get; }

    /// <summary>
    /// What is maximised, E_q[log p(x|z)] − β KL, on the training rows as the weights changed. The model has the average of the weights, which as a rule is better.
    /// </summary>
    public double Objective { get; }

    /// <summary>Its first part, E_q[log p(x|z)].</summary>
    public double Reconstruction { get; }

    /// <summary>The KL divergence in closed form, without β.</summary>
    public double KlDivergence { get; }

    /// <summary>The number of latent dimensions whose posterior mean has a variance above 0.01 over the rows (Burda, Grosse and Salakhutdinov 2015, section 5.2).</summary>
    public int NumberOfActiveUnits { get; }

    /// <summary>The objective of the averaged weights on the rows that were kept for validation, after the pass; <see langword="null"/> if there are none.</summary>
    public double? ValidationObjective { get; }

    /// <summary>What a best epoch is measured by: the validation rows if there are any, otherwise the training rows.</summary>
    internal double Monitored => ValidationObjective ?? Objective;
}
