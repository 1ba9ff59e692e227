using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Generative;

[assembly: LoadableClass("An anomaly detector on a generative model: scores a row by how improbable it is.", typeof(AnomalyTransformer), null, typeof(SignatureLoadModel),
    "Anomaly detector on a density", AnomalyTransformer.LoaderSignature)]

[assembly: LoadableClass(typeof(IRowMapper), typeof(AnomalyTransformer), null, typeof(SignatureLoadRowMapper),
    "Anomaly detector on a density", AnomalyTransformer.LoaderSignature)]

namespace MLNet.Generative;

/// <summary>A generative model as an anomaly detector. See <see cref="AnomalyEstimator"/> for its columns.</summary>
public sealed class AnomalyTransformer : GenerativeTransformerBase, ISingleFeaturePredictionTransformer<IGenerativeTransformer>
{
    internal const string LoaderSignature = "DensityAnomaly";

    private const string DensityFolder = "Density";

    private readonly AnomalyColumns _columns;
    private readonly IReadOnlyList<OutputColumn> _outputs;

    // One mapper of the model per schema: it counts the invalid rows of all cursors of a pass together, and so warns once.
    private readonly ConditionalWeakTable<DataViewSchema, IRowToRowMapper> _mappers = [];

    internal AnomalyTransformer(IHost host, IGenerativeTransformer density, AnomalyColumns columns, float threshold)
        : base(host)
    {
        Model = density;
        Threshold = threshold;
        _columns = columns;
        _outputs = columns.Describe();
    }

    /// <summary>The generative model whose density gives the scores.</summary>
    public IGenerativeTransformer Model { get; }

    /// <summary>Rows with a score above this are labelled as anomalies. In nats.</summary>
    public float Threshold { get; }

    /// <summary>The column that the model reads.</summary>
    public string FeatureColumnName => (Model as ISingleFeaturePredictionTransformer<object>)?.FeatureColumnName ?? DefaultColumnNames.Features;

    /// <summary>Its type in training.</summary>
    public DataViewType FeatureColumnType => (Model as ISingleFeaturePredictionTransformer<object>)?.FeatureColumnType ?? NumberDataViewType.Single;

    /// <inheritdoc/>
    protected override IReadOnlyList<OutputColumn> Columns => _outputs;

    /// <inheritdoc/>
    protected internal override int RowsPerBlock => (Model as GenerativeTransformerBase)?.RowsPerBlock ?? 1;

    /// <inheritdoc/>
    protected override ModelFormat Format => FormatOfFiles;

    private static ModelFormat FormatOfFiles { get; } = new(
        "ANOMDENS",
        LoaderSignature,
        Written: 0x00010001, // Initial
        Readable: 0x00010001,
        Oldest: 0x00010001,
        typeof(AnomalyTransformer));

    private string? ScorePerStepColumnName => (Model as ILogDensityTransformer)?.ScorePerStepColumnName;

    // The column of the model that scores are made of: −log p(x) per step of a sequence, log p(x) of a row.
    private string DensityColumnName =>
        ScorePerStepColumnName ?? (Model as ILogDensityTransformer)?.LogDensityColumnName ?? ColumnNames.LogDensity;

    /// <summary>The same detector with another threshold.</summary>
    /// <param name="threshold">Rows with a score above this are labelled as anomalies: finite, in nats.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is not finite.</exception>
    public AnomalyTransformer WithThreshold(float threshold)
    {
        if (!float.IsFinite(threshold))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, $"The threshold is {threshold}; it must be finite.");
        return new AnomalyTransformer(Host, Model, _columns, threshold);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<DataViewSchema.Column> FindInputs(DataViewSchema schema)
    {
        IRowToRowMapper mapper = GetMapper(schema);
        return [.. mapper.GetDependencies([FindDensity(mapper)])];
    }

    /// <inheritdoc/>
    protected override RowScorer CreateScorer(DataViewRow input)
    {
        IRowToRowMapper mapper = GetMapper(input.Schema);
        DataViewSchema.Column density = FindDensity(mapper);
        return new Scorer(input, mapper.GetRow(input, [density]), density, this);
    }

    // *** Binary format of the block ***
    // string: PredictedLabel column
    // string: Score column
    // float: threshold
    // The model is saved beside the block.

    /// <inheritdoc/>
    protected override void WritePayload(BinaryWriter writer)
    {
        writer.Write(_columns.PredictedLabel);
        writer.Write(_columns.Score);
        writer.Write(Threshold);
    }

    /// <inheritdoc/>
    protected override (string Folder, ITransformer Transformer)? Part => (DensityFolder, Model);

    internal static AnomalyTransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        ReadModel(env, ctx, FormatOfFiles, (host, reader) =>
        {
            var columns = new AnomalyColumns(reader.ReadString(), reader.ReadString());
            float threshold = reader.ReadSingle();
            reader.Check(float.IsFinite(threshold), $"the threshold is {threshold}");
            return new AnomalyTransformer(host, LoadPart<IGenerativeTransformer>(host, ctx, DensityFolder), columns, threshold);
        });

    internal static IRowMapper Create(IHostEnvironment env, ModelLoadContext ctx, DataViewSchema inputSchema) =>
        Create(env, ctx).MakeRowMapper(inputSchema);

    private IRowToRowMapper GetMapper(DataViewSchema schema) => _mappers.GetValue(schema, Model.GetRowToRowMapper);

    private DataViewSchema.Column FindDensity(IRowToRowMapper mapper) =>
        mapper.OutputSchema.GetColumnOrNull(DensityColumnName) is { } column && column.Type == NumberDataViewType.Single
            ? column
            : throw new InvalidOperationException($"{Model.GetType().Name} has no Single column '{DensityColumnName}' with its log-density, which an anomaly detector needs.");

    // The model's own scorer sees the same blocks: the first row that is read here makes it score all of them.
    private sealed class Scorer : RowScorer
    {
        private readonly DataViewRow _scored;
        private readonly ValueGetter<float> _getDensity;
        private readonly float _sign;
        private readonly float _threshold;
        private readonly float[] _scores;

        public Scorer(DataViewRow input, DataViewRow scored, DataViewSchema.Column density, AnomalyTransformer detector)
            : base(input, detector.RowsPerBlock)
        {
            _scored = scored;
            _getDensity = scored.GetGetter<float>(density);
            _sign = detector.ScorePerStepColumnName is null ? -1 : 1;
            _threshold = detector.Threshold;
            _scores = new float[detector.RowsPerBlock];
        }

        public override Delegate CreateGetter(int output) =>
            output == 0 ? (ValueGetter<bool>)GetPredictedLabel : (ValueGetter<float>)GetScore;

        public override void Dispose()
        {
            _scored.Dispose();
            base.Dispose();
        }

        protected override bool Read(int slot)
        {
            _getDensity(ref _scores[slot]);
            // The model inside counts its invalid rows itself.
            return true;
        }

        protected override void Score(int count)
        {
            // A log-density that is not a number is as improbable as can be.
            for (int slot = 0; slot < count; slot++)
                _scores[slot] = float.IsNaN(_scores[slot]) ? float.MaxValue : _sign * ToFinite(_scores[slot]);
        }

        private void GetPredictedLabel(ref bool value) => value = _scores[Update()] > _threshold;

        private void GetScore(ref float value) => value = _scores[Update()];
    }
}
