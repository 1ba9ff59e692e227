using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>Hidden Markov models in a pipeline.</summary>
public sealed class HmmEstimatorTests
{
    private static readonly double[][] Walks = RandomSequences.Draw(11, 2, 2, [.. Enumerable.Range(0, 40).Select(n => 5 + (n % 13))]);

    private readonly MLContext _context = new(seed: 1);
    private readonly List<string> _warnings = [];

    public HmmEstimatorTests() => _context.Log += (_, message) =>
    {
        if (message.Kind == ChannelMessageKind.Warning)
        {
            lock (_warnings)
                _warnings.Add(message.RawMessage);
        }
    };

    [Fact]
    public void Columns_have_the_values_of_the_model()
    {
        HmmTransformer fitted = _context.Transforms.Hmm("Points").Fit(View(Walks));
        ScoredWalk[] rows = [.. _context.Data.CreateEnumerable<ScoredWalk>(fitted.Transform(View(Walks)), reuseRowObject: false)];
        for (int n = 0; n < rows.Length; n++)
        {
            double[] sequence = Array.ConvertAll(Walks[n], value => (double)(float)value);
            double logLikelihood = fitted.Model.LogLikelihood(sequence);
            Assert.Equal((float)logLikelihood, rows[n].LogDensity);
            Assert.Equal((float)(-logLikelihood / (sequence.Length / 2)), rows[n].Score);
            Assert.Equal(fitted.Model.Viterbi(sequence, out _).Select(state => (uint)state + 1), rows[n].PredictedLabel);
            Assert.Equal(fitted.Model.Posterior(sequence).ToRowMajorArray().Select(value => (float)value), rows[n].Probability);
        }
        Assert.Equal(rows.Sum(row => (double)row.LogDensity), fitted.Summary.LogLikelihood, 1e-2);
    }

    [Fact]
    public void Double_columns_give_the_bits_of_the_learner()
    {
        var options = new HmmEstimator.Options { NumberOfStates = 3, Seed = 4, NumberOfInitializations = 2 };
        HmmFit expected = HmmLearner.Fit(Walks, options, 2);
        HmmTransformer fitted = _context.Transforms.Hmm(options).Fit(SequenceViews.Of(Walks, 2, isSingle: false));
        Assert.Equal(RandomSequences.NumbersOf(expected.Model), RandomSequences.NumbersOf(fitted.Model));
        Assert.Equal(expected.Summary.LogLikelihoodTrace, fitted.Summary.LogLikelihoodTrace);

        double[][] plain = RandomSequences.Draw(12, 2, 1, 30, 20, 10);
        options.NumberOfStates = 2;
        Assert.Equal(
            RandomSequences.NumbersOf(HmmLearner.Fit(plain, options).Model),
            RandomSequences.NumbersOf(_context.Transforms.Hmm(options).Fit(SequenceViews.Of(plain, 1, isSingle: false)).Model));
    }

    [Fact]
    public void A_refit_gives_the_same_bits_and_the_seed_is_taken_once()
    {
        HmmEstimator estimator = _context.Transforms.Hmm(new HmmEstimator.Options { InputColumnName = "Points", Initialization = HmmInitialization.RandomFrames, NumberOfStates = 3, MaximumNumberOfIterations = 3 });
        Assert.Equal(RandomSequences.NumbersOf(estimator.Fit(View(Walks)).Model), RandomSequences.NumbersOf(estimator.Fit(View(Walks)).Model));
    }

    [Fact]
    public void Single_sequences_of_any_length_are_predicted()
    {
        HmmTransformer fitted = _context.Transforms.Hmm("Points").Fit(View(Walks));
        using PredictionEngine<Walk, ScoredWalk> engine = _context.Model.CreatePredictionEngine<Walk, ScoredWalk>(fitted);
        foreach (int n in new[] { 0, 7, 3, 0, 39 })
        {
            ScoredWalk scored = engine.Predict(new Walk { Points = Array.ConvertAll(Walks[n], value => (float)value) });
            Assert.Equal(Walks[n].Length / 2, scored.PredictedLabel.Length);
            Assert.Equal(Walks[n].Length, scored.Probability.Length);
            Assert.Equal((float)fitted.Model.LogLikelihood(Array.ConvertAll(Walks[n], value => (double)(float)value)), scored.LogDensity);
        }
        ScoredWalk empty = engine.Predict(new Walk());
        Assert.Equal((0, 0), (empty.LogDensity, empty.Score));
        Assert.Empty(empty.PredictedLabel);
        Assert.Empty(empty.Probability);
    }

