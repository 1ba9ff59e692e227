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
    private readonly double _freeBits;
    private readonly int _samplesPerRow;
    private readonly bool _hasMissing;
    private readonly bool _isWritten;
    private readonly int _latents;

    private EvidenceLowerBound(VaeNetwork network, DecoderLikelihood likelihood, KlDivergence divergence, double freeBits, int samplesPerRow, bool hasMissing, int latents)
    {
        _network = network;
        _likelihood = likelihood;
        _divergence = divergence;
        _freeBits = freeBits;
        _isWritten = divergence is ClosedFormKlDivergence && likelihood.HasWrittenGradient;
        _samplesPerRow = samplesPerRow;
        _hasMissing = hasMissing;
        _latents = latents;
    }

    /// <summary>The objective of some parameters.</summary>
    public static EvidenceLowerBound Create(TrainingPlan plan, ParameterSet parameters, VaeEstimator.Options options, torch.Device device) =>
        new(
            new VaeNetwork(plan.Architecture, parameters),
            DecoderLikelihood.Create(plan.Architecture, plan.Scaling, parameters, device),
            KlDivergence.Create(options.Objective),
            options.FreeBits,
            options.SamplesPerRow,
            plan.Missing.Any,
            plan.Architecture.LatentDimension);

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
        batch = batch with { Rows = rows };
        torch.Tensor noise = RandomTensors.Normal([_samplesPerRow, batch.Count, _latents], rows.device, generator);
        return _isWritten && torch.is_grad_enabled() && rows.device.type == DeviceType.CPU
            ? EstimateWritten(batch, observed, beta, new PosteriorDraw(_network.EncodeJoined(rows), noise, batch))
            : Estimate(batch, observed, beta, noise);
    }

    // Where every part of the gradient but that of the layers is a formula: half the time of differentiation.
    private EvidenceLowerBoundTerms EstimateWritten(TrainingBatch batch, torch.Tensor? observed, double beta, PosteriorDraw posterior)
    {
        torch.Tensor decoded = _network.Decode(posterior.Latents);
        double share = -1.0 / (_samplesPerRow * batch.Count);
        torch.Tensor bySample = decoded.detach().view(_samplesPerRow, batch.Count, -1);
        (torch.Tensor logDensity, torch.Tensor gradient) = _likelihood.WithGradient(batch.Rows, bySample, observed, share)!.Value;
        double reconstruction = batch.Mean(logDensity.data<double>().ToArray());
        double penalty = posterior.KlPerDimension.Sum(kl => Math.Max(kl, _freeBits));
        double[] weightOfKl = Array.ConvertAll(posterior.KlPerDimension, kl => kl >= _freeBits ? beta : 0);
        return new EvidenceLowerBoundTerms(reconstruction - beta * penalty, reconstruction, posterior.KlPerDimension, posterior.Means, () =>
        {
            torch.autograd.backward([decoded], [batch.Weigh(gradient).view(decoded.shape)]);
            posterior.Differentiate(weightOfKl);
        });
    }

    private EvidenceLowerBoundTerms Estimate(TrainingBatch batch, torch.Tensor? observed, double beta, torch.Tensor noise)
    {
        (torch.Tensor mean, torch.Tensor logVariance) = _network.Encode(batch.Rows);
        torch.Tensor latents = mean.Plus(torch.exp(Number.Of(0.5) * logVariance) * noise);
        torch.Tensor reconstruction = batch.Mean(_likelihood.LogDensity(batch.Rows, _network.Decode(latents), observed).mean([0]));
        torch.Tensor klPerDimension = batch.Mean(_divergence.PerDimension(mean, logVariance, noise, latents).to(torch.float64));
        torch.Tensor penalty = (_freeBits > 0 ? klPerDimension.clamp_min(Number.Of(_freeBits)) : klPerDimension).sum();
        // A sampled one is told without its noise.
        torch.Tensor told = _divergence is ClosedFormKlDivergence
            ? klPerDimension
            : batch.Mean(ClosedFormKlDivergence.Of(mean.detach(), logVariance.detach()).to(torch.float64));
        double value = reconstruction.item<double>();
        return new EvidenceLowerBoundTerms(value - beta * penalty.item<double>(), value, told.detach().cpu().data<double>().ToArray(), mean.detach().cpu().data<float>().ToArray(), () =>
        {
            using Scalar weight = beta;
            (weight * penalty - reconstruction).backward();
        });
    }

    /// <inheritdoc cref="DecoderLikelihood.CountAtFloor"/>
    public int CountAtFloor() => _likelihood.CountAtFloor();

    /// <inheritdoc/>
    public void Dispose() => _likelihood.Dispose();
}
