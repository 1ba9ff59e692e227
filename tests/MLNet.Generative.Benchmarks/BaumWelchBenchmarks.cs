using BenchmarkDotNet.Attributes;

namespace MLNet.Generative.Benchmarks;

/// <summary>
/// One Baum-Welch iteration on sequences of numbers. The work that the recursions need is counted as 6·T·K² floating-point operations: forward, backward and expected
/// transitions. The baseline does as many fused multiply-adds in registers on as many threads. With few states nothing but the frames' exponentials and the steps'
/// latency counts; the ratio falls as states are added.
/// </summary>
public class BaumWelchBenchmarks
{
    private HmmExpectation _expectation = null!;
    private HmmMaximization _maximization = null!;
    private EmissionLearner _emissions = null!;
    private HmmModel _model = null!;
    private long _operations;

    /// <summary>Sequences × length × states.</summary>
    [Params("1x200000x4", "1x200000x16", "1x200000x64", "1000x200x4", "1000x200x16", "1000x200x64", "20000x10x4")]
    public string Case { get; set; } = "";

    /// <summary>The number of threads.</summary>
    [Params(1, 4)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        int[] sizes = Array.ConvertAll(Case.Split('x'), int.Parse);
        (int count, int length, int states) = (sizes[0], sizes[1], sizes[2]);
        _operations = 6L * count * length * states * states;

        var random = new Random(1);
        var sequences = new double[count][];
        for (int s = 0; s < count; s++)
        {
            sequences[s] = new double[length];
            for (int t = 0; t < length; t++)
                sequences[s][t] = random.NextDouble() + t / 20 % states;
        }
        SequenceSet set = SequenceSet.Of(sequences, 1, null);
        var options = new HmmEstimator.Options { NumberOfStates = states, Initialization = HmmInitialization.Quantiles }.Checked();
        DataMoments moments = DataMoments.Of(set.Frames, withCovariance: true, Threads, default);
        _emissions = EmissionFamilies.CreateLearner(options, set.Frames, moments, InputPrecision.Double);
        _model = new HmmStart(set, moments, options, _emissions, Threads).Create(0, seed: 1);
        _expectation = new HmmExpectation(set, Threads, default);
        _maximization = new HmmMaximization(_emissions, options.Prior!);
    }

    /// <summary>The limit: the same number of operations with nothing but multiply-adds.</summary>
    [Benchmark(Baseline = true)]
    public double MultiplyAddsOnly() => MultiplyAddPeak.Run(_operations, Threads);

    /// <summary>E-step, merged statistics, M-step.</summary>
    [Benchmark]
    public HmmModel Iteration() => _maximization.Run(_expectation.Run(_model, _emissions), _model);

    /// <summary>The most probable paths of all sequences.</summary>
    [Benchmark]
    public double Paths() => _expectation.PathLogLikelihood(_model);
}
