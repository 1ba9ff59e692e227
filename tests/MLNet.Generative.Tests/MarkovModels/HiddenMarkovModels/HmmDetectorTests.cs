using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>Anomaly detection, selection and streaming with hidden Markov models.</summary>
[Collection(nameof(HmmDetectorTests))]
[CollectionDefinition(nameof(HmmDetectorTests), DisableParallelization = true)]
public sealed class HmmDetectorTests
{
    private static readonly double[][] Walks = RandomSequences.Draw(11, 2, 2, [.. Enumerable.Range(0, 100).Select(n => 5 + (n % 13))]);

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Strange_sequences_score_higher_whatever_their_length()
    {
        IDataView data = SequenceViews.Of(Walks, 2, isSingle: true);
        AnomalyTransformer detector = _context.AnomalyDetection.Trainers.Hmm("Sequence", contamination: 0.1f).Fit(data);
        HmmTransformer model = Assert.IsType<HmmTransformer>(detector.Model);
        Detection[] normal = Read(detector.Transform(data));
        Assert.Equal(model.Transform(data).GetColumn<float>("Score"), normal.Select(row => row.Score));
        Assert.Equal(10, normal.Count(row => row.PredictedLabel));
        Assert.All(normal, row => Assert.Equal(row.Score > detector.Threshold, row.PredictedLabel));

        double[][] strange = [[.. Walks[0].Select(value => value + 30)], [50, -50], [.. Enumerable.Repeat(9.0, 400)]];
        Assert.All(Read(detector.Transform(SequenceViews.Of(strange, 2, isSingle: true))), row =>
        {
            Assert.True(row.PredictedLabel);
            Assert.True(row.Score > normal.Max(other => other.Score));
        });

        // The same sequence ten times over is no stranger.
        double[][] longer = [[.. Enumerable.Repeat(Walks[5], 10).SelectMany(walk => walk)]];
        Assert.Equal(normal[5].Score, Read(detector.Transform(SequenceViews.Of(longer, 2, isSingle: true)))[0].Score, 0.5f);
        Assert.DoesNotContain(Read(detector.WithThreshold(1e6f).Transform(data)), row => row.PredictedLabel);
        Assert.All(Read(detector.WithThreshold(-1e6f).Transform(data)), row => Assert.True(row.PredictedLabel));
    }

    [Fact]
    public void A_detector_draws_and_is_found()
    {
        AnomalyTransformer detector = _context.AnomalyDetection.Trainers.Hmm("Sequence").Fit(SequenceViews.Of(Walks, 2, isSingle: true));
        Assert.Equal(5, ((ITransformer)detector).FindGenerative().Sample(5, seed: 1).GetColumn<float[]>("Sequence").Count());
        Assert.Equal("Sequence", detector.FeatureColumnName);
    }

    [Fact]
    public void Empty_sequences_do_not_move_the_threshold()
    {
        AnomalyTransformer without = Fit(Walks);
        AnomalyTransformer with = Fit([.. Walks, .. Enumerable.Repeat(Array.Empty<double>(), 100)]);
        Assert.Equal(without.Threshold, with.Threshold, 1e-6f);

        AnomalyTransformer Fit(double[][] walks) => _context.AnomalyDetection.Trainers.Hmm("Sequence", contamination: 0.1f).Fit(SequenceViews.Of(walks, 2, isSingle: true));
    }

    [Fact]
    public void Numbers_of_states_are_compared()
    {
        IDataView data = SequenceViews.Of(Walks, 2, isSingle: false);
        var options = new HmmEstimator.Options { NumberOfInitializations = 3, Seed = 3 };
        HmmSelection<HmmTransformer> selection = _context.Transforms.SelectHmm(data, options, [1, 2, 3]);
        HmmSelection<HmmFit> expected = HmmLearner.Select(Walks, options, [1, 2, 3], InformationCriterion.Bic, 2);
        Assert.Equal(expected.ToString(), selection.ToString());
        Assert.Equal(2, selection.BestNumberOfStates);
        Assert.Equal(RandomSequences.NumbersOf(expected.Best.Model), RandomSequences.NumbersOf(selection.Best.Model));
        Assert.Equal(100, selection.Best.Transform(data).GetColumn<float>("Score").Count());
        Assert.Equal(InformationCriterion.Aic, _context.Transforms.SelectHmm(data, options, [1, 2], InformationCriterion.Aic).Criterion);
        Assert.Throws<ArgumentNullException>(() => _context.Transforms.SelectHmm(null!, options, [1]));
        Assert.Throws<ArgumentNullException>(() => _context.Transforms.SelectHmm(data, null!, [1]));
        Assert.Throws<ArgumentNullException>(() => _context.Transforms.SelectHmm(data, options, null!));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Many_sequences_stream_through_little_memory()
    {
        HmmTransformer model = _context.Transforms.Hmm("Points", numberOfStates: 3).Fit(_context.Data.LoadFromEnumerable(Stream(200)));
        const int count = 200_000;
        IDataView scored = model.Transform(_context.Data.LoadFromEnumerable(Stream(count)));
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        ValueGetter<VBuffer<uint>> getPath = cursor.GetGetter<VBuffer<uint>>(scored.Schema["PredictedLabel"]);
        ValueGetter<VBuffer<float>> getProbability = cursor.GetGetter<VBuffer<float>>(scored.Schema["Probability"]);
        ValueGetter<float> getDensity = cursor.GetGetter<float>(scored.Schema["LogDensity"]);
        VBuffer<uint> path = default;
        VBuffer<float> probability = default;
        float density = 0;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        int rows = 0;
        while (cursor.MoveNext())
        {
            getPath(ref path);
            getProbability(ref probability);
            getDensity(ref density);
            Assert.Equal((50, 150), (path.Length, probability.Length));
            if (++rows % (count / 4) == 0)
                Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 4 << 20);
        }
        Assert.Equal(count, rows);
    }

    private static Detection[] Read(IDataView scored) => [.. new MLContext().Data.CreateEnumerable<Detection>(scored, reuseRowObject: false)];

    private static IEnumerable<Walk> Stream(int count)
    {
        var random = new Random(1);
        for (int n = 0; n < count; n++)
        {
            var walk = new Walk { Points = new float[50] };
            for (int t = 0; t < 50; t++)
                walk.Points[t] = random.NextSingle() + (t / 17);
            yield return walk;
        }
    }

    private sealed class Walk
    {
        public float[] Points { get; set; } = [];
    }

    private sealed class Detection
    {
        public bool PredictedLabel { get; set; }

        public float Score { get; set; }
    }
}
