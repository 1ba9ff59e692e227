namespace MLNet.Generative;

/// <summary>A chain among others of another order, all of them compared on the same symbols.</summary>
/// <param name="Order">n.</param>
/// <param name="LogLikelihood">The log-likelihood log L of the symbols that are compared, given those before, in nats.</param>
/// <param name="NumberOfObservations">N, the number of those symbols, each by the weight of its sequence.</param>
/// <param name="NumberOfParameters">p = M^n (M − 1), the number of free transition probabilities (Katz 1981).</param>
/// <param name="NumberOfObservedHistories">The number of different histories of n symbols that were seen.</param>
/// <param name="NumberOfObservedTransitions">The number of different transitions that were seen.</param>
public sealed record MarkovChainCandidate(
    int Order, double LogLikelihood, double NumberOfObservations, double NumberOfParameters, int NumberOfObservedHistories, int NumberOfObservedTransitions)
{
    /// <summary>Akaike's information criterion, −2 log L + 2 p (Akaike 1974; for chains Tong 1975).</summary>
    public double Aic => -2 * LogLikelihood + 2 * NumberOfParameters;

    /// <summary>Akaike's information criterion corrected for few data, AIC + 2 p (p + 1) / (N − p − 1) (Hurvich and Tsai 1989); +∞ where N ≤ p + 1.</summary>
    public double Aicc => Aic + SmallSampleCorrection.Of(NumberOfParameters, NumberOfObservations);

    /// <summary>The Bayesian information criterion, −2 log L + p log N (Schwarz 1978; for chains Katz 1981).</summary>
    public double Bic => -2 * LogLikelihood + NumberOfParameters * Math.Log(NumberOfObservations);

    /// <summary>One of the criteria. A chain has no hidden variables: its <see cref="InformationCriterion.Icl"/> is its <see cref="Bic"/>.</summary>
    /// <param name="criterion">Which.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="criterion"/> is not one of the values of <see cref="InformationCriterion"/>.</exception>
    public double Get(InformationCriterion criterion)
    {
        OptionChecks.Defined(criterion, nameof(criterion));
        return criterion switch
        {
            InformationCriterion.Aic => Aic,
            InformationCriterion.Aicc => Aicc,
            _ => Bic,
        };
    }
}
