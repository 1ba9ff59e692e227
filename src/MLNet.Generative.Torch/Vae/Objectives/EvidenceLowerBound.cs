using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// The objective of training: E_q[log p(x|z)] − β Σ_l max(λ, KL_l), estimated by the reparametrisation z = μ + σ ε, ε ~ N(0, I) (Kingma and Welling 2013, section 2.4; β after Higgins et al.
/// 2017; λ, the free bits, after Kingma et al. 2016, appendix C.8). Sums over features, means over rows. A missing feature is 0 for the encoder, the mean where features are standardised, and is
/// left out of the reconstruction (Nazábal et al. 2020, section 3).
/// </summary>
internal sealed class EvidenceLowerBound : IDisposable
{
    private readonly VaeNetwork _network;
    private readonly DecoderLikelihood _likelihood;
    private readonly KlDivergence _divergence;
    private readonly Scalar? _freeBits;
    private readonly int _samplesPerRow;
    private readonly bool _hasMissing;

    private EvidenceLowerBound(VaeNetwork network, DecoderLikelihood likelihood, KlDivergence divergence, double freeBits, int samplesPerRow, bool hasMissing)
    {
        _network = network;
        _likelihood = likelihood;
        _divergence = divergence;
        _freeBits = freeBits > 0 ? freeBits : null;
        _samplesPerRow = samplesPerRow;
        _hasMissing = hasMissing;
    }

    /// <summary>The objective of some parameters.</summary>
    public static EvidenceLowerBound Create(TrainingPlan plan, ParameterSet parameters, VaeEstimator.Options options, torch.Device device) =>
        new(
            new VaeNetwork(plan.Architecture, parameters),
            DecoderLikelihood.Create(plan.Architecture, plan.Scaling, parameters, device),
            KlDivergence.Create(options.Objective),
            options.FreeBits,
            options.SamplesPerRow,
            plan.Missing.Any);

    /// <summary>The objective on rows, and its parts.</summary>
    /// <param name="batch">The rows, with NaN for a value that is missing.</param>
    /// <param name="beta">β, the weight of the KL divergence.</param>
    /// <param name="generator">Where the noise comes from.</param>
    public EvidenceLowerBoundTerms Estimate(TrainingBatch batch, double beta, torch.Generator generator)
    {
        torch.Tensor rows = batch.Rows;
        torch.Tensor? observed = null;
        if (_hasMissing)
        {
            observed = rows.isnan().logical_not();
            rows = torch.where(observed, rows, torch.zeros_like(rows));
        }
        (torch.Tensor mean, torch.Tensor logVariance) = _network.Encode(rows);
        torch.Tensor noise = RandomTensors.Normal([_samplesPerRow, rows.shape[0], mean.shape[1]], rows.device, generator);
        torch.Tensor latents = mean.Plus(torch.exp(Number.Of(0.5) * logVariance) * noise);
        torch.Tensor decoded = _network.Decode(latents);

        // A gradient that can be written down takes half the time of one that is found by differentiation.
        torch.Tensor? gradient = torch.is_grad_enabled() ? _likelihood.Gradient(rows, decoded.detach(), observed) : null;
        torch.Tensor reconstruction = batch.Mean(_likelihood.LogDensity(rows, gradient is null ? decoded : decoded.detach(), observed).mean([0]));

        torch.Tensor klPerDimension = batch.Mean(_divergence.PerDimension(mean, logVariance, noise, latents).to(torch.float64));
        torch.Tensor penalty = (_freeBits is null ? klPerDimension : klPerDimension.clamp_min(_freeBits)).sum();
        // A sampled one is told without its noise.
        torch.Tensor told = _divergence is ClosedFormKlDivergence
            ? klPerDimension
            : batch.Mean(ClosedFormKlDivergence.Of(mean.detach(), logVariance.detach()).to(torch.float64));
        return new EvidenceLowerBoundTerms(batch, beta, reconstruction, penalty, told, mean, gradient is null ? null : (decoded, gradient));
    }

    /// <inheritdoc cref="DecoderLikelihood.CountAtFloor"/>
    public int CountAtFloor() => _likelihood.CountAtFloor();

    /// <inheritdoc/>
    public void Dispose()
    {
        _likelihood.Dispose();
        _freeBits?.Dispose();
    }
}
