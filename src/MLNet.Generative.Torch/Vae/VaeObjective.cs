namespace MLNet.Generative;

/// <summary>The two estimators of the evidence lower bound of Kingma and Welling (2013), which differ in the KL divergence.</summary>
public enum VaeObjective
{
    /// <summary>KL(q(z|x) ‖ p(z)) in closed form: estimator B, equation 7 of the paper. Less noise.</summary>
    ClosedFormKl = 0,

    /// <summary>log q(z|x) − log p(z) at the sampled z: estimator A, equation 6 of the paper.</summary>
    SampledKl = 1,
}