    [Fact]
    public void Invalid_sequences_get_what_is_promised_and_one_warning()
    {
        HmmTransformer fitted = _context.Transforms.Hmm("Points").Fit(View(Walks));
        IDataView scored = fitted.Transform(View([[1, 2, 3], Walks[0], [1, 2, double.PositiveInfinity, 3], [double.NaN, double.NaN, double.NaN, double.NaN], [1]]));
        _warnings.Clear();
        ScoredWalk[] rows = [.. _context.Data.CreateEnumerable<ScoredWalk>(scored, reuseRowObject: false)];
        Assert.Contains("3 rows have an invalid value in column 'Points'", Assert.Single(_warnings), StringComparison.Ordinal);

        foreach ((int n, int length) in new[] { (0, 1), (2, 2), (4, 0) })
        {
            Assert.Equal(new uint[length], rows[n].PredictedLabel);
            Assert.Equal([.. Enumerable.Repeat(0.5f, 2 * length)], rows[n].Probability);
            Assert.Equal((float.MinValue, float.MaxValue), (rows[n].LogDensity, rows[n].Score));
        }
        Assert.Equal((0, 0), (rows[3].LogDensity, Math.Abs(rows[3].Score)));
        double[] prior = [.. fitted.Model.InitialProbabilities];
        Assert.Equal((float)prior[0], rows[3].Probability[0], 1e-6f);
        Assert.Equal((float)((prior[0] * fitted.Model.TransitionMatrix[0, 0]) + (prior[1] * fitted.Model.TransitionMatrix[1, 0])), rows[3].Probability[2], 1e-6f);
    }

    [Fact]
    public void Impossible_sequences_are_finite()
    {
        HmmModel start = HmmModel.Categorical([1, 0], new[,] { { .5, .5 }, { 0, 1 } }, new[,] { { .5, .5, 0 }, { 0, .5, .5 } });
        HmmTransformer fitted = _context.Transforms.Hmm(new HmmEstimator.Options { InitialModel = start, MaximumNumberOfIterations = 1 })
            .Fit(SequenceViews.OfKeys([[0, 1, 2], [0, 0, 1, 2]], 3));
        ScoredWalk row = _context.Data.CreateEnumerable<ScoredWalk>(fitted.Transform(SequenceViews.OfKeys([[2, 0]], 3)), reuseRowObject: false).Single();
        Assert.Equal((float.MinValue, float.MaxValue), (row.LogDensity, row.Score));
        Assert.Equal([0u, 0u], row.PredictedLabel);
        Assert.All(row.Probability, probability => Assert.Equal(0.5f, probability));
    }

