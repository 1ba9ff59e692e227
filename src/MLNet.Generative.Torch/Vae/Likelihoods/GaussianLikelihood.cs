using TorchSharp;

namespace MLNet.Generative;

/// <summary>Gaussian noise with one learned variance per feature.</summary>
internal sealed class GaussianLikelihood(FeatureScaling scaling, ParameterSet parameters, torch.Device device) : GaussianDensity(scaling, device)
{
    private readonly torch.Tensor _logVariance = parameters["likelihood.logVariance"];

    public override int CountAtFloor() => CountBelow(_logVariance, VarianceFloor);

    protected override torch.Tensor Variances() => Floored(_logVariance, Number.Of(VarianceFloor));
}
