using BenchmarkDotNet.Attributes;
using MLNet.Generative.Acceptance;

namespace MLNet.Generative.Benchmarks;

/// <summary>
/// One epoch of a variational autoencoder, 784-400-20, in batches of 128, beside the 14 matrix products of its steps, in libtorch and with as many threads: the ratio says how many times longer than
/// they an epoch takes. The first epoch of a training pays for the copy of the rows and the model at the end; an epoch of ten does not.
/// </summary>
public class VaeTrainingBenchmarks
{
    private const int Rows = 12_800;
    private const int Epochs = 10;

    private double[] _rows = null!;
    private VaeProducts _products = null!;

    /// <summary>The number of threads of libtorch.</summary>
    [Params(1, 4)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        LibTorch.EnsureLoaded();
        TorchSharp.torch.set_num_threads(Threads);
        _products = new VaeProducts(VaeImages.BatchSize);
        _rows = [.. VaeImages.Draw(Rows).SelectMany(image => Array.ConvertAll(image, pixel => (double)pixel))];
    }

    /// <summary>The limit: the products of ten epochs.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Epochs)]
    public void Products() => _products.Run(Epochs * Rows / VaeImages.BatchSize);

    /// <summary>An epoch of a training of ten.</summary>
    [Benchmark(OperationsPerInvoke = Epochs)]
    public VaeFit Epoch()
    {
        VaeEstimator.Options options = VaeImages.Options();
        (options.NumberOfEpochs, options.NumberOfThreads) = (Epochs, Threads);
        return VaeLearner.Fit(_rows, VaeImages.Dimension, options);
    }
}
