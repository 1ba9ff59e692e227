using TorchSharp;
using TorchSharp.Modules;

namespace MLNet.Generative;

/// <summary>What the Gaussian likelihoods have in common: a mean from the decoder, in the network's units, and variances that do not depend on the code.</summary>
internal abstract class GaussianDensity : DecoderLikelihood
{
    /// <summary>
    /// The smallest share of a feature's variance that noise may have. Without it, a constant feature, or one that is a copy of another, would send the density to infinity.
    /// </summary>
    internal const double VarianceFloor = 1e-6;

    private static readonly double Log2Pi = Math.Log(2 * Math.PI);

    private readonly FeatureScaling _scaling;
    private readonly double _sumOfLogScales;

    protected GaussianDensity(FeatureScaling scaling)
    {
        _scaling = scaling;
        _sumOfLogScales = scaling.Scales.Sum(Math.Log);
    }

    /// <summary>The variances of the noise in the network's units: D values, or values that spread to D.</summary>
    protected abstract torch.Tensor Variances();

    /// <summary>Σ_j −½ [log 2π + log v_j + (x_j − m_j)² / v_j] − Σ_j log scale_j: the last term turns the density into one of the features' own units.</summary>
    public sealed override torch.Tensor LogDensity(torch.Tensor rows, torch.Tensor decoded)
    {
        torch.Tensor variances = Variances();
        torch.Tensor residuals = rows - decoded;
        long dimension = rows.shape[^1];
        torch.Tensor distance = SumOverFeatures(residuals * residuals / variances);
        torch.Tensor logDeterminant = SumOverFeatures(torch.log(variances));
        return -0.5 * (distance + logDeterminant + dimension * Log2Pi) - _sumOfLogScales;
    }

    public sealed override torch.Tensor Mean(torch.Tensor decoded) => decoded;

    public sealed override torch.Tensor Draw(torch.Tensor decoded, torch.Generator generator) =>
        decoded + RandomTensors.Normal(decoded.shape, decoded.device, generator) * torch.sqrt(Variances());

    public sealed override double[] NoiseVariances()
    {
        float[] variances = Variances().detach().cpu().data<float>().ToArray();
        return [.. _scaling.Scales.Select((scale, j) => variances[j] * scale * scale)];
    }

    /// <summary>e^v + floor: positive, never below the floor, and with a gradient everywhere.</summary>
    protected static torch.Tensor Floored(Parameter logVariance) => torch.exp(logVariance) + VarianceFloor;

    /// <summary>The factors that turn variances in the features' units into the network's: 1 / scale².</summary>
    protected static torch.Tensor ToNetworkUnits(FeatureScaling scaling, double unit, torch.Device device) =>
        AlignedTensor.Copy(Array.ConvertAll(scaling.Scales, scale => (float)(unit / scale * (unit / scale))), [scaling.Scales.Length], device).DetachFromDisposeScope();
}
