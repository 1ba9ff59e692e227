using BenchmarkDotNet.Attributes;

namespace MLNet.Generative.Benchmarks;

/// <summary>
/// One EM iteration. The work that it needs is counted as 2·N·K·D² floating-point operations with full covariances and 8·N·K·D with diagonal ones. The baseline
/// does as many fused multiply-adds in registers on as many threads: the ratio says how many times longer than the machine's limit an iteration takes.
/// </summary>
public class ExpectationMaximizationBenchmarks
{
    private MixtureExpectation _expectation = null!;
    private MixtureMaximization _maximization = null!;
    private GaussianMixtureModel _model = null!;
    private long _operations;

    /// <summary>Rows × features × components, and the structure.</summary>
    [Params("200000x16x16 VVV", "50000x64x16 VVV", "1000000x2x8 VVV", "200000x16x16 VVI", "200000x16x16 VEE", "200000x16x16 VVE", "200000x16x16 VEV")]
    public string Case { get; set; } = "";

    /// <summary>The number of threads.</summary>
    [Params(1, 4)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        string[] parts = Case.Split(' ');
        int[] sizes = Array.ConvertAll(parts[0].Split('x'), int.Parse);
        (int count, int dimension, int components) = (sizes[0], sizes[1], sizes[2]);
        var options = new GaussianMixtureEstimator.Options { NumberOfComponents = components, CovarianceType = Enum.Parse<CovarianceType>(parts[1]) };
        _operations = (!CovarianceStructure.Of(options.CovarianceType).IsDiagonal ? 2L * dimension * dimension : 8L * dimension) * count * components;

        var random = new Random(1);
        var values = new double[count * dimension];
        for (int i = 0; i < values.Length; i++)
            values[i] = random.NextDouble() + i / dimension % components * 0.2;
        var rows = new WeightedRows(values, dimension, default);
        options.NumberOfThreads = Threads;
        // A random start: components overlap, and every exponential is worth computing.
        options.Initialization = GaussianMixtureInitialization.RandomRows;
        MixtureTask task = MixtureTask.Of(rows, options, InputPrecision.Double);
        _maximization = new MixtureMaximization(rows, task.Moments, options, task.Floor);
        _expectation = new MixtureExpectation(rows, components, _maximization.IsDiagonal, Threads, default);

        _model = task.StartingPoints.Create(0, seed: 1).Under(_maximization);
    }

    /// <summary>The limit: the same number of operations with nothing but multiply-adds.</summary>
    [Benchmark(Baseline = true)]
    public double MultiplyAddsOnly() => MultiplyAddPeak.Run(_operations, Threads);

    /// <summary>E-step, merged statistics, M-step.</summary>
    [Benchmark]
    public GaussianMixtureModel Iteration()
    {
        double[][] references = Array.ConvertAll(_model.Components, component => component.Mean);
        MixtureStatistics statistics = _expectation.Run(_model, references);
        GaussianMixtureModel next = _maximization.Run(statistics, references, current: _model);
        _expectation.Recycle(statistics);
        return next;
    }
}
