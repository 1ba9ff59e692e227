namespace MLNet.Generative;

/// <summary>What a decoder's output means: the distribution p(x | z) of a row given its latent code.</summary>
public enum VaeLikelihood
{
    /// <summary><see cref="Bernoulli"/> if every value of the training data is 0 or 1, otherwise <see cref="Gaussian"/>. The log says which.</summary>
    Auto = 0,

    /// <summary>
    /// Each feature is 1 with the probability that the decoder gives, for values 0 and 1. Values between are accepted, as is common for grey images, but then the result
    /// is no density: prefer <see cref="ContinuousBernoulli"/>.
    /// </summary>
    Bernoulli = 1,

    /// <summary>Values from 0 to 1, with density C(λ) λ^x (1 − λ)^(1 − x) (Loaiza-Ganem and Cunningham 2019).</summary>
    ContinuousBernoulli = 2,

    /// <summary>Real values: the decoder gives the mean, and each feature has one learned variance, the same for all rows.</summary>
    Gaussian = 3,

    /// <summary>Real values: the decoder gives the mean, and one learned variance, in the features' own units, serves all features.</summary>
    GaussianSharedVariance = 4,

    /// <summary>Real values: the decoder gives the mean, and the standard deviation is given, in the features' own units.</summary>
    GaussianFixedVariance = 5,
}
