using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Generative.Acceptance;

/// <summary>
/// The matrix products of a step of training of 784-400-20, and nothing else: five going forward, five for the gradients of weights, and four for those of layers' inputs, since the rows
/// themselves need none. libtorch must be loaded.
/// </summary>
public sealed class VaeProducts
{
    private const int Dimension = 784;
    private const int Hidden = 400;
    private const int Latent = 20;

    private readonly Tensor _rows;
    private readonly Tensor _hidden;
    private readonly Tensor _latents;
    private readonly Tensor _encoder = ones(Hidden, Dimension);
    private readonly Tensor _posterior = ones(Latent, Hidden);
    private readonly Tensor _decoder = ones(Hidden, Latent);
    private readonly Tensor _output = ones(Dimension, Hidden);

    /// <summary>Products for batches of this size.</summary>
    public VaeProducts(int batchSize)
    {
        _rows = ones(batchSize, Dimension);
        _hidden = ones(batchSize, Hidden);
        _latents = ones(batchSize, Latent);
    }

    /// <summary>Those of some steps.</summary>
    public void Run(int steps)
    {
        using IDisposable noGradients = no_grad();
        for (int step = 0; step < steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            Forward();
            OfWeights();
            OfInputs();
        }
    }

    private void Forward()
    {
        _rows.matmul(_encoder.t());
        _hidden.matmul(_posterior.t());
        _hidden.matmul(_posterior.t());
        _latents.matmul(_decoder.t());
        _hidden.matmul(_output.t());
    }

    private void OfWeights()
    {
        _hidden.t().matmul(_rows);
        _latents.t().matmul(_hidden);
        _latents.t().matmul(_hidden);
        _hidden.t().matmul(_latents);
        _rows.t().matmul(_hidden);
    }

    private void OfInputs()
    {
        _latents.matmul(_posterior);
        _latents.matmul(_posterior);
        _hidden.matmul(_decoder);
        _rows.matmul(_output);
    }
}
