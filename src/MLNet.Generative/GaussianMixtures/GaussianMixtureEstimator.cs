using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace MLNet.Generative;

/// <summary>Learns a Gaussian mixture by expectation-maximisation, and clusters, scores and samples with it.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.Clustering.Trainers.GaussianMixture(...)`.
///
/// ### Input and output columns
/// The feature column is a vector of known size of `Single` or `Double`; nothing is rounded on the way to the learner. The output columns are:
///
/// | Output column | Type | Description |
/// | -- | -- | -- |
/// | `PredictedLabel` | key, 1 to K | The most probable component. |
/// | `Score` | vector of `Single`, K | −log(π_k N(x; μ_k, Σ_k)) of each component: **lower is closer**. |
/// | `Probability` | vector of `Single`, K | The posterior probability of each component; sums to 1. |
/// | `LogDensity` | `Single` | log p(x), in nats. |
///
/// ### Trainer characteristics
/// | | |
/// | -- | -- |
/// | Machine learning task | Clustering |
/// | Is normalization required? | No |
/// | Is caching required? | No: the data are read once |
/// | Required NuGet in addition to Microsoft.ML | MLNet.Generative |
///
/// ### Training algorithm details
/// Expectation-maximisation (Dempster, Laird and Rubin 1977; Bishop 2006, section 9.2.2) alternates between the responsibilities
/// r_nk = π_k N(x_n; μ_k, Σ_k) / Σ_j π_j N(x_n; μ_j, Σ_j) and the parameters that fit them best: for the covariances those of Celeux and Govaert (1995), with common axes
/// those of Browne and McNicholas (2014), of which the M-step finds the maximum by rotations. The log-likelihood never falls. It starts from k-means on standardised features,
/// or as `Initialization` says; with few rows a richer covariance type also starts from the fits of the simpler ones nested in it. No covariance falls below 1e-6 of the data's
/// variance, so that a component never collapses onto a point. A feature that has one value in all rows lies outside the structure (but for EII and VII).
/// Rows with a missing feature are skipped in training, with a warning; when scoring they are marginalised: the density is that of the features present.
///
/// ### Scoring function
/// p(x) = Σ_k π_k N(x; μ_k, Σ_k). A row with an infinite feature gets a missing label, uniform probabilities and the lowest finite log-density.
/// ]]></format>
/// </remarks>
public sealed partial class GaussianMixtureEstimator : ITrainerEstimator<GaussianMixtureTransformer, GaussianMixtureModel>, IWeightedEstimator
{
    private readonly TrainingHost _host;
    private readonly Options _options;
    private readonly int _seed;

    internal GaussianMixtureEstimator(TrainingHost host, Options options)
    {
        _host = host;
        _options = options.Checked();
        _seed = host.GetSeed(_options.Seed);
    }

    /// <summary>What the trainer needs of its input.</summary>
    public TrainerInfo Info { get; } = TrainingHost.Info(normalization: false, caching: false);

    string? IWeightedEstimator.ExampleWeightColumnName => _options.ExampleWeightColumnName;

    /// <summary>Learns the mixture.</summary>
    /// <param name="input">The training data.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// There are fewer distinct rows than components, all weights are 0, values are too large to square, or the initial model has another number of features.
    /// </exception>
    /// <exception cref="InvalidOperationException">There are no complete rows, a feature is infinite, or a weight is negative or not finite.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public GaussianMixtureTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckShape(TrainingHost.ToShape(input.Schema));
        return _host.Train(channel =>
        {
            FeatureRows rows = FeatureRows.Read(channel, input, _options.FeatureColumnName, _options.ExampleWeightColumnName, MissingValues.Skip, _options.CancellationToken);
            GaussianMixtureFit fit = GaussianMixtureLearner.Fit(
                new WeightedRows(rows.Values, rows.Dimension, rows.Weights),
                _options,
                _seed,
                rows.IsSingle ? InputPrecision.Single : InputPrecision.Double,
                progress => channel.Report(progress, _options.Progress));

            channel.Info($"{_options.CovarianceType.ToLetters(rows.Dimension)}, {_options.NumberOfComponents} components: {fit.Summary}");
            foreach (string note in fit.Summary.Notes)
                channel.Warning(note);
            return new GaussianMixtureTransformer(_host.ForTransformer(nameof(GaussianMixtureTransformer)), GaussianMixtureColumns.From(_options, rows), fit.Model, fit.Summary);
        });
    }

    /// <summary>The columns that the fitted transformer will produce.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        CheckShape(inputSchema);
        return OutputColumn.Append(inputSchema, GaussianMixtureColumns.Describe(_options, _options.NumberOfComponents));
    }

    private void CheckShape(SchemaShape schema)
    {
        FeatureColumn.CheckShape(_host.Host, schema, _options.FeatureColumnName);
        if (_options.ExampleWeightColumnName is { } weight)
            FeatureColumn.CheckWeightShape(_host.Host, schema, weight);
    }
}
