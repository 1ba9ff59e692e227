using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Generative;

[assembly: LoadableClass("A variational autoencoder: encodes, reconstructs, scores and samples.", typeof(VaeTransformer), null, typeof(SignatureLoadModel),
    "Variational autoencoder", VaeTransformer.LoaderSignature)]

[assembly: LoadableClass(typeof(IRowMapper), typeof(VaeTransformer), null, typeof(SignatureLoadRowMapper),
    "Variational autoencoder", VaeTransformer.LoaderSignature)]

namespace MLNet.Generative;

/// <summary>A trained variational autoencoder as a step of a pipeline. See <see cref="VaeEstimator"/> for its columns.</summary>
public sealed class VaeTransformer : GenerativeTransformerBase, ISingleFeaturePredictionTransformer<VaeModel>, ILogDensityTransformer
{
    internal const string LoaderSignature = "VariationalAutoencoder";

    private readonly VaeColumns _columns;
    private readonly IReadOnlyList<OutputColumn> _outputColumns;
    private readonly IReadOnlyList<VaeOutput> _outputs;

    internal VaeTransformer(IHost host, VaeColumns columns, VaeModel model, VaeSummary summary)
        : base(host)
    {
        _columns = columns;
        IReadOnlyList<(OutputColumn Column, VaeOutput Output)> described = columns.Describe(model.LatentDimension, model.Dimension);
        _outputColumns = [.. described.Select(entry => entry.Column)];
        _outputs = [.. described.Select(entry => entry.Output)];
        Model = model;
        Summary = summary;
    }

    /// <summary>The autoencoder.</summary>
    public VaeModel Model { get; }

    /// <summary>How the training went. Saved with the model.</summary>
    public VaeSummary Summary { get; }

    /// <summary>The column of features.</summary>
    public string FeatureColumnName => _columns.Features.ColumnName;

    /// <summary>Its type in training; a vector of Single and one of Double of this size are both accepted.</summary>
    public DataViewType FeatureColumnType => _columns.Features.ToType(Model.Dimension);

    string? ILogDensityTransformer.LogDensityColumnName => _columns.LogDensity;

    bool ILogDensityTransformer.LearnsFromIncompleteRows => true;

    /// <inheritdoc/>
    protected override IReadOnlyList<OutputColumn> Columns => _outputColumns;

    /// <inheritdoc/>
    protected override int RowsPerBlock => BlockRows.Many;

    /// <inheritdoc/>
    protected override ModelFormat Format => FormatOfFiles;

    private static ModelFormat FormatOfFiles { get; } = new(
        "VARAUTOE",
        LoaderSignature,
        Written: 0x00010002, // Noise of importance-weighted scores, mixture of latent codes
        Readable: 0x00010002,
        Oldest: 0x00010002,
        typeof(VaeTransformer));

    ILogDensityTransformer ILogDensityTransformer.WithLogDensity() =>
        _columns.LogDensity is null ? new VaeTransformer(Host, _columns with { LogDensity = OutputColumn.LogDensity }, Model, Summary) : this;

    /// <summary>
    /// Draws new rows: a code from the model's <see cref="VaeModel.LatentMixture"/>, or from the prior N(0, I) if it has none, then a row from p(x|z), noise included. For rows without noise, decode codes with the model.
    /// </summary>
    /// <param name="count">The number of rows: not negative.</param>
    /// <param name="seed">The same seed gives the same rows; <see langword="null"/> to take one from the <c>MLContext</c>.</param>
    /// <returns>A data view with the input column, of the type it had in training.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public IDataView Sample(int count, int? seed = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        double[][] rows = Model.Sample(count, seed ?? NextSeed());
        return SampledRows.Create(Host, _columns.Features, Model.Dimension, rows);
    }

    /// <summary>How well the model describes data: the evidence lower bound and its parts, and the importance-weighted log-likelihood.</summary>
    /// <param name="data">The data, with the input column as this step sees it: after the steps before it. Missing values are left out.</param>
    /// <param name="numberOfImportanceSamples">K, the number of samples of the importance-weighted log-likelihood: at least 1.</param>
    /// <param name="seed">The seed of these samples.</param>
    /// <exception cref="ArgumentNullException"><paramref name="data"/> is null.</exception>
    /// <exception cref="ArgumentException">The input column is missing or has the wrong type, a row is too far from the training data for 32 bits, or there is no sample.</exception>
    /// <exception cref="InvalidOperationException">There are no rows, or a value is infinite or cannot occur under the likelihood.</exception>
    /// <exception cref="OperationCanceledException">The <c>MLContext</c> was cancelled.</exception>
    public VaeMetrics Evaluate(IDataView data, int numberOfImportanceSamples = 64, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(data);
        FeatureColumn.Find(Host, data.Schema, FeatureColumnName, Model.Dimension);
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfImportanceSamples, 1);
        return TrainingHost.Of(Host).Train(channel =>
        {
            FeatureRows rows = FeatureRows.Read(channel, data, FeatureColumnName, null, MissingValues.Keep, CancellationToken.None);
            TrainingPlan.CheckValues(rows.Values.Span, rows.Dimension, Model.Likelihood, FeatureNames.Of(FeatureColumnName, rows));
            return Model.Evaluate(rows.Values.Span, numberOfImportanceSamples, seed, channel.CheckAlive);
        });
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<DataViewSchema.Column> FindInputs(DataViewSchema schema) =>
        [FeatureColumn.Find(Host, schema, FeatureColumnName, Model.Dimension)];

    /// <inheritdoc/>
    protected override RowScorer CreateScorer(DataViewRow input) =>
        new VaeScorer(Model, _outputs, _columns.Features.IsSingle, _columns.ImputationSamples, input, FeatureColumn.Find(Host, input.Schema, FeatureColumnName, Model.Dimension));

    // *** Binary format of the block ***
    // VaeColumns
    // VaeModel
    // mixture of latent codes
    // VaeSummary

    /// <inheritdoc/>
    protected override void WritePayload(BinaryWriter writer)
    {
        _columns.Write(writer);
        VaeFormat.Write(writer, Model);
        LatentMixtureFormat.Write(writer, Model.LatentMixture);
        VaeSummaryFormat.Write(writer, Summary);
    }

    internal static VaeTransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        ReadModel(env, ctx, FormatOfFiles, (host, reader) =>
        {
            VaeColumns columns = VaeColumns.Read(reader);
            VaeModel model = VaeFormat.Read(reader, TrainingHost.Of(host).Train(channel => VaeDevice.For(host, null, channel.Info)));
            model = model.WithLatentMixture(LatentMixtureFormat.Read(reader, model.LatentDimension));
            VaeSummary summary = VaeSummaryFormat.Read(reader, model.LatentDimension);
            columns.Features.CheckDimension(reader, model.Dimension);
            return new VaeTransformer(host, columns, model, summary);
        });

    internal static IRowMapper Create(IHostEnvironment env, ModelLoadContext ctx, DataViewSchema inputSchema) =>
        Create(env, ctx).MakeRowMapper(inputSchema);
}
