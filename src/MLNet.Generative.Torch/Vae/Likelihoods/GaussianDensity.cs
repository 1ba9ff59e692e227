using TorchSharp;

namespace MLNet.Generative;

/// <summary>What the Gaussian likelihoods have in common: a mean from the decoder, in the network's units, and variances that do not depend on the code.</summary>
internal abstract class GaussianDensity : DecoderLikelihood
{
    /// <summary>
    /// The smallest share of a feature's variance that noise may have. Without it, a constant feature, or one that is a copy of another, would send the density to infinity.
    /// </summary>
    internal const double VarianceFloor = 1e-6;

    private readonly FeatureScaling _scaling;
    private readonly Scalar _constant;
    private readonly torch.Tensor _constants;

    protected GaussianDensity(FeatureScaling scaling, torch.Device device)
    {
        _scaling = scaling;
        double[] constants = Array.ConvertAll(scaling.Scales, scale => 0.5 * Math.Log(2 * Math.PI) + Math.Log(scale));
        _constant = constants.Sum();
        using torch.Tensor wrapped = torch.tensor(constants, torch.float64, torch.CPU);
        _constants = wrapped.to(device, copy: true).DetachFromDisposeScope();
    }

    /// <summary>The variances of the noise in the network's units: D values, or values that spread to D.</summary>
    protected abstract torch.Tensor Variances();

    /// <summary>Σ_j −½ [log 2π + log v_j + (x_j − m_j)² / v_j] − Σ_j log scale_j: the last term turns the density into one of the features' own units.</summary>
    public sealed override torch.Tensor LogDensity(torch.Tensor rows, torch.Tensor decoded, torch.Tensor? observed = null)
    {
        torch.Tensor variances = Variances();
        torch.Tensor residuals = rows - decoded;
        torch.Tensor distance = SumOverFeatures(residuals * residuals / variances, observed);
        if (observed is null)
            return Number.Of(-0.5) * distance.Plus(SumOverFeatures(torch.log(variances), null)) - _constant;
        // Row by row, as products with a vector are not: their last bits depend on where in memory a row starts.
        torch.Tensor normalizers = (Number.Of(0.5) * torch.log(variances).to(torch.float64)).Plus(_constants);
        return Number.Of(-0.5) * distance - SumOverFeatures(normalizers.expand(observed.shape), observed);
    }

    /// <summary>(x − m) / v and 1 / v.</summary>
    public sealed override (torch.Tensor Score, torch.Tensor Information) ScoreAndInformation(torch.Tensor rows, torch.Tensor decoded)
    {
        torch.Tensor information = Variances().to(torch.float64).reciprocal().expand(decoded.shape);
        return ((rows - decoded.to(torch.float64)) * information, information);
    }

    public sealed override torch.Tensor Mean(torch.Tensor decoded) => decoded;

    public sealed override torch.Tensor Draw(torch.Tensor decoded, torch.Generator generator) =>
        decoded.Plus(RandomTensors.Normal(decoded.shape, decoded.device, generator) * torch.sqrt(Variances()));

    public sealed override double[] NoiseVariances()
    {
        float[] variances = Variances().detach().cpu().data<float>().ToArray();
        return [.. _scaling.Scales.Select((scale, j) => variances[j] * scale * scale)];
    }

    public override void Dispose()
    {
        _constants.Dispose();
        base.Dispose();
    }

    /// <summary>e^v + floor: positive, never below the floor, and with a gradient everywhere.</summary>
    protected static torch.Tensor Floored(torch.Tensor logVariance, Scalar floor) => torch.exp(logVariance).Plus(floor);

    /// <summary>How many learned variances are less than a floor.</summary>
    protected static int CountBelow(torch.Tensor logVariance, double floor)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return logVariance.detach().cpu().data<float>().ToArray().Count(value => value < Math.Log(floor));
    }

    /// <summary>The factors that turn variances in the features' units into the network's: 1 / scale².</summary>
    protected static torch.Tensor ToNetworkUnits(FeatureScaling scaling, double unit, torch.Device device) =>
        AlignedTensor.Copy(Array.ConvertAll(scaling.Scales, scale => (float)(unit / scale * (unit / scale))), [scaling.Scales.Length], device).DetachFromDisposeScope();
}
