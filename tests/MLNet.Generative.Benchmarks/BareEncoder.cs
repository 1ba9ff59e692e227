using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Generative.Benchmarks;

/// <summary>The limit of scoring: the encoder's few native calls on rows that lie in one tensor already, without anything of ML.NET around them. One hidden layer of rectified linear units.</summary>
internal sealed class BareEncoder
{
    private readonly Tensor _rows;
    private readonly Tensor[] _weights;

    public BareEncoder(float[][] rows, VaeModel model)
    {
        int dimension = model.Dimension;
        _rows = AlignedTensor.Copy([.. rows.SelectMany(row => row)], [rows.Length, dimension], CPU);
        _weights = [.. model.Architecture.Parameters().Zip(model.Weights).Take(6).Select(pair => AlignedTensor.Copy(pair.Second, [.. pair.First.Shape], CPU))];
    }

    /// <summary>Encodes all rows.</summary>
    /// <param name="rowsPerBatch">How many in one call.</param>
    public void Run(int rowsPerBatch)
    {
        using IDisposable noGradients = no_grad();
        long count = _rows.shape[0];
        for (long start = 0; start < count; start += rowsPerBatch)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor batch = _rows.narrow(0, start, Math.Min(rowsPerBatch, count - start));
            Tensor hidden = nn.functional.relu(nn.functional.linear(batch, _weights[0], _weights[1]));
            nn.functional.linear(hidden, _weights[2], _weights[3]);
            nn.functional.linear(hidden, _weights[4], _weights[5]).clamp(Number.Of(-20), Number.Of(20));
        }
    }
}
