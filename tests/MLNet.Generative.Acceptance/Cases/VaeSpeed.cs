using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Acceptance;

/// <summary>
/// How fast a 784-400-20 autoencoder trains and scores, as ratios within one run to what libtorch alone takes: an epoch to its matrix products, a view to the bare encoder. Either is
/// measured right after the other, again and again, and the median of the ratios counts.
/// </summary>
/// <param name="numberOfRows">How many random images.</param>
/// <param name="numberOfRepetitions">How often each pair is measured.</param>
public sealed class VaeSpeed(int numberOfRows, int numberOfRepetitions) : IAcceptanceCase
{
    private const int Pixels = 784;
    private const int BatchSize = 128;

    /// <summary>The full size.</summary>
    public VaeSpeed()
        : this(numberOfRows: 60_000, numberOfRepetitions: 7)
    {
    }

    /// <inheritdoc/>
    public string Name => "vae-speed";

    /// <inheritdoc/>
    public string Summary => $"784-400-20 on {numberOfRows:n0} images: an epoch against its matrix products, a view against the bare encoder, and single rows.";

    /// <inheritdoc/>
    public IReadOnlyList<DataFolder> Needs => [];

    /// <inheritdoc/>
    public IEnumerable<AcceptanceFigure> Measure(AcceptanceRun run)
    {
        var random = new Random(1);
        float[][] images = [.. Enumerable.Range(0, numberOfRows).Select(_ => Enumerable.Range(0, Pixels).Select(_ => random.Next(5) == 0 ? random.NextSingle() : 0).ToArray())];
        VaeModel? model = null;
        foreach (int? threads in (int?[])[null, 1])
        {
            string with = threads is null ? "libtorch's own number of threads" : "1 thread";
            (VaeModel trained, double rowsPerSecond, double ratio) = Train(images, threads);
            model ??= trained;
            yield return new AcceptanceFigure($"training, images/s, {with}", rowsPerSecond);
            yield return new AcceptanceFigure($"epoch / its products, {with}", ratio, Highest: 1.7);
        }

        var mlContext = new MLContext(seed: 1);
        IDataView view = ImageSet.ToDataView(mlContext, images);
        VaeTransformer latent = Fit(mlContext, images, withLogDensity: false);
        (double perSecond, double share) = Score(latent.Transform(view), images);
        yield return new AcceptanceFigure("Transform, images/s", perSecond);
        yield return new AcceptanceFigure("Transform / bare encoder", share, Lowest: 0.6);
        yield return new AcceptanceFigure("PredictionEngine, median ms", Predict(mlContext, latent, images), Highest: 1);
        yield return new AcceptanceFigure("PredictionEngine with log-density, median ms", Predict(mlContext, Fit(mlContext, images, withLogDensity: true), images));
    }

    private (VaeModel Model, double RowsPerSecond, double Ratio) Train(float[][] images, int? threads)
    {
        double[] rows = [.. images.SelectMany(image => Array.ConvertAll(image, pixel => (double)pixel))];
        int steps = (numberOfRows + BatchSize - 1) / BatchSize;
        var seconds = new List<double>();
        var ratios = new List<double>();
        VaeProducts? products = null;
        var clock = new Stopwatch();
        VaeEstimator.Options options = Options();
        (options.NumberOfEpochs, options.NumberOfThreads) = (numberOfRepetitions + 1, threads);
        options.Progress = new AfterEpoch(epoch =>
        {
            double time = clock.Elapsed.TotalSeconds;
            clock.Restart();
            (products ??= new VaeProducts(BatchSize)).Run(steps);
            double limit = clock.Elapsed.TotalSeconds;
            // The first warms up.
            if (epoch > 1)
            {
                seconds.Add(time);
                ratios.Add(time / limit);
            }
            clock.Restart();
        });
        clock.Start();
        VaeFit fit = VaeLearner.Fit(rows, Pixels, options);
        return (fit.Model, numberOfRows / Median(seconds), Median(ratios));
    }

    private (double RowsPerSecond, double Share) Score(IDataView transformed, float[][] images)
    {
        var bare = new BareEncoder(images);
        var seconds = new List<double>();
        var shares = new List<double>();
        for (int repetition = 0; repetition <= numberOfRepetitions; repetition++)
        {
            double time = Time(() => ReadLatents(transformed));
            // Whatever batch suits it best.
            double limit = ((int[])[128, 512, 2048]).Min(size => Time(() => bare.Run(size)));
            if (repetition == 0)
                continue;
            seconds.Add(time);
            shares.Add(limit / time);
        }
        return (numberOfRows / Median(seconds), Median(shares));
    }

    private static void ReadLatents(IDataView transformed)
    {
        DataViewSchema.Column column = transformed.Schema["Latent"];
        using DataViewRowCursor cursor = transformed.GetRowCursor([column]);
        ValueGetter<VBuffer<float>> get = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> code = default;
        while (cursor.MoveNext())
            get(ref code);
    }

    private double Predict(MLContext mlContext, VaeTransformer transformer, float[][] images)
    {
        using PredictionEngine<Image, Code> engine = mlContext.Model.CreatePredictionEngine<Image, Code>(transformer);
        var milliseconds = new List<double>();
        for (int i = 0; i < 100 * numberOfRepetitions; i++)
        {
            var image = new Image { Features = images[i % images.Length] };
            milliseconds.Add(1000 * Time(() => engine.Predict(image)));
        }
        return Median(milliseconds[(milliseconds.Count / 10)..]);
    }

    private static VaeTransformer Fit(MLContext mlContext, float[][] images, bool withLogDensity)
    {
        VaeEstimator.Options options = Options();
        options.LogDensityColumnName = withLogDensity ? "LogDensity" : null;
        return mlContext.Transforms.Vae(options).Fit(ImageSet.ToDataView(mlContext, images[..Math.Min(1000, images.Length)]));
    }

    private static VaeEstimator.Options Options() => new()
    {
        LatentDimension = 20,
        HiddenLayers = [400],
        Likelihood = VaeLikelihood.Bernoulli,
        BatchSize = BatchSize,
        NumberOfEpochs = 1,
        Seed = 1,
    };

    private static double Time(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }

    private static double Median(IReadOnlyCollection<double> values) => values.Order().ElementAt(values.Count / 2);

    private sealed class AfterEpoch(Action<int> act) : IProgress<VaeTrainingProgress>
    {
        public void Report(VaeTrainingProgress value) => act(value.Epoch.Number);
    }

    private sealed class Image
    {
        [VectorType(Pixels)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Code
    {
        public float[] Latent { get; set; } = [];
    }
}
