using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// The two networks of a variational autoencoder: the encoder gives the mean and the log-variance of q(z|x) = N(μ(x), diag σ²(x)), the decoder the parameters of p(x|z)
/// (Kingma and Welling 2013, appendix C).
/// </summary>
internal sealed class VaeNetwork
{
    // Far outside what data call for (standard deviations from e^−10 to e^10); a row far from the training data must not overflow.
    internal const float LogVarianceBound = 20;

    private readonly ParameterSet _parameters;
    private readonly MultilayerPerceptron _encoder;
    private readonly MultilayerPerceptron _decoder;

    public VaeNetwork(VaeArchitecture architecture, ParameterSet parameters)
    {
        _parameters = parameters;
        _encoder = new MultilayerPerceptron(parameters, "encoder", architecture.HiddenLayers.Count, architecture.Activation);
        _decoder = new MultilayerPerceptron(parameters, "decoder", architecture.DecoderHiddenLayers.Count, architecture.Activation);
    }

    /// <summary>The posterior's mean and log-variance, rows × L.</summary>
    /// <param name="rows">Rows × D, in the network's units.</param>
    public (torch.Tensor Mean, torch.Tensor LogVariance) Encode(torch.Tensor rows)
    {
        torch.Tensor hidden = _encoder.Forward(rows);
        torch.Tensor mean = Affine("encoder.mean", hidden);
        torch.Tensor logVariance = Affine("encoder.logVariance", hidden).clamp(Number.Of(-LogVarianceBound), Number.Of(LogVarianceBound));
        return (mean, logVariance);
    }

    /// <summary>
    /// The posterior's mean and log-variance side by side, rows × 2 L, the log-variance not yet within <see cref="LogVarianceBound"/>: one matrix product for both, and one on each way back.
    /// </summary>
    /// <param name="rows">Rows × D, in the network's units.</param>
    public torch.Tensor EncodeJoined(torch.Tensor rows)
    {
        torch.Tensor weight = torch.cat([_parameters["encoder.mean.weight"], _parameters["encoder.logVariance.weight"]]);
        torch.Tensor bias = torch.cat([_parameters["encoder.mean.bias"], _parameters["encoder.logVariance.bias"]]);
        return torch.nn.functional.linear(_encoder.Forward(rows), weight, bias);
    }

    /// <summary>What the likelihood makes a distribution of, with D values along the last dimension.</summary>
    /// <param name="latents">Codes, with L values along the last dimension.</param>
    public torch.Tensor Decode(torch.Tensor latents) => Affine("decoder.output", _decoder.Forward(latents));

    private torch.Tensor Affine(string name, torch.Tensor input)
    {
        torch.Tensor weight = _parameters[name + ".weight"];
        return torch.nn.functional.linear(input, weight, _parameters[name + ".bias"]);
    }
}
