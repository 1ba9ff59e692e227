using BenchmarkDotNet.Attributes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Acceptance;

namespace MLNet.Generative.Benchmarks;

/// <summary>
/// Rows through a trained variational autoencoder, 784-400-20. Each benchmark has a limit beside it, in its own category. That of latent codes is the bare encoder on the same 60,000
/// rows in one tensor, in batches of 512, as blocks are, and of 2,048: <c>Transform</c> is meant to reach 60 % of the better, which is a ratio below 1.67. That of the others is as many
/// floating-point operations as their matrix products need for the rows that are wanted, in libtorch's products of square matrices; one row through a prediction engine is meant to take less than a
/// millisecond.
/// </summary>
[GroupBenchmarksBy(BenchmarkDotNet.Configs.BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class VaeScoringBenchmarks
{
    private const int Rows = 60_000;
    private const int TrainingRows = 2_000;
    private const int ElboSamples = 16;

    private long _latentOperations;
    private long _logDensityOperations;
    private BareEncoder _bare = null!;
    private IDataView _latent = null!;
    private IDataView _logDensity = null!;
    private PredictionEngine<Image, Code> _engine = null!;
    private PredictionEngine<Image, ScoredCode> _scoringEngine = null!;
    private Image _image = null!;

    [GlobalSetup]
    public void Setup()
    {
        LibTorch.EnsureLoaded();
        // The bound of a row averages over samples, each of which is decoded.
        _latentOperations = 2 * VaeImages.EncoderWeights;
        _logDensityOperations = 2 * (VaeImages.EncoderWeights + ElboSamples * VaeImages.DecoderWeights);
        var context = new MLContext(seed: 1);
        float[][] images = VaeImages.Draw(Rows);
        IDataView few = context.Data.Cache(VaeImages.View(images[..TrainingRows]));
        VaeTransformer encoder = VaeImages.Fit(few, VaeImages.Options());
        _latent = encoder.Transform(context.Data.Cache(VaeImages.View(images)));
        _bare = new BareEncoder(images);
        VaeEstimator.Options options = VaeImages.Options();
        options.ElboSamples = ElboSamples;
        options.LogDensityColumnName = "LogDensity";
        VaeTransformer scorer = VaeImages.Fit(few, options);
        _logDensity = scorer.Transform(few);
        _engine = context.Model.CreatePredictionEngine<Image, Code>(encoder);
        _scoringEngine = context.Model.CreatePredictionEngine<Image, ScoredCode>(scorer);
        _image = new Image { Features = images[0] };
    }

    /// <summary>The limit of <see cref="Latent"/>, in blocks of the same size.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("latent codes, 60,000 rows")]
    public void BareEncoder() => _bare.Run(BlockRows.Many);

    /// <summary>The same in larger batches.</summary>
    [Benchmark, BenchmarkCategory("latent codes, 60,000 rows")]
    public void BareEncoderInLargeBatches() => _bare.Run(2048);

    /// <summary>The latent codes of a view, by one cursor.</summary>
    [Benchmark, BenchmarkCategory("latent codes, 60,000 rows")]
    public float Latent()
    {
        using DataViewRowCursor cursor = _latent.GetRowCursor([_latent.Schema["Latent"]]);
        ValueGetter<VBuffer<float>> get = cursor.GetGetter<VBuffer<float>>(_latent.Schema["Latent"]);
        VBuffer<float> code = default;
        float sum = 0;
        while (cursor.MoveNext())
        {
            get(ref code);
            sum += code.GetValues()[0];
        }
        return sum;
    }

    /// <summary>The limit of <see cref="LogDensity"/>.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("log-densities, 2,000 rows")]
    public void LogDensityProductsOnly() => MatrixProductPeak.Run(_logDensityOperations * TrainingRows);

    /// <summary>The log-densities of a view.</summary>
    [Benchmark, BenchmarkCategory("log-densities, 2,000 rows")]
    public float LogDensity() => _logDensity.GetColumn<float>("LogDensity").Sum();

    /// <summary>The limit of <see cref="OneRow"/>, which takes a small block for one row.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("one row")]
    public void OneBlockOfProductsOnly() => MatrixProductPeak.Run(_latentOperations * BlockRows.Few);

    /// <summary>The latent code of one row through a prediction engine.</summary>
    [Benchmark, BenchmarkCategory("one row")]
    public Code OneRow() => _engine.Predict(_image);

    /// <summary>The latent code and the log-density of one row.</summary>
    [Benchmark, BenchmarkCategory("one row")]
    public ScoredCode OneRowWithLogDensity() => _scoringEngine.Predict(_image);

    public sealed class Image
    {
        [VectorType(VaeImages.Dimension)]
        public float[] Features = [];
    }

    public sealed class Code
    {
        public float[] Latent = [];
    }

    public sealed class ScoredCode
    {
        public float[] Latent = [];

        public float LogDensity;
    }
}
