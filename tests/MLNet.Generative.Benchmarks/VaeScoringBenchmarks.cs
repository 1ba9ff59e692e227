using BenchmarkDotNet.Attributes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Benchmarks;

/// <summary>
/// Rows through a trained variational autoencoder, 784-400-20. Each benchmark has a limit beside it, in its own category: as many floating-point operations as its matrix
/// products need, in libtorch's products of square matrices.
/// </summary>
[GroupBenchmarksBy(BenchmarkDotNet.Configs.BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class VaeScoringBenchmarks
{
    private const int Rows = 2_000;
    private const int ElboSamples = 16;

    private long _latentOperations;
    private long _logDensityOperations;
    private IDataView _latent = null!;
    private IDataView _logDensity = null!;
    private PredictionEngine<Image, Code> _engine = null!;
    private Image _image = null!;

    [GlobalSetup]
    public void Setup()
    {
        LibTorch.EnsureLoaded();
        // The bound of a row averages over samples, each of which is decoded; the encoder runs once for the latent code and once for the bound.
        _latentOperations = 2 * VaeImages.EncoderWeights;
        _logDensityOperations = 2 * (2 * VaeImages.EncoderWeights + ElboSamples * VaeImages.DecoderWeights);

        float[][] images = VaeImages.Draw(Rows);
        IDataView view = new MLContext(seed: 1).Data.Cache(VaeImages.View(images));
        _latent = VaeImages.Fit(view, VaeImages.Options()).Transform(view);
        VaeEstimator.Options options = VaeImages.Options();
        options.ElboSamples = ElboSamples;
        options.LogDensityColumnName = "LogDensity";
        VaeTransformer scorer = VaeImages.Fit(view, options);
        _logDensity = scorer.Transform(view);
        _engine = new MLContext(seed: 1).Model.CreatePredictionEngine<Image, Code>(scorer);
        _image = new Image { Features = images[0] };
    }

    /// <summary>The limit of <see cref="Latent"/>.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("latent codes, 2,000 rows")]
    public void LatentProductsOnly() => MatrixProductPeak.Run(_latentOperations * Rows);

    /// <summary>The latent codes of a view.</summary>
    [Benchmark, BenchmarkCategory("latent codes, 2,000 rows")]
    public int Latent() => _latent.GetColumn<float[]>("Latent").Count();

    /// <summary>The limit of <see cref="LogDensity"/>.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("log-densities, 2,000 rows")]
    public void LogDensityProductsOnly() => MatrixProductPeak.Run(_logDensityOperations * Rows);

    /// <summary>The log-densities of a view.</summary>
    [Benchmark, BenchmarkCategory("log-densities, 2,000 rows")]
    public float LogDensity() => _logDensity.GetColumn<float>("LogDensity").Sum();

    /// <summary>The limit of <see cref="OneRow"/>, which takes a whole block for one row.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("latent code of one row")]
    public void OneBlockOfProductsOnly() => MatrixProductPeak.Run(_latentOperations * BlockRows.Few);

    /// <summary>One row through a prediction engine.</summary>
    [Benchmark, BenchmarkCategory("latent code of one row")]
    public Code OneRow() => _engine.Predict(_image);

    public sealed class Image
    {
        [VectorType(VaeImages.Dimension)]
        public float[] Features = [];
    }

    public sealed class Code
    {
        public float[] Latent = [];
    }
}
