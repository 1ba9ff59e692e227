using BenchmarkDotNet.Attributes;

namespace MLNet.Generative.Benchmarks;

/// <summary>
/// One epoch of a variational autoencoder, 784-400-20, in batches of 128. The matrix products need 2 floating-point operations for each weight and row going forward and
/// twice as many going back. The baseline does as many in libtorch's own products of square matrices: the ratio says how many times longer than that limit an epoch takes.
/// </summary>
public class VaeTrainingBenchmarks
{
    private const int Rows = 10_000;

    private double[] _rows = null!;
    private long _operations;

    [GlobalSetup]
    public void Setup()
    {
        LibTorch.EnsureLoaded();
        _operations = 3 * 2 * (VaeImages.EncoderWeights + VaeImages.DecoderWeights) * Rows;
        _rows = [.. VaeImages.Draw(Rows).SelectMany(image => Array.ConvertAll(image, pixel => (double)pixel))];
    }

    /// <summary>The limit: the same number of operations in large products.</summary>
    [Benchmark(Baseline = true)]
    public void ProductsOnly() => MatrixProductPeak.Run(_operations);

    /// <summary>All that training does: one epoch on 10,000 rows, the checks of the rows and the model at the end included.</summary>
    [Benchmark]
    public VaeFit Epoch() => VaeLearner.Fit(_rows, VaeImages.Dimension, VaeImages.Options());
}
