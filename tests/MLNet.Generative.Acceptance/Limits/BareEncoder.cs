using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Generative.Acceptance;

/// <summary>
/// The encoder of 784-400-20 as it would be run with libtorch alone: rows that already are one tensor, in batches, without gradients, the mean and the log-variance of every row. No code leaves
/// libtorch's memory. libtorch must be loaded.
/// </summary>
public sealed class BareEncoder
{
    private const int Dimension = 784;
    private const int Hidden = 400;
    private const int Latent = 20;

    private readonly Tensor _rows;
    private readonly Tensor _hiddenWeight;
    private readonly Tensor _hiddenBias = zeros(Hidden);
    private readonly Tensor _meanWeight;
    private readonly Tensor _logVarianceWeight;
    private readonly Tensor _latentBias = zeros(Latent);

    /// <summary>An encoder of rows.</summary>
    public BareEncoder(float[][] rows)
    {
        using var generator = new Generator(1);
        Tensor Draw(int outputs, int inputs) => rand([outputs, inputs], float32, CPU, generator: generator) / inputs;
        _hiddenWeight = Draw(Hidden, Dimension);
        _meanWeight = Draw(Latent, Hidden);
        _logVarianceWeight = Draw(Latent, Hidden);
        _rows = tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, Dimension]);
    }

    /// <summary>Encodes all rows.</summary>
    /// <param name="batchSize">The number of rows in a call.</param>
    public void Run(int batchSize)
    {
        using IDisposable noGradients = no_grad();
        for (long start = 0; start < _rows.shape[0]; start += batchSize)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor hidden = nn.functional.relu(nn.functional.linear(_rows.narrow(0, start, Math.Min(batchSize, _rows.shape[0] - start)), _hiddenWeight, _hiddenBias));
            nn.functional.linear(hidden, _meanWeight, _latentBias);
            nn.functional.linear(hidden, _logVarianceWeight, _latentBias);
        }
    }
}
