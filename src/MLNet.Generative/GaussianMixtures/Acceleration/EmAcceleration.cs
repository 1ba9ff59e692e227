namespace MLNet.Generative;

/// <summary>How expectation-maximisation gets to its maximum in fewer iterations.</summary>
public enum EmAcceleration
{
    /// <summary>Not at all: every iteration is a step of expectation-maximisation.</summary>
    None = 0,

    /// <summary>
    /// Anderson acceleration, guarded (Anderson 1965; Walker and Ni 2011; Henderson and Varadhan 2019): the last iterations tell where the steps lead, and the M-step takes
    /// what is expected there. The log-likelihood still never falls: where an extrapolation fits worse, the plain step is taken instead. It begins once
    /// a step gains less than 1e-4 nats per row; where components overlap, it then takes several times fewer iterations, at next to no cost each.
    /// </summary>
    Anderson = 1,
}
