using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Generative;

[assembly: LoadableClass("A Markov chain: predicts, scores and samples sequences of symbols.", typeof(MarkovChainTransformer), null, typeof(SignatureLoadModel),
    "Markov chain", MarkovChainTransformer.LoaderSignature)]

[assembly: LoadableClass(typeof(IRowMapper), typeof(MarkovChainTransformer), null, typeof(SignatureLoadRowMapper),
    "Markov chain", MarkovChainTransformer.LoaderSignature)]

namespace MLNet.Generative;

/// <summary>A fitted Markov chain as a step of a pipeline. See <see cref="MarkovChainEstimator"/> for its columns.</summary>
public sealed class MarkovChainTransformer : GenerativeTransformerBase, ISingleFeaturePredictionTransformer<MarkovChainModel>, ILogDensityTransformer
{
    internal const string LoaderSignature = "MarkovChain";

    private readonly MarkovChainColumns _columns;
    private readonly IReadOnlyList<OutputColumn> _outputs;

    internal MarkovChainTransformer(IHost host, MarkovChainColumns columns, MarkovChainModel model, MarkovChainSummary summary, int sampleLength)
        : base(host)
    {
        _columns = columns;
        _outputs = columns.Describe(model.NumberOfSymbols);
        Model = model;
        Summary = summary;
        SampleLength = sampleLength;
    }

    /// <summary>The chain. Its symbol 0 is key 1.</summary>
    public MarkovChainModel Model { get; }

    /// <summary>How the chain fits its training data. Saved with the model.</summary>
    public MarkovChainSummary Summary { get; }

    /// <summary>The number of symbols in each sequence that is drawn.</summary>
    public int SampleLength { get; }

    /// <summary>The column of sequences.</summary>
    public string FeatureColumnName => _columns.Sequences.ColumnName;

    /// <summary>Its type in training; of numbers, both Single and Double are accepted.</summary>
    public DataViewType FeatureColumnType => _columns.Sequences.ToType();

    string ILogDensityTransformer.LogDensityColumnName => _columns.LogDensity;

    string? ILogDensityTransformer.ScorePerStepColumnName => _columns.Score;

    /// <inheritdoc/>
    protected override IReadOnlyList<OutputColumn> Columns => _outputs;

    /// <inheritdoc/>
    protected override ModelFormat Format => FormatOfFiles;

    private static ModelFormat FormatOfFiles { get; } = new(
        "MARKOVCH",
        LoaderSignature,
        Written: 0x00010001, // Initial
        Readable: 0x00010001,
        Oldest: 0x00010001,
        typeof(MarkovChainTransformer));

    // A detector compares sequences of all lengths, and so needs the score per step.
    ILogDensityTransformer ILogDensityTransformer.WithLogDensity() =>
        _columns.Score is null ? new MarkovChainTransformer(Host, _columns.WithScore(), Model, Summary, SampleLength) : this;

    /// <summary>Draws new sequences, each of <see cref="SampleLength"/> symbols. For other lengths draw from the model.</summary>
    /// <param name="count">The number of sequences: not negative.</param>
    /// <param name="seed">The same seed gives the same sequences; <see langword="null"/> to take one from the <c>MLContext</c>.</param>
    /// <returns>A data view with the column of sequences, of the type it had in training; keys keep their texts.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public IDataView Sample(int count, int? seed = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var random = new Random(seed ?? NextSeed());
        var sequences = new double[count][];
        for (int n = 0; n < count; n++)
            sequences[n] = Array.ConvertAll(Model.Sample(SampleLength, random), symbol => (double)symbol);
        return SampledSequences.Create(Host, _columns.Sequences, sequences);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<DataViewSchema.Column> FindInputs(DataViewSchema schema) =>
        [SequenceColumn.Find(Host, schema, _columns.Sequences)];

    /// <inheritdoc/>
    protected override RowScorer CreateScorer(DataViewRow input) =>
        new MarkovChainScorer(Model, input, SequenceColumn.Find(Host, input.Schema, _columns.Sequences));

    // *** Binary format of the block ***
    // MarkovChainColumns
    // int: number of symbols in a draw
    // MarkovChainModel
    // MarkovChainSummary

    /// <inheritdoc/>
    protected override void WritePayload(BinaryWriter writer)
    {
        _columns.Write(writer);
        writer.Write(SampleLength);
        MarkovChainFormat.Write(writer, Model);
        MarkovChainFormat.Write(writer, Summary);
    }

    internal static MarkovChainTransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        ReadModel(env, ctx, FormatOfFiles, (host, reader) =>
        {
            MarkovChainColumns columns = MarkovChainColumns.Read(reader);
            int sampleLength = reader.ReadInt32();
            reader.Check(sampleLength >= 1, $"the length of draws is {sampleLength}");
            MarkovChainModel model = MarkovChainFormat.ReadModel(reader);
            MarkovChainSummary summary = MarkovChainFormat.ReadSummary(reader, model);
            int keys = columns.Sequences.KeyCount;
            reader.Check(columns.Sequences.Dimension == 1 && (keys == 0 || keys == model.NumberOfSymbols), "the number of keys is not that of the symbols");
            return new MarkovChainTransformer(host, columns, model, summary, sampleLength);
        });

    internal static IRowMapper Create(IHostEnvironment env, ModelLoadContext ctx, DataViewSchema inputSchema) =>
        Create(env, ctx).MakeRowMapper(inputSchema);
}