    [Fact]
    public void Training_data_that_cannot_be_learned_from_name_row_and_column()
    {
        AssertRefused("Row 1 of sequence column 'Points' has 3 values", [[1, 2], [1, 2, 3]]);
        AssertRefused("'Points'", [[1, 2], [1, double.NaN]]);
        AssertRefused("'Points'", [[1, 2], [1, double.PositiveInfinity]]);
        AssertRefused("All 2 sequences in column 'Points' are empty", [[], []]);
        AssertRefused("no rows", []);
        Exception counts = Assert.ThrowsAny<Exception>(() => _context.Transforms.Hmm("Sequence", emission: EmissionType.Poisson).Fit(SequenceViews.Of([[1, 2], [], [3, 2.5]], 1, isSingle: true)));
        Assert.Contains("Row 2 of sequence column 'Sequence', step 1: Feature 0 is 2.5", counts.Message, StringComparison.Ordinal);

        _warnings.Clear();
        _context.Transforms.Hmm("Points").Fit(View([.. Walks, [], []]));
        Assert.Contains(_warnings, warning => warning.Contains("2 sequences in column 'Points' are empty", StringComparison.Ordinal));

        void AssertRefused(string message, double[][] sequences) =>
            Assert.Contains(message, Assert.Throws<InvalidOperationException>(() => _context.Transforms.Hmm("Points").Fit(View(sequences))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_split_by_key_before_grouping_keeps_sequences_whole()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(Walks.SelectMany((walk, n) => walk.Chunk(2).Select(step => new LongRow { Name = $"walk {n}", Points = [(float)step[0], (float)step[1]] })).ToList());
        DataOperationsCatalog.TrainTestData split = _context.Data.TrainTestSplit(rows, testFraction: 0.3, samplingKeyColumnName: "Name");
        IDataView train = _context.Data.GroupSequences(split.TrainSet, "Name", "Points");
        IDataView test = _context.Data.GroupSequences(split.TestSet, "Name", "Points");
        HmmTransformer fitted = _context.Transforms.Hmm("Points").Fit(train);
        RowTable scored = RowTable.Read(fitted.Transform(test));
        Assert.Equal(Walks.Length, RowTable.Read(train).NumberOfRows + scored.NumberOfRows);
        Assert.NotEqual(0, scored.NumberOfRows);
        Assert.All(fitted.Transform(test).GetColumn<float>("LogDensity"), density => Assert.True(float.IsFinite(density)));

        // And back to a row for each step, with its state.
        IDataView steps = _context.Data.FlattenSequences(fitted.Transform(test), "Name", ["Points", "PredictedLabel", "Probability"]);
        Assert.Equal(RowTable.Read(split.TestSet).NumberOfRows, RowTable.Read(steps).NumberOfRows);
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 2), steps.Schema["Probability"].Type);
    }

    [Fact]
    public void A_loaded_model_scores_and_draws_the_same()
    {
        using var folder = new TemporaryFolder();
        IDataView data = View(Walks);
        ITransformer fitted = _context.Transforms.Hmm("Points").Append(_context.Transforms.CopyColumns("States", "PredictedLabel")).Fit(data);
        _context.Model.Save(fitted, data.Schema, folder.PathOf("model.zip"));
        ITransformer loaded = new MLContext().Model.Load(folder.PathOf("model.zip"), out _);
        RowTable.Read(fitted.Transform(data)).AssertSame(RowTable.Read(loaded.Transform(data)), "loaded");

        IDataView drawn = loaded.FindGenerative().Sample(20, seed: 7);
        Assert.Equal(["Points", "Label"], drawn.Schema.Select(column => column.Name));
        Assert.Equal(data.Schema["Points"].Type, drawn.Schema["Points"].Type);
        Assert.Equal(new VectorDataViewType(new KeyDataViewType(typeof(uint), 2)), drawn.Schema["Label"].Type);
        Assert.Equal(RowTable.Read(fitted.FindGenerative().Sample(20, seed: 7)).Format("Points", "Label"), RowTable.Read(drawn).Format("Points", "Label"));
        Assert.NotEqual(RowTable.Read(loaded.FindGenerative().Sample(20, seed: 8)).Format("Points"), RowTable.Read(drawn).Format("Points"));
        int mean = (int)Math.Round(Walks.Average(walk => walk.Length / 2.0));
        Assert.All(drawn.GetColumn<float[]>("Points"), points => Assert.Equal(2 * mean, points.Length));
        Assert.All(drawn.GetColumn<uint[]>("Label"), states => Assert.True(states.Length == mean && states.All(state => state is 1 or 2)));

        // What it draws can be scored.
        Assert.All(loaded.Transform(drawn).GetColumn<float>("LogDensity"), density => Assert.True(float.IsFinite(density)));
        Assert.Equal(0, RowTable.Read(loaded.FindGenerative().Sample(0)).NumberOfRows);
        Assert.Throws<ArgumentOutOfRangeException>(() => loaded.FindGenerative().Sample(-1));
    }

