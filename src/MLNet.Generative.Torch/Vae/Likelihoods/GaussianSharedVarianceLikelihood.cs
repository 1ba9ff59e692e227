using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// Gaussian noise with one learned variance for all features, equal in the features' own units, as in probabilistic principal component analysis (Tipping and Bishop 1999).
/// </summary>
internal sealed class GaussianSharedVarianceLikelihood : GaussianDensity
{
    private readonly torch.Tensor _logVariance;
    private readonly torch.Tensor _toNetworkUnits;
    private readonly int _dimension;
    private readonly double _leastFloor;
    private readonly Scalar _floor;

    public GaussianSharedVarianceLikelihood(FeatureScaling scaling, ParameterSet parameters, torch.Device device)
        : base(scaling, device)
    {
        _logVariance = parameters["likelihood.logVariance"];
        // Learned as a multiple of the mean variance of the features, so that it starts at the scale of the data; the floor is that of the feature that varies least.
        double unit = FeatureScaling.RootMeanSquare(scaling.Scales);
        double least = scaling.Scales.Min() / unit;
        _toNetworkUnits = ToNetworkUnits(scaling, unit, device);
        _dimension = scaling.Scales.Length;
        _leastFloor = VarianceFloor * least * least;
        _floor = _leastFloor;
    }

    public override int CountAtFloor() => CountBelow(_logVariance, _leastFloor) * _dimension;

    protected override torch.Tensor Variances() => Floored(_logVariance, _floor) * _toNetworkUnits;

    public override void Dispose()
    {
        _toNetworkUnits.Dispose();
        base.Dispose();
    }
}
