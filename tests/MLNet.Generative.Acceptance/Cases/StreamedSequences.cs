using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Acceptance;

/// <summary>Sequences that are made as they are read, through a hidden Markov model: every output column of every one, in memory that does not grow.</summary>
/// <param name="numberOfSequences">How many.</param>
/// <param name="length">The number of steps of each.</param>
public sealed class StreamedSequences(int numberOfSequences, int length) : IAcceptanceCase
{
    private const double MostGrowth = 8;
    private const double MostAllocation = 100;

    /// <summary>The full size.</summary>
    public StreamedSequences()
        : this(numberOfSequences: 1_000_000, length: 50)
    {
    }

    /// <inheritdoc/>
    public string Name => "hmm-streaming";

    /// <inheritdoc/>
    public string Summary => $"{numberOfSequences:n0} sequences of {length} steps through a hidden Markov model of 3 states: memory and speed.";

    /// <inheritdoc/>
    public IReadOnlyList<DataFolder> Needs => [];

    /// <inheritdoc/>
    public IEnumerable<AcceptanceFigure> Measure(AcceptanceRun run)
    {
        var mlContext = new MLContext(seed: 1);
        HmmTransformer model = mlContext.Transforms.Hmm(nameof(Row.Features), numberOfStates: 3, covarianceType: CovarianceType.Diagonal)
            .Fit(mlContext.Data.LoadFromEnumerable(MakeRows(100).Select(row => new Row { Features = [.. row.Features] }).ToArray()));
        IDataView scored = model.Transform(mlContext.Data.LoadFromEnumerable(MakeRows(numberOfSequences)));

        long early = 0, late = 0, allocatedBefore = 0, steps = 0;
        long count = 0;
        var watch = Stopwatch.StartNew();
        using (DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema))
        {
            ValueGetter<VBuffer<uint>> getLabels = cursor.GetGetter<VBuffer<uint>>(scored.Schema["PredictedLabel"]);
            ValueGetter<VBuffer<float>> getProbabilities = cursor.GetGetter<VBuffer<float>>(scored.Schema["Probability"]);
            ValueGetter<float> getScore = cursor.GetGetter<float>(scored.Schema["Score"]);
            ValueGetter<float> getLogDensity = cursor.GetGetter<float>(scored.Schema["LogDensity"]);
            VBuffer<uint> labels = default;
            VBuffer<float> probabilities = default;
            float score = 0, logDensity = 0;
            while (cursor.MoveNext())
            {
                getLabels(ref labels);
                getProbabilities(ref probabilities);
                getScore(ref score);
                getLogDensity(ref logDensity);
                steps += labels.Length;
                if (++count == numberOfSequences / 10)
                {
                    early = GC.GetTotalMemory(forceFullCollection: true);
                    allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
                    run.Report($"{count:n0} sequences");
                }
            }
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        watch.Stop();
        late = GC.GetTotalMemory(forceFullCollection: true);

        yield return new AcceptanceFigure("steps that were labelled", steps, (double)numberOfSequences * length, (double)numberOfSequences * length);
        yield return new AcceptanceFigure("growth of live memory after the first tenth, MB", (late - early) / 1e6, Highest: MostGrowth);
        yield return new AcceptanceFigure("allocated after the first tenth, bytes per sequence", allocated / (0.9 * numberOfSequences), Highest: MostAllocation);
        yield return new AcceptanceFigure("sequences per second, all columns, one thread", numberOfSequences / watch.Elapsed.TotalSeconds);
    }

    // One object, filled again for every row: what is allocated is what the transformer allocates.
    private IEnumerable<Row> MakeRows(int count)
    {
        var random = new Random(1);
        var row = new Row { Features = new float[2 * length] };
        for (int n = 0; n < count; n++)
        {
            float level = 0;
            for (int t = 0; t < length; t++)
            {
                if (random.Next(8) == 0)
                    level = 4 * random.Next(3);
                row.Features[2 * t] = level + random.NextSingle();
                row.Features[2 * t + 1] = -level + 3 * random.NextSingle();
            }
            yield return row;
        }
    }

    private sealed class Row
    {
        [VectorType(0, 2)]
        public float[] Features { get; set; } = [];
    }
}