    [Fact]
    public void Draws_have_the_length_that_is_asked_for()
    {
        HmmTransformer fitted = _context.Transforms.Hmm(new HmmEstimator.Options { InputColumnName = "Points", SampleLength = 3 }).Fit(View(Walks));
        Assert.All(fitted.Sample(5, seed: 1).GetColumn<float[]>("Points"), points => Assert.Equal(6, points.Length));
        Assert.Equal(3, fitted.SampleLength);

        // A weight of 2 counts as two equal sequences, one of 0 as none.
        var weighted = new HmmEstimator.Options { NumberOfStates = 1, ExampleWeightColumnName = "Weight" };
        Assert.Equal(3, _context.Transforms.Hmm(weighted).Fit(SequenceViews.Of([[1, 2], [1, 2, 3, 4, 5], [9, 8, 7, 6, 5, 4, 3, 2, 1]], 1, isSingle: true, [2, 1, 0])).SampleLength);
    }

    [Fact]
    public void Keys_and_symbols_of_the_wrong_kind_are_told_the_way()
    {
        Assert.Contains(
            "'Sequence' holds keys, but Emission is Gaussian. For keys set it to Categorical.",
            Assert.Throws<ArgumentOutOfRangeException>(() => _context.Transforms.Hmm().Fit(SequenceViews.OfKeys([[0, 1, 1]], 2))).Message,
            StringComparison.Ordinal);
        ArgumentException twoValues = Assert.Throws<ArgumentException>(() => _context.Transforms.Hmm("Points", emission: EmissionType.Categorical).Fit(View([[0, 1, 1, 0]])));
        Assert.Equal("sequences", twoValues.ParamName);
        Assert.Contains("use Product", twoValues.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scored_sequences_survive_a_binary_file()
    {
        using var folder = new TemporaryFolder();
        IDataView scored = _context.Transforms.Hmm("Points").Fit(View(Walks)).Transform(View([.. Walks, []]));
        using (FileStream file = File.Create(folder.PathOf("scored.idv")))
            _context.Data.SaveAsBinary(scored, file);
        IDataView loaded = _context.Data.LoadFromBinary(folder.PathOf("scored.idv"));
        string[] columns = ["Points", "PredictedLabel", "Probability", "Score", "LogDensity"];
        foreach (string column in columns)
            Assert.Equal(scored.Schema[column].Type, loaded.Schema[column].Type);
        Assert.Equal(RowTable.Read(scored).Format(columns), RowTable.Read(loaded).Format(columns));
    }

    [Fact]
    public void Keys_keep_their_texts()
    {
        IDataView rows = _context.Data.LoadFromEnumerable(new[] { "a b a c", "b b a", "c a b a" }.Select(text => new TextRow { Words = text.Split(' ') }).ToList());
        HmmTransformer fitted = _context.Transforms.Conversion.MapValueToKey("Words").Append(_context.Transforms.Hmm("Words", emission: EmissionType.Categorical)).Fit(rows).LastTransformer;
        IDataView drawn = fitted.Sample(10, seed: 1);
        IDataView texts = _context.Transforms.Conversion.MapKeyToValue("Words").Fit(drawn).Transform(drawn);
        Assert.All(texts.GetColumn<string[]>("Words"), words => Assert.All(words, word => Assert.Contains(word, (string[])["a", "b", "c"])));
        Assert.Equal(3, ((CategoricalEmission)fitted.Model.Emissions).NumberOfSymbols);
    }

    private IDataView View(double[][] walks) =>
        _context.Data.LoadFromEnumerable(walks.Select(walk => new Walk { Points = Array.ConvertAll(walk, value => (float)value) }).ToList());

    private sealed class Walk
    {
        [VectorType(0, 2)]
        public float[] Points { get; set; } = [];
    }

    private sealed class LongRow
    {
        public string Name { get; set; } = "";

        [VectorType(2)]
        public float[] Points { get; set; } = [];
    }

    private sealed class TextRow
    {
        public string[] Words { get; set; } = [];
    }

    private sealed class ScoredWalk
    {
        public uint[] PredictedLabel { get; set; } = [];

        public float[] Probability { get; set; } = [];

        public float Score { get; set; }

        public float LogDensity { get; set; }
    }
}
