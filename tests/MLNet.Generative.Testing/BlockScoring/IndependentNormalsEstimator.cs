using Microsoft.ML;

namespace MLNet.Generative.Testing;

/// <summary>
/// A small density that scores rows in blocks: each feature has a normal distribution of its own. It is written as the author of another package would write it, with
/// nothing but what this family's first package shows to all.
/// </summary>
public sealed class IndependentNormalsEstimator : IEstimator<IndependentNormalsTransformer>
{
    private readonly TrainingHost _host;
    private readonly Options _options;

    /// <summary>Makes an estimator.</summary>
    public IndependentNormalsEstimator(MLContext context, Options options)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        OptionChecks.AtLeastOne(options.RowsPerBlock, nameof(Options.RowsPerBlock));
        OptionChecks.ColumnName(options.FeatureColumnName, nameof(Options.FeatureColumnName));
        _host = TrainingHost.Of(context.Transforms, nameof(IndependentNormalsEstimator));
        _options = options;
    }

    /// <summary>Learns means and standard deviations.</summary>
    public IndependentNormalsTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return _host.Train(channel =>
        {
            FeatureRows rows = FeatureRows.Read(channel, input, _options.FeatureColumnName, null, MissingValues.Skip, CancellationToken.None);
            (double Mean, double StandardDeviation)[] normals = [.. Enumerable.Range(0, rows.Dimension).Select(j => Learn(rows, j))];
            channel.Report(new Progress(rows.Values.Length / rows.Dimension), null);
            return new IndependentNormalsTransformer(
                _host.ForTransformer(nameof(IndependentNormalsTransformer)), _options.FeatureColumnName, rows.IsSingle, _options.RowsPerBlock, _options.HasLogDensity, normals);
        });
    }

    /// <summary>The columns that the fitted transformer will produce.</summary>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        FeatureColumn.CheckShape(_host.Host, inputSchema, _options.FeatureColumnName);
        return OutputColumn.Append(inputSchema, IndependentNormalsTransformer.Describe(dimension: 1, _options.HasLogDensity));
    }

    private static (double Mean, double StandardDeviation) Learn(FeatureRows rows, int j)
    {
        double[] values = [.. Enumerable.Range(0, rows.Values.Length / rows.Dimension).Select(n => rows.Values.Span[n * rows.Dimension + j])];
        double mean = values.Average();
        return (mean, Math.Sqrt(Math.Max(1e-6, values.Average(value => (value - mean) * (value - mean)))));
    }

    /// <summary>What the user says.</summary>
    public sealed record Options
    {
        public string FeatureColumnName { get; init; } = "Features";

        public int RowsPerBlock { get; init; } = 7;

        public bool HasLogDensity { get; init; } = true;
    }

    private sealed class Progress(int numberOfRows) : TrainingProgress(1, 1, 1, 1, 0)
    {
        public override string ToString() => $"{base.ToString()} after {numberOfRows} rows";
    }
}
