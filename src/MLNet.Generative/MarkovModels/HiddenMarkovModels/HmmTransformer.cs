using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Generative;

[assembly: LoadableClass("A hidden Markov model: labels the steps of sequences, scores and samples them.", typeof(HmmTransformer), null, typeof(SignatureLoadModel),
    "Hidden Markov model", HmmTransformer.LoaderSignature)]

[assembly: LoadableClass(typeof(IRowMapper), typeof(HmmTransformer), null, typeof(SignatureLoadRowMapper),
    "Hidden Markov model", HmmTransformer.LoaderSignature)]

namespace MLNet.Generative;

/// <summary>A fitted hidden Markov model as a step of a pipeline. See <see cref="HmmEstimator"/> for its columns.</summary>
public sealed class HmmTransformer : GenerativeTransformerBase, ISingleFeaturePredictionTransformer<HmmModel>, ILogDensityTransformer
{
    internal const string LoaderSignature = "HiddenMarkovModel";

    private readonly HmmColumns _columns;
    private readonly IReadOnlyList<OutputColumn> _outputs;

    internal HmmTransformer(IHost host, HmmColumns columns, HmmModel model, FitSummary summary, int sampleLength)
        : base(host)
    {
        _columns = columns;
        _outputs = columns.Describe(model.NumberOfStates);
        Model = model;
        Summary = summary;
        SampleLength = sampleLength;
    }

    /// <summary>The model.</summary>
    public HmmModel Model { get; }

    /// <summary>How the model fits its training data. Saved with the model.</summary>
    public FitSummary Summary { get; }

    /// <summary>The number of steps of each sequence that is drawn.</summary>
    public int SampleLength { get; }

    /// <summary>The column of sequences.</summary>
    public string FeatureColumnName => _columns.Sequences.ColumnName;

    /// <summary>Its type in training; numbers of 32 and of 64 bits are both accepted.</summary>
    public DataViewType FeatureColumnType => _columns.Sequences.ToType();

    string ILogDensityTransformer.LogDensityColumnName => _columns.LogDensity;

    string ILogDensityTransformer.ScorePerStepColumnName => _columns.Score;

    ILogDensityTransformer ILogDensityTransformer.WithLogDensity() => this;

    /// <inheritdoc/>
    protected override IReadOnlyList<OutputColumn> Columns => _outputs;

    /// <inheritdoc/>
    protected override ModelFormat Format => FormatOfFiles;

    private static ModelFormat FormatOfFiles { get; } = new(
        "HMARKOVM",
        LoaderSignature,
        Written: 0x00010001, // Initial
        Readable: 0x00010001,
        Oldest: 0x00010001,
        typeof(HmmTransformer));

    /// <summary>Draws new sequences, each of <see cref="SampleLength"/> steps. For other lengths draw from the model.</summary>
    /// <param name="count">The number of sequences: not negative.</param>
    /// <param name="seed">The same seed gives the same sequences; <see langword="null"/> to take one from the <c>MLContext</c>.</param>
    /// <returns>A data view with the column of sequences, of the type it had in training, and the path of states of each as a vector of keys <c>Label</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public IDataView Sample(int count, int? seed = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var random = new Random(seed ?? NextSeed());
        var sequences = new double[count][];
        var paths = new uint[count][];
        for (int n = 0; n < count; n++)
        {
            (sequences[n], int[] states) = Model.Sample(SampleLength, random);
            paths[n] = Array.ConvertAll(states, state => (uint)state + 1);
        }
        return SampledSequences.Create(Host, _columns.Sequences, sequences, paths, Model.NumberOfStates);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<DataViewSchema.Column> FindInputs(DataViewSchema schema) => [SequenceColumn.Find(Host, schema, _columns.Sequences)];

    /// <inheritdoc/>
    protected override RowScorer CreateScorer(DataViewRow input) =>
        new HmmScorer(Model, input, SequenceColumn.Find(Host, input.Schema, _columns.Sequences));

    // *** Binary format of the block ***
    // HmmColumns
    // int: steps of a drawn sequence
    // HmmModel
    // FitSummary

    /// <inheritdoc/>
    protected override void WritePayload(BinaryWriter writer)
    {
        _columns.Write(writer);
        writer.Write(SampleLength);
        HmmFormat.Write(writer, Model);
        FitSummaryFormat.Write(writer, Summary);
    }

    internal static HmmTransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        ReadModel(env, ctx, FormatOfFiles, (host, reader) =>
        {
            HmmColumns columns = HmmColumns.Read(reader);
            int sampleLength = reader.ReadInt32();
            reader.Check(sampleLength >= 1, $"the length of drawn sequences is {sampleLength}");
            HmmModel model = HmmFormat.Read(reader);
            FitSummary summary = FitSummaryFormat.Read(reader);
            reader.Check(columns.Sequences.Dimension == model.Dimension, "the sequences have another number of values per step than the model");
            reader.Check(
                columns.Sequences.Items != SequenceItems.Keys || (model.Emissions is CategoricalEmission symbols && symbols.NumberOfSymbols == columns.Sequences.KeyCount),
                "the keys have another number of values than the model has symbols");
            return new HmmTransformer(host, columns, model, summary, sampleLength);
        });

    internal static IRowMapper Create(IHostEnvironment env, ModelLoadContext ctx, DataViewSchema inputSchema) =>
        Create(env, ctx).MakeRowMapper(inputSchema);
}
