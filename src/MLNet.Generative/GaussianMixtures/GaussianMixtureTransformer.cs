using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Generative;

[assembly: LoadableClass("A mixture of Gaussian distributions: clusters, scores and samples.", typeof(GaussianMixtureTransformer), null, typeof(SignatureLoadModel),
    "Gaussian mixture", GaussianMixtureTransformer.LoaderSignature)]

[assembly: LoadableClass(typeof(IRowMapper), typeof(GaussianMixtureTransformer), null, typeof(SignatureLoadRowMapper),
    "Gaussian mixture", GaussianMixtureTransformer.LoaderSignature)]

namespace MLNet.Generative;

/// <summary>A fitted Gaussian mixture as a step of a pipeline. See <see cref="GaussianMixtureEstimator"/> for its columns.</summary>
public sealed class GaussianMixtureTransformer :
    GenerativeTransformerBase, ISingleFeaturePredictionTransformer<GaussianMixtureModel>, ILogDensityTransformer
{
    internal const string LoaderSignature = "GaussianMixture";

    private readonly GaussianMixtureColumns _columns;
    private readonly IReadOnlyList<OutputColumn> _outputs;

    internal GaussianMixtureTransformer(IHost host, GaussianMixtureColumns columns, GaussianMixtureModel model, FitSummary summary)
        : base(host)
    {
        _columns = columns;
        _outputs = columns.Describe(model.NumberOfComponents);
        Model = model;
        Summary = summary;
    }

    /// <summary>The mixture.</summary>
    public GaussianMixtureModel Model { get; }

    /// <summary>How the mixture fits its training data. Saved with the model.</summary>
    public FitSummary Summary { get; }

    /// <summary>The column of features.</summary>
    public string FeatureColumnName => _columns.Features.ColumnName;

    /// <summary>Its type in training; a vector of Single and one of Double of this size are both accepted.</summary>
    public DataViewType FeatureColumnType => _columns.Features.ToType(Model.Dimension);

    string ILogDensityTransformer.LogDensityColumnName => _columns.LogDensity;

    ILogDensityTransformer ILogDensityTransformer.WithLogDensity() => this;

    /// <inheritdoc/>
    protected override IReadOnlyList<OutputColumn> Columns => _outputs;

    /// <inheritdoc/>
    protected override ModelFormat Format => FormatOfFiles;

    private static ModelFormat FormatOfFiles { get; } = new(
        "GAUSMIX ",
        LoaderSignature,
        Written: 0x00010001, // Initial
        Readable: 0x00010001,
        Oldest: 0x00010001,
        typeof(GaussianMixtureTransformer));

    /// <summary>Draws new rows.</summary>
    /// <param name="count">The number of rows: not negative.</param>
    /// <param name="seed">The same seed gives the same rows; <see langword="null"/> to take one from the <c>MLContext</c>.</param>
    /// <returns>A data view with the feature column, of the type it had in training, and the component of each row as key column <c>Label</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public IDataView Sample(int count, int? seed = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var random = new Random(seed ?? NextSeed());
        var components = new uint[count];
        var rows = new double[count][];
        for (int n = 0; n < count; n++)
        {
            rows[n] = new double[Model.Dimension];
            components[n] = (uint)Model.Sample(random, rows[n]) + 1;
        }
        return SampledRows.Create(Host, _columns.Features, Model.Dimension, rows, components, Model.NumberOfComponents);
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<DataViewSchema.Column> FindInputs(DataViewSchema schema) =>
        [FeatureColumn.Find(Host, schema, FeatureColumnName, Model.Dimension)];

    /// <inheritdoc/>
    protected override RowScorer CreateScorer(DataViewRow input) =>
        new GaussianMixtureScorer(Model, input, FeatureColumn.Find(Host, input.Schema, FeatureColumnName, Model.Dimension));

    // *** Binary format of the block ***
    // GaussianMixtureColumns
    // GaussianMixtureModel
    // FitSummary

    /// <inheritdoc/>
    protected override void WritePayload(BinaryWriter writer)
    {
        _columns.Write(writer);
        GaussianMixtureFormat.Write(writer, Model);
        FitSummaryFormat.Write(writer, Summary);
    }

    internal static GaussianMixtureTransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        ReadModel(env, ctx, FormatOfFiles, (host, reader) =>
        {
            GaussianMixtureColumns columns = GaussianMixtureColumns.Read(reader);
            GaussianMixtureModel model = GaussianMixtureFormat.Read(reader);
            FitSummary summary = FitSummaryFormat.Read(reader);
            columns.Features.CheckDimension(reader, model.Dimension);
            return new GaussianMixtureTransformer(host, columns, model, summary);
        });

    internal static IRowMapper Create(IHostEnvironment env, ModelLoadContext ctx, DataViewSchema inputSchema) =>
        Create(env, ctx).MakeRowMapper(inputSchema);
}
