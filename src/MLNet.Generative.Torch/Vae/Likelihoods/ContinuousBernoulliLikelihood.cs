using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// The continuous Bernoulli of Loaiza-Ganem and Cunningham (2019) for 0 ≤ x ≤ 1: log p(x|z) = Σ_j x_j a_j − log(1 + e^{a_j}) + log C(σ(a_j)), with
/// C(λ) = 2 atanh(1 − 2λ) / (1 − 2λ), which is a / tanh(a / 2) in terms of the decoder's output a.
/// </summary>
internal sealed class ContinuousBernoulliLikelihood : DecoderLikelihood
{
    // Nearer to a = 0 than this, series take the place of quotients of small numbers.
    private const double SeriesBound = 0.05;

    public override torch.Tensor LogDensity(torch.Tensor rows, torch.Tensor decoded) =>
        SumOverFeatures(rows * decoded - torch.nn.functional.softplus(decoded) + LogNormalizer(decoded));

    /// <summary>E[x|z] = 1 / (1 − e^{−a}) − 1 / a, which is ½ + a/12 − a³/720 + … near 0.</summary>
    public override torch.Tensor Mean(torch.Tensor decoded)
    {
        (torch.Tensor isSmall, torch.Tensor small, torch.Tensor safe) = Split(decoded);
        torch.Tensor series = 0.5 + small / 12 * (1 - small * small / 60);
        return torch.where(isSmall, series, -1 / torch.expm1(-safe) - 1 / safe);
    }

    /// <summary>The inverse of the distribution function at a uniform u: log(1 + u (e^a − 1)) / a, from the side where e^a does not overflow.</summary>
    public override torch.Tensor Draw(torch.Tensor decoded, torch.Generator generator)
    {
        torch.Tensor u = RandomTensors.Uniform(decoded.shape, decoded.device, generator);
        (torch.Tensor isSmall, _, torch.Tensor safe) = Split(decoded);
        // The density with −a is the mirror image of that with a.
        torch.Tensor negative = -safe.abs();
        torch.Tensor low = torch.log1p(u * torch.expm1(negative)) / negative;
        torch.Tensor drawn = torch.where(safe > 0, 1 - low, low);
        return torch.where(isSmall, u, drawn).clamp(0, 1);
    }

    public override bool Supports(double value) => value is >= 0 and <= 1;

    /// <summary>log C(σ(a)) = log(a / tanh(a/2)), which is log 2 + a²/12 − 7a⁴/1440 + … near 0.</summary>
    internal static torch.Tensor LogNormalizer(torch.Tensor decoded)
    {
        (torch.Tensor isSmall, torch.Tensor small, torch.Tensor safe) = Split(decoded);
        torch.Tensor squared = small * small;
        torch.Tensor series = Math.Log(2) + squared / 12 * (1 - squared * (7.0 / 120));
        return torch.where(isSmall, series, torch.log(safe / torch.tanh(safe / 2)));
    }

    // The value that is not used must not be infinite either, or its gradient would be NaN: neither the quotient near 0 nor the series far from it.
    private static (torch.Tensor IsSmall, torch.Tensor Small, torch.Tensor Safe) Split(torch.Tensor decoded)
    {
        torch.Tensor isSmall = decoded.abs() < SeriesBound;
        return (isSmall, torch.where(isSmall, decoded, torch.zeros_like(decoded)), torch.where(isSmall, torch.ones_like(decoded), decoded));
    }
}
