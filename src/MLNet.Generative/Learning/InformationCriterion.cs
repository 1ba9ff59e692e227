namespace MLNet.Generative;

/// <summary>What decides between models of different sizes that were fitted to the same data. Both are on the scale −2 log L + penalty: smaller is better.</summary>
public enum InformationCriterion
{
    /// <summary>
    /// The Bayesian information criterion, −2 log L + p log n (Schwarz 1978): finds the true model with certainty as n grows, where it is among the candidates.
    /// </summary>
    Bic = 0,

    /// <summary>Akaike's information criterion, −2 log L + 2 p (Akaike 1974): finds the model that predicts best, which is often a larger one.</summary>
    Aic = 1,
}
