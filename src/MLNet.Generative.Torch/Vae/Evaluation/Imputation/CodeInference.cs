using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Generative;

/// <summary>
/// Trained networks at work on many codes of one row. Every kind of native call has its own fixed shape, so that what is found for a row depends on that row alone. Read-only, and safe for
/// several threads.
/// </summary>
internal sealed class CodeInference(VaeArchitecture architecture, VaeNetwork network, DecoderLikelihood likelihood, Device device)
{
    /// <summary>The number of codes that are weighed in one call: as many as the cache holds for networks of the usual size.</summary>
    public const int CodesPerCall = 1024;

    // A power of two, so that a code and its neighbours differ by just that in 32 bits; errors of rounding and of curvature are both some 1e-5 of a derivative.
    private const double Step = 1.0 / 64;

    private readonly int _latents = architecture.LatentDimension;

    /// <summary>That of a model, with weights of its own. They are not disposed of by hand: libtorch's finalisers free them with the model.</summary>
    public static CodeInference Create(VaeArchitecture architecture, FeatureScaling scaling, IReadOnlyList<float[]> weights, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        ParameterSet parameters = ParameterSet.From(architecture, device, weights);
        return new CodeInference(architecture, new VaeNetwork(architecture, parameters), DecoderLikelihood.Create(architecture, scaling, parameters, device), device);
    }

    /// <summary>q(z|x) of a row.</summary>
    public (double[] Mean, double[] StandardDeviation) Encode(IncompleteRow row)
    {
        using var session = new InferenceSession(this);
        (Tensor mean, Tensor logVariance) = network.Encode(AlignedTensor.Copy(row.Values, [1, row.Values.Length], device));
        return (Read(mean), Read(exp(Number.Of(0.5) * logVariance)));
    }

    /// <summary>log p(x_obs, z) for codes, up to the constant of the prior.</summary>
    /// <param name="row">x, of which some is known.</param>
    /// <param name="codes">z, L numbers for each.</param>
    public double[] LogJoint(IncompleteRow row, float[] codes)
    {
        using var session = new InferenceSession(this);
        (Tensor values, Tensor observed) = ToTensors(row);
        Tensor decoded = network.Decode(AlignedTensor.Copy(codes, [codes.Length / _latents, 1, _latents], device));
        double[] logJoint = Read(likelihood.LogDensity(values, decoded, observed));
        for (int i = 0; i < logJoint.Length; i++)
            logJoint[i] -= 0.5 * SquaredNorm(codes.AsSpan(i * _latents, _latents));
        return logJoint;
    }

    /// <summary>
    /// The gradient of log p(x_obs, z) at codes, and its expected curvature: Jᵀ s − z, and I + Jᵀ F J, with the decoder's Jacobian J by central differences, and the score s and the Fisher
    /// information F of the likelihood with respect to the decoder's output.
    /// </summary>
    /// <param name="row">x, of which some is known.</param>
    /// <param name="codes">z, L numbers for each.</param>
    /// <returns>L numbers and L × L numbers for each.</returns>
    public (double[] Gradients, double[] Precisions) Curvature(IncompleteRow row, float[] codes)
    {
        using var session = new InferenceSession(this);
        int count = codes.Length / _latents;
        (Tensor values, Tensor observed) = ToTensors(row);
        Tensor decoded = network.Decode(AlignedTensor.Copy(WithNeighbours(codes), [count, 1 + 2 * _latents, _latents], device)).to(float64);
        Tensor jacobian = (decoded.narrow(1, 1, _latents) - decoded.narrow(1, 1 + _latents, _latents)) * Number.Of(0.5 / Step);
        (Tensor score, Tensor information) = likelihood.ScoreAndInformation(values, decoded.narrow(1, 0, 1));
        Tensor zero = zeros_like(score);
        Tensor weighted = jacobian * where(observed, information, zero);
        double[] gradients = Read((jacobian * where(observed, score, zero)).sum(-1));
        double[] precisions = Read(weighted.matmul(jacobian.transpose(1, 2)));
        for (int i = 0; i < gradients.Length; i++)
        {
            gradients[i] -= codes[i];
            precisions[i * _latents + i % _latents]++;
        }
        return (gradients, precisions);
    }

    /// <summary>Σ_k w_k E[x|z_k] and Σ_k w_k, with w_k ∝ p(x_obs|z_k) p(z_k) / r(z_k), over <see cref="CodesPerCall"/> codes.</summary>
    /// <param name="row">x, of which some is known.</param>
    /// <param name="codes">z, L numbers for each.</param>
    /// <param name="logRatios">log p(z_k) / r(z_k), where r is what the codes were drawn from; −∞ for a code that does not count.</param>
    /// <returns>The logarithm of the largest weight, and both sums divided by that weight; D numbers in the network's units for the first.</returns>
    public (double LogScale, double Total, double[] Weighted) Weigh(IncompleteRow row, float[] codes, double[] logRatios)
    {
        using var session = new InferenceSession(this);
        (Tensor values, Tensor observed) = ToTensors(row);
        Tensor decoded = network.Decode(AlignedTensor.Copy(codes, [CodesPerCall, 1, _latents], device));
        Tensor ratios = tensor(logRatios, float64, CPU).to(device, copy: true);
        Tensor logWeights = likelihood.LogDensity(values, decoded, observed).squeeze(-1).Plus(ratios);
        logWeights = where(logWeights.isnan(), full_like(logWeights, Number.Of(double.NegativeInfinity)), logWeights);
        Tensor largest = logWeights.max();
        double logScale = largest.item<double>();
        if (!double.IsFinite(logScale))
            return (double.NegativeInfinity, 0, new double[architecture.Dimension]);
        Tensor weights = exp(logWeights - largest);
        Tensor weighted = weights.unsqueeze(0).matmul(likelihood.Mean(decoded).squeeze(1).to(float64));
        return (logScale, weights.sum().item<double>(), Read(weighted));
    }

    private (Tensor Values, Tensor Observed) ToTensors(IncompleteRow row) =>
        (AlignedTensor.Copy(row.Values, [1, row.Values.Length], device), tensor(row.Observed, device: CPU).view(1, row.Observed.Length).to(device, copy: true));

    // Each code, then the codes a step ahead of it in each dimension, then those a step behind.
    private float[] WithNeighbours(float[] codes)
    {
        int width = (1 + 2 * _latents) * _latents;
        var all = new float[codes.Length / _latents * width];
        for (int i = 0; i < all.Length; i++)
            all[i] = codes[i / width * _latents + i % _latents];
        for (int start = 0; start < all.Length; start += width)
        {
            for (int l = 0; l < _latents; l++)
            {
                all[start + (1 + l) * _latents + l] += (float)Step;
                all[start + (1 + _latents + l) * _latents + l] -= (float)Step;
            }
        }
        return all;
    }

    private static double SquaredNorm(ReadOnlySpan<float> code)
    {
        double sum = 0;
        foreach (float value in code)
            sum += (double)value * value;
        return sum;
    }

    private static double[] Read(Tensor values) => values.to(float64).contiguous().cpu().data<double>().ToArray();
}
