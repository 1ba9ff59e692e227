using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// The continuous Bernoulli of Loaiza-Ganem and Cunningham (2019) for 0 ≤ x ≤ 1: log p(x|z) = Σ_j x_j a_j − log(1 + e^{a_j}) + log C(σ(a_j)), with
/// C(λ) = 2 atanh(1 − 2λ) / (1 − 2λ), which is a / tanh(a / 2) in terms of the decoder's output a. Outputs beyond ±1,000 count as ±1,000.
/// </summary>
internal sealed class ContinuousBernoulliLikelihood : DecoderLikelihood
{
    // Nearer to a = 0 than this, series take the place of quotients of small numbers.
    private const double SeriesBound = 0.05;

    // The standard deviation is 1 / |a| for large |a|. Without a bound, a feature that is always 0 or always 1 would send the density to infinity.
    private const double LargestLogit = 1000;

    public override bool HasWrittenGradient => true;

    public override torch.Tensor LogDensity(torch.Tensor rows, torch.Tensor decoded, torch.Tensor? observed = null)
    {
        torch.Tensor logits = Bounded(decoded);
        return SumOverFeatures(LogNormalizer(logits) - BernoulliLikelihood.CrossEntropy(rows, logits), observed);
    }

    /// <summary>x − E[x|z], as for every exponential family in its natural parameter; nothing where a is out of its bounds.</summary>
    public override (torch.Tensor LogDensity, torch.Tensor Gradient)? WithGradient(torch.Tensor rows, torch.Tensor decoded, torch.Tensor? observed, double scale)
    {
        using Scalar factor = scale;
        torch.Tensor isWithin = decoded.abs() <= Number.Of(LargestLogit);
        return (LogDensity(rows, decoded, observed), OnlyObserved(OnlyObserved((rows - Mean(decoded)) * factor, isWithin), observed));
    }

    /// <summary>E[x|z] = 1 / (1 − e^{−a}) − 1 / a, which is ½ + a/12 − a³/720 + … near 0.</summary>
    public override torch.Tensor Mean(torch.Tensor decoded)
    {
        (torch.Tensor isSmall, torch.Tensor small, torch.Tensor safe) = Split(Bounded(decoded));
        torch.Tensor series = (small * (small * small * Number.Of(-1.0 / 720)).Plus(Number.Of(1.0 / 12))).Plus(Number.Of(0.5));
        return torch.where(isSmall, series, -torch.expm1(-safe).reciprocal().Plus(safe.reciprocal()));
    }

    /// <summary>x − E[x|z] and the variance of x given z, 1 / a² − 1 / (2 sinh(a/2))², which is 1/12 − a²/240 + … near 0.</summary>
    public override (torch.Tensor Score, torch.Tensor Information) ScoreAndInformation(torch.Tensor rows, torch.Tensor decoded)
    {
        torch.Tensor logits = decoded.to(torch.float64);
        (torch.Tensor isSmall, torch.Tensor small, torch.Tensor safe) = Split(Bounded(logits));
        torch.Tensor series = (small * small * Number.Of(-1.0 / 240)).Plus(Number.Of(1.0 / 12));
        torch.Tensor root = Number.Of(2) * torch.sinh(safe * Number.Of(0.5));
        return (rows - Mean(logits), torch.where(isSmall, series, (safe * safe).reciprocal() - (root * root).reciprocal()));
    }

    /// <summary>The inverse of the distribution function at a uniform u: log(1 + u (e^a − 1)) / a, from the side where e^a does not overflow.</summary>
    public override torch.Tensor Draw(torch.Tensor decoded, torch.Generator generator)
    {
        torch.Tensor u = RandomTensors.Uniform(decoded.shape, decoded.device, generator);
        (torch.Tensor isSmall, torch.Tensor small, torch.Tensor safe) = Split(Bounded(decoded));
        torch.Tensor series = u.Plus(Number.Of(0.5) * small * u * (-u).Plus(Number.Of(1)));
        // The density with −a is the mirror image of that with a.
        torch.Tensor negative = -safe.abs();
        torch.Tensor low = torch.log1p(u * torch.expm1(negative)) / negative;
        torch.Tensor drawn = torch.where(safe > Number.Of(0), (-low).Plus(Number.Of(1)), low);
        return torch.where(isSmall, series, drawn).clamp(Number.Of(0), Number.Of(1));
    }

    public override (double Lowest, double Highest) Support => (0, 1);

    /// <summary>log C(σ(a)) = log(a / tanh(a/2)), which is log 2 + a²/12 − 7a⁴/1440 + … near 0.</summary>
    internal static torch.Tensor LogNormalizer(torch.Tensor decoded)
    {
        (torch.Tensor isSmall, torch.Tensor small, torch.Tensor safe) = Split(decoded);
        torch.Tensor squared = small * small;
        torch.Tensor series = (squared * (squared * Number.Of(-7.0 / 1440)).Plus(Number.Of(1.0 / 12))).Plus(Number.Of(Math.Log(2)));
        return torch.where(isSmall, series, torch.log(safe / torch.tanh(safe * Number.Of(0.5))));
    }

    private static torch.Tensor Bounded(torch.Tensor decoded) => decoded.clamp(Number.Of(-LargestLogit), Number.Of(LargestLogit));

    // The value that is not used must not be infinite either, or its gradient would be NaN: neither the quotient near 0 nor the series far from it.
    private static (torch.Tensor IsSmall, torch.Tensor Small, torch.Tensor Safe) Split(torch.Tensor decoded)
    {
        torch.Tensor isSmall = decoded.abs() < Number.Of(SeriesBound);
        return (isSmall, torch.where(isSmall, decoded, torch.zeros_like(decoded)), torch.where(isSmall, torch.ones_like(decoded), decoded));
    }
}
