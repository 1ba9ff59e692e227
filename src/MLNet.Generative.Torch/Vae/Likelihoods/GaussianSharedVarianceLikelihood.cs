using TorchSharp;
using TorchSharp.Modules;

namespace MLNet.Generative;

/// <summary>
/// Gaussian noise with one learned variance for all features, equal in the features' own units, as in probabilistic principal component analysis (Tipping and Bishop 1999).
/// </summary>
internal sealed class GaussianSharedVarianceLikelihood : GaussianDensity
{
    private readonly Parameter _logVariance;
    private readonly torch.Tensor _toNetworkUnits;

    public GaussianSharedVarianceLikelihood(FeatureScaling scaling, ParameterSet parameters, torch.Device device)
        : base(scaling)
    {
        _logVariance = parameters["likelihood.logVariance"];
        // Learned as a multiple of the mean variance of the features, so that it starts, and has its floor, at the scale of the data.
        _toNetworkUnits = ToNetworkUnits(scaling, FeatureScaling.RootMeanSquare(scaling.Scales), device);
    }

    protected override torch.Tensor Variances() => Floored(_logVariance) * _toNetworkUnits;

    public override void Dispose()
    {
        _toNetworkUnits.Dispose();
        base.Dispose();
    }
}
