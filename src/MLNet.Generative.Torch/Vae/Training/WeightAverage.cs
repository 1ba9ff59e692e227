using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// The average of the weights along the training, in which about the last tenth of the steps counts, and never more than some ten thousand: it takes out the noise of the last steps, as a falling learning rate
/// would, but needs no plan of how long training will last. Polynomial-decay averaging (Shamir and Zhang 2013, section 4.2) with η = 9; Kingma and Ba (2014, section
/// 7.2) note that averaging often helps with Adam.
/// </summary>
/// <param name="parameters">The weights, as they change.</param>
internal sealed class WeightAverage(ParameterSet parameters) : IDisposable
{
    private const double Eta = 9;

    // Smaller steps of the average would be lost to rounding in 32 bits.
    private const double SmallestShare = 1e-4;

    private long _steps;

    /// <summary>The averages.</summary>
    public ParameterSet Parameters { get; } = parameters.Copy();

    /// <summary>Takes in the weights after a step.</summary>
    public void Update()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGradients = torch.no_grad();
        _steps++;
        foreach ((torch.Tensor average, torch.Tensor latest) in Parameters.Tensors.Zip(parameters.Tensors))
            average.lerp_(latest, torch.tensor((float)Math.Max((Eta + 1) / (_steps + Eta), SmallestShare), latest.device));
    }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();
}
