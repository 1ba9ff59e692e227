using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels.MarkovChains;

public sealed class MarkovChainPipelineTests
{
    private readonly MLContext _context = new(seed: 1);
    private readonly List<string> _warnings = [];

    public MarkovChainPipelineTests() => _context.Log += (_, message) =>
    {
        if (message.Kind == ChannelMessageKind.Warning)
        {
            lock (_warnings)
                _warnings.Add(message.RawMessage);
        }
    };

    [Fact]
    public void Columns_are_what_the_model_says()
    {
        int[][] rows = SymbolData.Random(40);
        MarkovChainTransformer chain = _context.Transforms.MarkovChain(Options(order: 2, smoothing: 0.3)).Fit(SymbolData.Keys(rows));
        Prediction[] found = Read(chain.Transform(SymbolData.Keys(rows)));

        for (int n = 0; n < rows.Length; n++)
        {
            double[] next = chain.Model.Predict(rows[n]);
            Assert.Equal((uint)Array.IndexOf(next, next.Max()) + 1, found[n].PredictedLabel);
            Assert.Equal(Array.ConvertAll(next, p => (float)p), found[n].Probability);
            Assert.Equal((float)chain.Model.LogLikelihood(rows[n]), found[n].LogDensity);
            Assert.Equal((float)(-chain.Model.LogLikelihood(rows[n]) / rows[n].Length), found[n].Score);
        }
        Assert.Equal(rows.Sum(row => chain.Model.LogLikelihood(row)), chain.Summary.LogLikelihood, 1e-9);
        Assert.Equal(MarkovChainLearner.Fit(rows, Options(order: 2, smoothing: 0.3)).Summary.ToString(), chain.Summary.ToString());
        Assert.Equal("Sequence", chain.FeatureColumnName);
        Assert.Equal(new VectorDataViewType(new KeyDataViewType(typeof(uint), 3)), chain.FeatureColumnType);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Keys_numbers_and_the_learner_agree()
    {
        int[][] rows = SymbolData.Random(40);
        double[][] doubles = [.. rows.Select(row => Array.ConvertAll(row, s => (double)s))];
        string expected = MarkovChainLearner.Fit(rows, Options()).Summary.ToString();
        foreach (IDataView data in (IDataView[])[
            SymbolData.Keys(rows),
            SymbolData.Singles(rows),
            SymbolData.Of(doubles, new VectorDataViewType(NumberDataViewType.Double)),
            SymbolData.Of(rows.Select(row => Array.ConvertAll(row, s => (byte)(s + 1))), new VectorDataViewType(new KeyDataViewType(typeof(byte), 3)))])
            Assert.Equal(expected, _context.Transforms.MarkovChain(Options()).Fit(data).Summary.ToString());
    }

    [Fact]
    public void Rows_that_cannot_be_scored_are_the_least_probable_and_counted()
    {
        MarkovChainTransformer chain = _context.Transforms.MarkovChain(Options()).Fit(SymbolData.Singles([[0, 1, 2, 2, 1, 0]]));
        float[][] rows = [[], [0, 0], [0, float.NaN], [1.5f], [3], [-1], [0, 1, 2]];
        Prediction[] found = Read(chain.Transform(SymbolData.Of(rows, new VectorDataViewType(NumberDataViewType.Single))));

        Assert.Equal(0, found[0].LogDensity);
        Assert.Equal(0, found[0].Score);
        Assert.Equal(1u, found[0].PredictedLabel);
        Assert.Equal([1f, 0, 0], found[0].Probability);
        // Never seen: valid, but impossible.
        Assert.Equal(float.MinValue, found[1].LogDensity);
        Assert.Equal(float.MaxValue, found[1].Score);
        Assert.Equal(2u, found[1].PredictedLabel);
        foreach (Prediction invalid in found[2..6])
        {
            Assert.Equal(0u, invalid.PredictedLabel);
            Assert.All(invalid.Probability, p => Assert.Equal(1f / 3, p));
            Assert.Equal(float.MinValue, invalid.LogDensity);
            Assert.Equal(float.MaxValue, invalid.Score);
        }
        Assert.Contains("4 rows have an invalid value in column 'Sequence'", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_training_sequences_are_named()
    {
        Throws<InvalidOperationException>(["Row 1", "step 2", "'Sequence'", "missing key"], SymbolData.Keys([[0, 1], [0, 1, -1]]));
        Throws<InvalidOperationException>(["Row 1", "step 0", "'Sequence'", "NaN"], SymbolData.Of<float>([[0, 1], [float.NaN]], new VectorDataViewType(NumberDataViewType.Single)));
        Throws<InvalidOperationException>(["Row 0", "step 1", "'Sequence'", "1.5", "whole numbers"], SymbolData.Of<float>([[0, 1.5f], [1]], new VectorDataViewType(NumberDataViewType.Single)));
        Throws<InvalidOperationException>(["Row 2", "step 0", "'Sequence'", "-1"], SymbolData.Singles([[0, 1], [], [-1]]));
        Throws<InvalidOperationException>(["Row 0", "step 1", "0 to 16777215"], SymbolData.Singles([[0, 1 << 24]]));
        Throws<InvalidOperationException>(["Row 0", "step 1", "is 2", "0 to 1"], SymbolData.Singles([[0, 2]]), new MarkovChainEstimator.Options { NumberOfSymbols = 2 });
        Throws<ArgumentException>(["NumberOfSymbols is 5", "3 values"], SymbolData.Keys([[0, 2]]), new MarkovChainEstimator.Options { NumberOfSymbols = 5 });
        Throws<ArgumentException>(["Order 2", "at least 3 symbols; the longest has 2"], SymbolData.Keys([[0, 2]]), new MarkovChainEstimator.Options { Order = 2 });
        Throws<InvalidOperationException>(["no rows", "'Sequence'"], SymbolData.Keys([]));
        Throws<InvalidOperationException>(["All 2 sequences", "'Sequence'", "empty"], SymbolData.Keys([[], []]));
        Throws<ArgumentOutOfRangeException>(["'Nowhere'"], SymbolData.Keys([[0]]), new MarkovChainEstimator.Options { InputColumnName = "Nowhere" });
        Throws<ArgumentOutOfRangeException>(["'Note'"], SymbolData.Keys([[0]]), new MarkovChainEstimator.Options { ExampleWeightColumnName = "Note" });
    }

    [Fact]
    public void Bad_options_are_named()
    {
        Assert.Contains("Order", Assert.Throws<ArgumentOutOfRangeException>(() => _context.Transforms.MarkovChain(order: -1)).Message, StringComparison.Ordinal);
        Assert.Contains("InputColumnName", Assert.Throws<ArgumentException>(() => _context.Transforms.MarkovChain("")).Message, StringComparison.Ordinal);
        Assert.Contains("ScoreColumnName", Assert.Throws<ArgumentException>(() => _context.Transforms.MarkovChain(new MarkovChainEstimator.Options { ScoreColumnName = "Probability" })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => _context.Transforms.MarkovChain((MarkovChainEstimator.Options)null!));
        Assert.Throws<ArgumentNullException>(() => ((TransformsCatalog)null!).MarkovChain());
    }

    [Fact]
    public void Empty_sequences_are_left_out_with_a_warning()
    {
        MarkovChainTransformer chain = _context.Transforms.MarkovChain().Fit(SymbolData.Keys([[], [0, 1, 2, 1, 0, 1, 2, 0], []]));
        Assert.Equal(8, chain.SampleLength);
        Assert.Contains("2 sequences in column 'Sequence' are empty", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_count_sequences()
    {
        int[][] rows = SymbolData.Random(14);
        float[] weights = [.. Enumerable.Range(0, 14).Select(n => n % 7 == 0 ? 0 : 0.5f + (n % 3))];
        MarkovChainTransformer weighted = _context.Transforms.MarkovChain(new MarkovChainEstimator.Options { ExampleWeightColumnName = "Weight" }).Fit(SymbolData.Keys(rows, hasWeights: true));
        Assert.Equal(MarkovChainLearner.Fit(rows, new MarkovChainEstimator.Options(), [.. weights.Select(w => (double)w)]).Summary.ToString(), weighted.Summary.ToString());
    }

    [Fact]
    public void Texts_survive_the_file_and_name_the_prediction()
    {
        Words[] rows = [new() { Weather = ["sunny", "rain", "sunny", "rain"] }, new() { Weather = ["cloudy", "sunny", "rain"] }];
        IDataView data = _context.Data.LoadFromEnumerable(rows);
        ITransformer fitted = _context.Transforms.Conversion.MapValueToKey("Weather")
            .Append(_context.Transforms.MarkovChain("Weather"))
            .Append(_context.Transforms.Conversion.MapKeyToValue("Next", "PredictedLabel"))
            .Fit(data);
        using var stream = new MemoryStream();
        _context.Model.Save(fitted, data.Schema, stream);
        ITransformer loaded = new MLContext().Model.Load(stream, out _);

        PredictionEngine<Words, NextWord> engine = _context.Model.CreatePredictionEngine<Words, NextWord>(loaded);
        Assert.Equal("rain", engine.Predict(new Words { Weather = ["cloudy", "sunny"] }).Next);
        Assert.Equal("sunny", engine.Predict(new Words { Weather = ["rain"] }).Next);
        Assert.Equal("sunny", engine.Predict(new Words { Weather = ["sunny", "rain", "cloudy"] }).Next);
        Assert.Equal([1f, 0, 0], engine.Predict(new Words { Weather = ["sunny", "rain", "cloudy"] }).Probability);
        Assert.True(string.IsNullOrEmpty(engine.Predict(new Words { Weather = ["snow"] }).Next));
        VBuffer<ReadOnlyMemory<char>> names = default;
        loaded.GetOutputSchema(data.Schema)["Probability"].GetSlotNames(ref names);
        Assert.Equal(["sunny", "rain", "cloudy"], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Numbers_name_themselves()
    {
        ITransformer fitted = _context.Transforms.MarkovChain().Append(_context.Transforms.Conversion.MapKeyToValue("Next", "PredictedLabel")).Fit(SymbolData.Singles([[0, 1, 0, 1]]));
        string[] next = [.. fitted.Transform(SymbolData.Singles([[0], [1]])).GetColumn<string>("Next")];
        Assert.Equal(["1", "0"], next);
    }

    [Fact]
    public void Draws_have_the_type_of_the_training_column_also_after_loading()
    {
        foreach (IDataView data in (IDataView[])[SymbolData.Keys(SymbolData.Random(20), texts: SymbolData.Texts), SymbolData.Singles(SymbolData.Random(20))])
        {
            MarkovChainTransformer chain = _context.Transforms.MarkovChain(new MarkovChainEstimator.Options { SampleLength = 7 }).Fit(data);
            using var stream = new MemoryStream();
            _context.Model.Save(chain, data.Schema, stream);
            IGenerativeTransformer loaded = new MLContext().Model.Load(stream, out _).FindGenerative();
            IDataView drawn = loaded.Sample(30, seed: 5);

            Assert.Equal(data.Schema["Sequence"].Type, drawn.Schema["Sequence"].Type);
            Assert.Equal(data.Schema["Sequence"].HasKeyValues(), drawn.Schema["Sequence"].HasKeyValues());
            RowTable.Read(chain.Sample(30, seed: 5)).AssertSame(RowTable.Read(drawn), "draws of the loaded chain");
            Assert.Equal(30, drawn.GetRowCount());
            Assert.Empty(_context.Data.CreateEnumerable<Prediction>(loaded.Transform(chain.Sample(0)), reuseRowObject: false, ignoreMissingColumns: true));
            Assert.Equal(30, Read(chain.Transform(drawn)).Length);
            // A chain can be learned from what another one draws.
            Assert.Equal(7, _context.Transforms.MarkovChain().Fit(drawn).SampleLength);
        }
    }

    [Fact]
    public void Detector_scores_sequences_per_step()
    {
        int[][] rows = SymbolData.Random(200);
        AnomalyTransformer detector = _context.AnomalyDetection.Trainers.FromDensity(_context.Transforms.MarkovChain(new MarkovChainEstimator.Options { Smoothing = 1, LogDensityColumnName = "Score" }), 0.05f).Fit(SymbolData.Keys(rows));
        var chain = (MarkovChainTransformer)detector.Model;
        using var stream = new MemoryStream();
        _context.Model.Save(detector, null, stream);
        IDataView scored = new MLContext().Model.Load(stream, out _).Transform(SymbolData.Keys([.. rows, [-1]]));
        float[] scores = [.. scored.GetColumn<float>("Score")];
        for (int n = 0; n < rows.Length; n++)
            Assert.Equal((float)(-chain.Model.LogLikelihood(rows[n]) / rows[n].Length), scores[n]);
        Assert.Equal(float.MaxValue, scores[^1]);
        Assert.InRange(scored.GetColumn<bool>("PredictedLabel").Count(isAnomaly => isAnomaly), 2, 11);
    }

    [Fact]
    public void Next_symbols_can_be_evaluated_as_classes()
    {
        int[][] rows = [.. SymbolData.Random(500).Where(row => row.Length > 2)];
        MarkovChainTransformer chain = _context.Transforms.MarkovChain().Fit(SymbolData.Keys(rows));
        // ML.NET counts a key of a scalar member from 0, those of a vector from 1.
        Labelled[] labelled = [.. rows.Select(row => new Labelled { Sequence = Array.ConvertAll(row[..^1], s => (uint)s + 1), Label = (uint)row[^1] })];
        MulticlassClassificationMetrics metrics = _context.MulticlassClassification.Evaluate(chain.Transform(_context.Data.LoadFromEnumerable(labelled)), scoreColumnName: "Probability");
        double accuracy = rows.Average(row => Array.IndexOf(chain.Model.Predict(row.AsSpan(..^1)), chain.Model.Predict(row.AsSpan(..^1)).Max()) == row[^1] ? 1.0 : 0);
        Assert.Equal(accuracy, metrics.MicroAccuracy, 1e-9);
        Assert.Equal(-rows.Average(row => Math.Log(chain.Model.Predict(row.AsSpan(..^1))[row[^1]])), metrics.LogLoss, 1e-6);
    }

    private static MarkovChainEstimator.Options Options(int order = 1, double smoothing = 0) => new() { Order = order, Smoothing = smoothing, ScoreColumnName = "Score" };

    private Prediction[] Read(IDataView data) => [.. _context.Data.CreateEnumerable<Prediction>(data, reuseRowObject: false, ignoreMissingColumns: true)];

    private void Throws<TException>(string[] parts, IDataView data, MarkovChainEstimator.Options? options = null)
        where TException : Exception
    {
        string message = Assert.Throws<TException>(() => _context.Transforms.MarkovChain(options ?? new MarkovChainEstimator.Options()).Fit(data)).Message;
        Assert.All(parts, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    private sealed class Words
    {
        public string[] Weather { get; set; } = [];
    }

    private sealed class NextWord
    {
        public string? Next { get; set; }

        public float[] Probability { get; set; } = [];
    }

    private sealed class Labelled
    {
        [KeyType(3)]
        public uint[] Sequence { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }
    }

    private sealed class Prediction
    {
        [KeyType(3)]
        public uint PredictedLabel { get; set; }

        public float[] Probability { get; set; } = [];

        public float LogDensity { get; set; }

        public float Score { get; set; }
    }
}
