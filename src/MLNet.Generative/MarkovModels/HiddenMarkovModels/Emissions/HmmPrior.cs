namespace MLNet.Generative;

/// <summary>
/// Conjugate priors for the parameters of a hidden Markov model. With them the fit is the mode of the posterior (MAP) instead of the maximum of the likelihood. Every default
/// adds nothing: a new object is maximum likelihood.
/// </summary>
public sealed class HmmPrior
{
    /// <summary>The concentration of a symmetric Dirichlet prior on π: at least 1, where 1 adds nothing and 2 one pseudo-count for each state.</summary>
    public double InitialConcentration = 1;

    /// <summary>The concentration of a symmetric Dirichlet prior on each row of A: at least 1, where 1 adds nothing.</summary>
    public double TransitionConcentration = 1;

    /// <summary>Pseudo-counts added to a_kk of every state, for states that last: finite, not negative.</summary>
    public double SelfTransitionCount;

    /// <summary>
    /// The concentration of a symmetric Dirichlet prior on the symbols of categorical and multinomial emissions and on the weights of Gaussian mixtures, and of a Beta prior
    /// on both values of Bernoulli emissions: at least 1, where 1 adds nothing.
    /// </summary>
    public double SymbolConcentration = 1;

    /// <summary>The shape a of a Gamma prior on Poisson rates, with density ∝ λ^(a−1) exp(−b λ): at least 1, where 1 adds nothing.</summary>
    public double RateShape = 1;

    /// <summary>The inverse scale b of that Gamma prior: finite, not negative, where 0 adds nothing.</summary>
    public double RateInverseScale;

    /// <summary>
    /// The strength κ of a prior on the means of Gaussians, N(μ | mean of the data, Σ/κ): it counts as so many frames at the mean of the data. Finite, not negative, where 0
    /// adds nothing.
    /// </summary>
    public double MeanStrength;

    /// <summary>
    /// The strength s of an inverse Wishart prior on the covariances of Gaussians, with density ∝ |Σ|^(−s/2) exp(−½ s tr(Σ⁻¹ V)), where V are the variances of the data: it
    /// counts as so many frames spread like the data, without correlations (Fraley and Raftery 2007). Finite, not negative, where 0 adds nothing.
    /// </summary>
    public double CovarianceStrength;

    /// <summary>A copy that later changes to this object do not reach, once every number is known to be in range.</summary>
    internal HmmPrior Checked()
    {
        OptionChecks.FiniteAndAtLeastOne(InitialConcentration, nameof(InitialConcentration));
        OptionChecks.FiniteAndAtLeastOne(TransitionConcentration, nameof(TransitionConcentration));
        OptionChecks.FiniteAndNotNegative(SelfTransitionCount, nameof(SelfTransitionCount));
        OptionChecks.FiniteAndAtLeastOne(SymbolConcentration, nameof(SymbolConcentration));
        OptionChecks.FiniteAndAtLeastOne(RateShape, nameof(RateShape));
        OptionChecks.FiniteAndNotNegative(RateInverseScale, nameof(RateInverseScale));
        OptionChecks.FiniteAndNotNegative(MeanStrength, nameof(MeanStrength));
        OptionChecks.FiniteAndNotNegative(CovarianceStrength, nameof(CovarianceStrength));
        return (HmmPrior)MemberwiseClone();
    }
}
