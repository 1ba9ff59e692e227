using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// How the KL divergence of the posterior N(μ, diag σ²) from the prior N(0, I) is found, per row and latent dimension: the part of the objective in which the two
/// estimators of Kingma and Welling (2013) differ.
/// </summary>
internal abstract class KlDivergence
{
    /// <summary>Rows × L, in nats.</summary>
    /// <param name="mean">μ, rows × L.</param>
    /// <param name="logVariance">log σ², rows × L.</param>
    /// <param name="noise">ε, samples × rows × L.</param>
    /// <param name="latents">z = μ + σ ε, samples × rows × L.</param>
    public abstract torch.Tensor PerDimension(torch.Tensor mean, torch.Tensor logVariance, torch.Tensor noise, torch.Tensor latents);

    /// <summary>The part that goes with an objective.</summary>
    public static KlDivergence Create(VaeObjective objective) => objective switch
    {
        VaeObjective.ClosedFormKl => new ClosedFormKlDivergence(),
        VaeObjective.SampledKl => new SampledKlDivergence(),
        _ => throw new InvalidOperationException($"{objective} is no objective."),
    };
}
