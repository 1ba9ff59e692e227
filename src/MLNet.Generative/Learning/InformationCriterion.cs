namespace MLNet.Generative;

/// <summary>What decides between models of different sizes that were fitted to the same data. All are on the scale −2 log L + penalty: smaller is better.</summary>
public enum InformationCriterion
{
    /// <summary>
    /// The Bayesian information criterion, −2 log L + p log n (Schwarz 1978): finds the true model with certainty as n grows, where it is among the candidates.
    /// </summary>
    Bic = 0,

    /// <summary>Akaike's information criterion, −2 log L + 2 p (Akaike 1974): finds the model that predicts best, which is often a larger one.</summary>
    Aic = 1,

    /// <summary>
    /// Akaike's information criterion corrected for few data, −2 log L + 2 p + 2 p (p + 1) / (n − p − 1) (Hurvich and Tsai 1989): with less than some 40 rows per
    /// parameter Akaike's own takes models that are too large. Infinite where n ≤ p + 1.
    /// </summary>
    Aicc = 2,

    /// <summary>
    /// The integrated complete-data likelihood criterion, −2 log L_c + p log n (Biernacki, Celeux and Govaert 2000), with the likelihood L_c of the data and their most
    /// probable hidden variables together: finds components that are well apart, often fewer than the BIC. The same as the BIC for a model without hidden variables.
    /// </summary>
    Icl = 3,
}
