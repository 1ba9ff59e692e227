using TorchSharp;

namespace MLNet.Generative;

/// <summary>Hidden layers: affine maps, each followed by the activation. None is the identity.</summary>
internal sealed class MultilayerPerceptron
{
    private readonly (torch.Tensor Weight, torch.Tensor Bias)[] _layers;
    private readonly VaeActivation _activation;

    /// <summary>The layers <c>name.0</c>, <c>name.1</c>, … of a set of parameters.</summary>
    public MultilayerPerceptron(ParameterSet parameters, string name, int numberOfLayers, VaeActivation activation)
    {
        _layers = [.. Enumerable.Range(0, numberOfLayers).Select(layer => (parameters[$"{name}.{layer}.weight"], parameters[$"{name}.{layer}.bias"]))];
        _activation = activation;
    }

    /// <summary>The last layer's values.</summary>
    /// <param name="input">Values along the last dimension.</param>
    public torch.Tensor Forward(torch.Tensor input)
    {
        foreach ((torch.Tensor weight, torch.Tensor bias) in _layers)
            input = Activate(torch.nn.functional.linear(input, weight, bias));
        return input;
    }

    private torch.Tensor Activate(torch.Tensor values) => _activation switch
    {
        VaeActivation.Relu => torch.nn.functional.relu(values),
        VaeActivation.Tanh => torch.tanh(values),
        VaeActivation.Softplus => -torch.nn.functional.logsigmoid(-values),
        VaeActivation.Elu => torch.nn.functional.relu(values).Plus(torch.expm1(-torch.nn.functional.relu(-values))),
        // libtorch's own gives other last bits at the end of a tensor than within it.
        VaeActivation.Silu => values * (Number.Of(0.5) * torch.tanh(Number.Of(0.5) * values)).Plus(Number.Of(0.5)),
        _ => throw new InvalidOperationException($"{_activation} is no activation."),
    };
}
