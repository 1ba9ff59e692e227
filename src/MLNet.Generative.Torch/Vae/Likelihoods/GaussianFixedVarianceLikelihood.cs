using TorchSharp;

namespace MLNet.Generative;

/// <summary>Gaussian noise with a given standard deviation σ, in the features' own units.</summary>
internal sealed class GaussianFixedVarianceLikelihood(FeatureScaling scaling, double standardDeviation, torch.Device device) : GaussianDensity(scaling, device)
{
    private readonly torch.Tensor _variances = ToNetworkUnits(scaling, standardDeviation, device);

    protected override torch.Tensor Variances() => _variances;

    public override void Dispose()
    {
        _variances.Dispose();
        base.Dispose();
    }
}
