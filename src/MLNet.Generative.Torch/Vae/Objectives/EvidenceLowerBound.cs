using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// The objective of training: E_q[log p(x|z)] − β KL(q(z|x) ‖ p(z)), estimated with samples z = μ + σ ε (Kingma and Welling 2013, section 2.3; β after Higgins et al.
/// 2017). Sums over features, means over rows. A missing feature is 0 for the encoder, the mean where features are standardised, and is left out of the reconstruction
/// (Nazábal et al. 2020, section 3).
/// </summary>
internal sealed class EvidenceLowerBound : IDisposable
{
    private readonly VaeNetwork _network;
    private readonly DecoderLikelihood _likelihood;
    private readonly KlDivergence _divergence;
    private readonly Scalar _beta;
    private readonly int _samplesPerRow;
    private readonly bool _hasMissing;

    private EvidenceLowerBound(VaeNetwork network, DecoderLikelihood likelihood, KlDivergence divergence, double beta, int samplesPerRow, bool hasMissing)
    {
        _network = network;
        _likelihood = likelihood;
        _divergence = divergence;
        _beta = beta;
        _samplesPerRow = samplesPerRow;
        _hasMissing = hasMissing;
    }

    /// <summary>The objective of some parameters.</summary>
    public static EvidenceLowerBound Create(TrainingPlan plan, ParameterSet parameters, VaeEstimator.Options options, torch.Device device) =>
        new(
            new VaeNetwork(plan.Architecture, parameters),
            DecoderLikelihood.Create(plan.Architecture, plan.Scaling, parameters, device),
            KlDivergence.Create(options.Objective),
            options.Beta,
            options.SamplesPerRow,
            plan.Missing.Any);

    /// <summary>The bound on rows, as a tensor that can be differentiated, and its parts.</summary>
    /// <param name="rows">Rows × D, in the network's units, with NaN for a value that is missing.</param>
    /// <param name="generator">Where the noise comes from.</param>
    public EvidenceLowerBoundTerms Estimate(torch.Tensor rows, torch.Generator generator)
    {
        torch.Tensor? observed = null;
        if (_hasMissing)
        {
            observed = rows.isnan().logical_not();
            rows = torch.where(observed, rows, torch.zeros_like(rows));
        }
        (torch.Tensor mean, torch.Tensor logVariance) = _network.Encode(rows);
        torch.Tensor noise = RandomTensors.Normal([_samplesPerRow, rows.shape[0], mean.shape[1]], rows.device, generator);
        torch.Tensor latents = mean.Plus(torch.exp(Number.Of(0.5) * logVariance) * noise);

        torch.Tensor reconstruction = _likelihood.LogDensity(rows, _network.Decode(latents), observed).mean();
        torch.Tensor klPerDimension = _divergence.PerDimension(mean, logVariance, noise, latents).mean([0], type: torch.float64);
        torch.Tensor objective = reconstruction - _beta * klPerDimension.sum();
        // A sampled one is told without its noise.
        torch.Tensor told = _divergence is ClosedFormKlDivergence
            ? klPerDimension
            : ClosedFormKlDivergence.Of(mean.detach(), logVariance.detach()).mean([0], type: torch.float64);
        return new EvidenceLowerBoundTerms(objective, reconstruction, told, mean);
    }

    /// <inheritdoc cref="DecoderLikelihood.CountAtFloor"/>
    public int CountAtFloor() => _likelihood.CountAtFloor();

    /// <inheritdoc/>
    public void Dispose() => _likelihood.Dispose();
}

/// <summary>The objective on some rows and its parts.</summary>
/// <param name="Objective">The mean over rows of the weighted bound: what is maximised.</param>
/// <param name="Reconstruction">The mean over rows of E_q[log p(x|z)].</param>
/// <param name="KlPerDimension">The mean over rows of the KL divergence in closed form, for each latent dimension.</param>
/// <param name="Means">The posterior means, rows × L.</param>
internal sealed record EvidenceLowerBoundTerms(torch.Tensor Objective, torch.Tensor Reconstruction, torch.Tensor KlPerDimension, torch.Tensor Means);
