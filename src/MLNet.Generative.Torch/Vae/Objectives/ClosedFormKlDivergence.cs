using TorchSharp;

namespace MLNet.Generative;

/// <summary>½ (μ² + σ² − 1 − log σ²): Kingma and Welling (2013), appendix B.</summary>
internal sealed class ClosedFormKlDivergence : KlDivergence
{
    public override torch.Tensor PerDimension(torch.Tensor mean, torch.Tensor logVariance, torch.Tensor noise, torch.Tensor latents) =>
        Of(mean, logVariance);

    /// <summary>The same without samples, which it does not need.</summary>
    public static torch.Tensor Of(torch.Tensor mean, torch.Tensor logVariance) =>
        Number.Of(0.5) * ((mean * mean).Plus(torch.expm1(logVariance)) - logVariance);
}
