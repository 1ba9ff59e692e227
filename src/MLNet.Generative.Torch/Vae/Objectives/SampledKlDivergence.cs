using TorchSharp;

namespace MLNet.Generative;

/// <summary>The mean over samples of log q(z|x) − log p(z) = ½ (z² − ε² − log σ²); the terms with log 2π cancel. Kingma and Welling (2013), equation 6.</summary>
internal sealed class SampledKlDivergence : KlDivergence
{
    public override torch.Tensor PerDimension(torch.Tensor mean, torch.Tensor logVariance, torch.Tensor noise, torch.Tensor latents) =>
        Number.Of(0.5) * ((latents * latents - noise * noise).mean([0]) - logVariance);
}
