using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Generative.Testing;

[assembly: LoadableClass("Normal distributions, one for each feature.", typeof(IndependentNormalsTransformer), null, typeof(SignatureLoadModel),
    "Independent normals", IndependentNormalsTransformer.LoaderSignature)]

[assembly: LoadableClass(typeof(IRowMapper), typeof(IndependentNormalsTransformer), null, typeof(SignatureLoadRowMapper),
    "Independent normals", IndependentNormalsTransformer.LoaderSignature)]

namespace MLNet.Generative.Testing;

/// <summary>Fitted <see cref="IndependentNormalsEstimator"/>: column <c>Sum</c> of the standardised features, <c>Squares</c> of each, and on request <c>LogDensity</c>.</summary>
public sealed class IndependentNormalsTransformer :
    GenerativeTransformerBase, ISingleFeaturePredictionTransformer<IReadOnlyList<(double Mean, double StandardDeviation)>>, ILogDensityTransformer
{
    internal const string LoaderSignature = "IndependentNormals";

    private readonly bool _isSingle;
    private readonly bool _hasLogDensity;
    private int _numberOfScoreCalls;

    internal IndependentNormalsTransformer(
        IHost host, string featureColumnName, bool isSingle, int rowsPerBlock, bool hasLogDensity, IReadOnlyList<(double Mean, double StandardDeviation)> model)
        : base(host)
    {
        FeatureColumnName = featureColumnName;
        _isSingle = isSingle;
        RowsPerBlock = rowsPerBlock;
        _hasLogDensity = hasLogDensity;
        Model = model;
        Columns = Describe(model.Count, hasLogDensity);
    }

    public IReadOnlyList<(double Mean, double StandardDeviation)> Model { get; }

    public string FeatureColumnName { get; }

    public DataViewType FeatureColumnType => new VectorDataViewType(_isSingle ? NumberDataViewType.Single : NumberDataViewType.Double, Model.Count);

    public string? LogDensityColumnName => _hasLogDensity ? OutputColumn.LogDensity : null;

    /// <summary>How often a block was scored, by all cursors together.</summary>
    public int NumberOfScoreCalls => _numberOfScoreCalls;

    protected override int RowsPerBlock { get; }

    protected override IReadOnlyList<OutputColumn> Columns { get; }

    protected override ModelFormat Format => FormatOfFiles;

    private static ModelFormat FormatOfFiles { get; } = new(
        "INDNORML", LoaderSignature, Written: 0x00010001, Readable: 0x00010001, Oldest: 0x00010001, typeof(IndependentNormalsTransformer));

    public ILogDensityTransformer WithLogDensity() => _hasLogDensity ? this : new IndependentNormalsTransformer(Host, FeatureColumnName, _isSingle, RowsPerBlock, true, Model);

    /// <summary>The same model with blocks of another size.</summary>
    public IndependentNormalsTransformer WithRowsPerBlock(int rowsPerBlock) => new(Host, FeatureColumnName, _isSingle, rowsPerBlock, _hasLogDensity, Model);

    public IDataView Sample(int count, int? seed = null)
    {
        var random = new Random(seed ?? NextSeed());
        double[][] rows = [.. Enumerable.Range(0, count).Select(_ => Model.Select(normal => normal.Mean + normal.StandardDeviation * Draw(random)).ToArray())];
        return SampledRows.Create(Host, TrainedFeatures.Of(FeatureColumnName, _isSingle, slotNames: null), Model.Count, rows);
    }

    protected override IReadOnlyList<DataViewSchema.Column> FindInputs(DataViewSchema schema) => [FeatureColumn.Find(Host, schema, FeatureColumnName, Model.Count)];

    protected override RowScorer CreateScorer(DataViewRow input) => new IndependentNormalsScorer(
        Model, input, FeatureColumn.Find(Host, input.Schema, FeatureColumnName, Model.Count), RowsPerBlock, () => Interlocked.Increment(ref _numberOfScoreCalls));

    protected override void WritePayload(BinaryWriter writer)
    {
        // string: feature column; bool: whether Single; int: rows per block; bool: whether LogDensity is produced; int: dimension; (double, double)[]: mean, standard deviation
        writer.Write(FeatureColumnName);
        writer.Write(_isSingle);
        writer.Write(RowsPerBlock);
        writer.Write(_hasLogDensity);
        writer.Write(Model.Count);
        foreach ((double mean, double standardDeviation) in Model)
        {
            writer.Write(mean);
            writer.Write(standardDeviation);
        }
    }

    internal static IReadOnlyList<OutputColumn> Describe(int dimension, bool hasLogDensity)
    {
        const string task = nameof(IndependentNormalsTransformer);
        List<OutputColumn> columns =
        [
            new("Sum", NumberDataViewType.Single, task, OutputColumn.Score),
            new("Squares", new VectorDataViewType(NumberDataViewType.Single, dimension), task, OutputColumn.Score),
        ];
        if (hasLogDensity)
            columns.Add(new OutputColumn(OutputColumn.LogDensity, NumberDataViewType.Single, task, OutputColumn.LogDensity));
        return columns;
    }

    internal static IndependentNormalsTransformer Create(IHostEnvironment env, ModelLoadContext ctx) =>
        ReadModel(env, ctx, FormatOfFiles, (host, reader) =>
        {
            string featureColumnName = reader.ReadString();
            bool isSingle = reader.ReadBoolean();
            int rowsPerBlock = reader.ReadInt32();
            reader.Check(rowsPerBlock > 0, $"the number of rows per block is {rowsPerBlock}");
            bool hasLogDensity = reader.ReadBoolean();
            double[] numbers = reader.ReadFinite(2L * reader.ReadSize(1, "the dimension"), "the model");
            return new IndependentNormalsTransformer(
                host, featureColumnName, isSingle, rowsPerBlock, hasLogDensity, [.. numbers.Chunk(2).Select(normal => (normal[0], normal[1]))]);
        });

    internal static IRowMapper Create(IHostEnvironment env, ModelLoadContext ctx, DataViewSchema inputSchema) => Create(env, ctx).MakeRowMapper(inputSchema);

    // Box and Muller.
    private static double Draw(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
