namespace MLNet.Generative;

/// <summary>The family of distributions from which a hidden Markov model emits the values of a step, given its state.</summary>
public enum EmissionType
{
    /// <summary>A Gaussian over the D features. The structure of its covariances is a <see cref="CovarianceType"/>.</summary>
    Gaussian = 0,

    /// <summary>One of M symbols. The values are symbols from 0 in models, keys from 1 in pipelines.</summary>
    Categorical = 1,

    /// <summary>Counts, independent given the state, each from a Poisson distribution.</summary>
    Poisson = 2,

    /// <summary>A mixture of Gaussians in each state.</summary>
    GaussianMixture = 3,

    /// <summary>D counts that share out a number of trials.</summary>
    Multinomial = 4,

    /// <summary>D values of 0 or 1, independent given the state.</summary>
    Bernoulli = 5,

    /// <summary>Another family for each feature; the features are independent given the state.</summary>
    Product = 6,
}
