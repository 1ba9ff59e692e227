using TorchSharp;

namespace MLNet.Generative;

/// <summary>The objective on some rows and its parts.</summary>
internal sealed class EvidenceLowerBoundTerms
{
    private readonly TrainingBatch _batch;
    private readonly double _beta;
    private readonly torch.Tensor _reconstruction;
    private readonly torch.Tensor _penalty;
    private readonly (torch.Tensor Decoded, torch.Tensor Gradient)? _ofReconstruction;

    /// <summary>Puts the parts together.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="beta">β.</param>
    /// <param name="reconstruction">The mean over rows of E_q[log p(x|z)].</param>
    /// <param name="penalty">The KL divergence as it is maximised, before β.</param>
    /// <param name="klPerDimension">The mean over rows of the KL divergence in closed form, for each latent dimension.</param>
    /// <param name="means">The posterior means, rows × L.</param>
    /// <param name="ofReconstruction">
    /// The decoder's output and the gradient of log p(x|z) with respect to it, samples × rows × D; <see langword="null"/> if the reconstruction is to be differentiated itself.
    /// </param>
    public EvidenceLowerBoundTerms(
        TrainingBatch batch, double beta, torch.Tensor reconstruction, torch.Tensor penalty, torch.Tensor klPerDimension, torch.Tensor means, (torch.Tensor Decoded, torch.Tensor Gradient)? ofReconstruction)
    {
        _batch = batch;
        _beta = beta;
        _reconstruction = reconstruction;
        _penalty = penalty;
        _ofReconstruction = ofReconstruction;
        KlPerDimension = klPerDimension;
        Means = means;
        Reconstruction = reconstruction.item<double>();
        Objective = Reconstruction - beta * penalty.item<double>();
    }

    /// <summary>The mean over rows of the weighted bound: what is maximised.</summary>
    public double Objective { get; }

    /// <summary>The mean over rows of E_q[log p(x|z)].</summary>
    public double Reconstruction { get; }

    /// <summary>The mean over rows of the KL divergence in closed form, for each latent dimension.</summary>
    public torch.Tensor KlPerDimension { get; }

    /// <summary>The posterior means, rows × L.</summary>
    public torch.Tensor Means { get; }

    /// <summary>Adds the gradient of the negative objective to the parameters'.</summary>
    public void Differentiate()
    {
        using Scalar beta = _beta;
        if (_ofReconstruction is not ({ } decoded, { } gradient))
        {
            (beta * _penalty - _reconstruction).backward();
            return;
        }
        long samples = gradient.shape[0];
        using Scalar share = -1.0 / (samples * gradient.shape[1]);
        torch.Tensor ofLoss = _batch.Weigh(gradient.mul_(share));
        torch.autograd.backward([decoded, _penalty], [ofLoss, torch.ones_like(_penalty).mul_(beta)]);
    }
}
