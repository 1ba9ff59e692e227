using TorchSharp;
using TorchSharp.Modules;

namespace MLNet.Generative;

/// <summary>Gaussian noise with one learned variance per feature.</summary>
internal sealed class GaussianLikelihood(FeatureScaling scaling, ParameterSet parameters) : GaussianDensity(scaling)
{
    private readonly Parameter _logVariance = parameters["likelihood.logVariance"];

    protected override torch.Tensor Variances() => Floored(_logVariance);
}
