using System.ComponentModel;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MLNet.Generative;

/// <summary>Makes an anomaly detector of any generative model: a row's score is −log p(x), and a threshold on it labels anomalies.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this trainer, use `mlContext.AnomalyDetection.Trainers.FromDensity(...)`, or the shorthand of a model such as
/// `mlContext.AnomalyDetection.Trainers.GaussianMixture(...)`.
///
/// ### Input and output columns
/// The input columns are those of the model. The output columns are:
///
/// | Output column | Type | Description |
/// | -- | -- | -- |
/// | `Score` | `Single` | −log p(x), in nats, of a sequence per step: **higher is stranger**. Always finite. |
/// | `PredictedLabel` | `Boolean` | Whether the score is above the threshold. |
///
/// ### Trainer characteristics
/// | | |
/// | -- | -- |
/// | Machine learning task | Anomaly detection |
/// | Is normalization required? | As the model requires |
/// | Is caching required? | The data are read twice: for the model and for the threshold |
/// | Required NuGet in addition to Microsoft.ML | MLNet.Generative |
///
/// ### Training algorithm details
/// The model is learned first. The threshold is the quantile of the training rows' scores at 1 − contamination, by linear interpolation between order
/// statistics (type 7 of Hyndman and Fan 1996, the default of R and NumPy); rows count by their weights, and rows with a missing feature and empty sequences do not count, as in the training. A flexible model on few rows scores rows that it
/// has not seen higher than those that it has: where that matters, take a quantile of the scores of normal rows kept aside, and `AnomalyTransformer.WithThreshold` gives a detector with that threshold.
/// ]]></format>
/// </remarks>
public sealed class AnomalyEstimator : ITrainerEstimator<AnomalyTransformer, IGenerativeTransformer>
{
    private readonly TrainingHost _host;
    private readonly IEstimator<IGenerativeTransformer> _density;
    private readonly Options _options;

    internal AnomalyEstimator(TrainingHost host, IEstimator<IGenerativeTransformer> density, Options options)
    {
        _host = host;
        _density = density;
        _options = options.Checked();
    }

    /// <summary>What the trainer needs of its input: what the model's trainer needs.</summary>
    public TrainerInfo Info => TrainingHost.Info(
        normalization: (_density as ITrainerEstimator<ISingleFeaturePredictionTransformer<object>, object>)?.Info.NeedNormalization ?? false,
        caching: true);

    /// <summary>Learns the model, and the threshold from its scores of the same data.</summary>
    /// <param name="input">The training data.</param>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentException">A column is missing or has the wrong type, or the model cannot be learned from the data.</exception>
    /// <exception cref="InvalidOperationException">The data have no rows that can be used, or the model's transformer has no column with its log-density.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public AnomalyTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        IGenerativeTransformer density = _density.Fit(input);
        if (density is ILogDensityTransformer optional)
            density = optional.WithLogDensity();
        var columns = new AnomalyColumns(_options.PredictedLabelColumnName, _options.ScoreColumnName);
        var unlabelled = new AnomalyTransformer(_host.ForTransformer(nameof(AnomalyTransformer)), density, columns, threshold: 0);

        List<(float Score, double Weight)> scores = ReadScores(unlabelled, input);
        if (scores.Count == 0)
            throw new InvalidOperationException($"None of the rows has a complete value in column '{unlabelled.FeatureColumnName}', so there is no score to take a threshold from.");
        return unlabelled.WithThreshold(WeightedQuantile.Of(scores, 1 - (double)_options.Contamination));
    }

    /// <summary>The columns that the fitted transformer will produce.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentException">A column that the model needs is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        _density.GetOutputSchema(inputSchema);
        return OutputColumn.Append(inputSchema, new AnomalyColumns(_options.PredictedLabelColumnName, _options.ScoreColumnName).Describe());
    }

    // Reads the input's cursor and not the transformed view's, where an output column may hide the weights.
    private List<(float Score, double Weight)> ReadScores(AnomalyTransformer detector, IDataView input)
    {
        IRowToRowMapper mapper = ((ITransformer)detector).GetRowToRowMapper(input.Schema);
        DataViewSchema.Column scoreColumn = mapper.OutputSchema[_options.ScoreColumnName];
        DataViewSchema.Column? weightColumn = (_density as IWeightedEstimator)?.ExampleWeightColumnName is { } name ? FeatureColumn.FindWeight(_host.Host, input.Schema, name) : null;
        DataViewSchema.Column? features = FeatureColumn.FindOrNull(input.Schema, detector.FeatureColumnName);

        List<DataViewSchema.Column> needed = [.. mapper.GetDependencies([scoreColumn])];
        if (weightColumn is not null)
            needed.Add(weightColumn.Value);
        using DataViewRowCursor cursor = LookAheadCursor.Over(_host.Host, input.GetRowCursor(needed), needed, detector.RowsPerBlock);
        using DataViewRow row = mapper.GetRow(cursor, [scoreColumn]);
        ValueGetter<float> getScore = row.GetGetter<float>(scoreColumn);
        ValueGetter<double>? getWeight = weightColumn is null ? null : FeatureColumn.CreateWeightGetter(cursor, weightColumn.Value);
        FeatureColumn.Reader? readFeatures = features is null || !cursor.IsColumnActive(features.Value) ? null : FeatureColumn.CreateReader(cursor, features.Value);
        var values = new double[features is null ? 0 : FeatureColumn.GetDimension(features.Value)];
        DataViewSchema.Column? sequences = input.Schema.GetColumnOrNull(detector.FeatureColumnName) is { } column && SequenceColumn.ItemsOf(column) != SequenceItems.None ? column : null;
        SequenceColumn.Reader? readSequence = sequences is null || !cursor.IsColumnActive(sequences.Value) ? null : SequenceColumn.CreateReader(cursor, sequences.Value);
        double[] steps = [];

        bool learnsFromIncomplete = detector.Model is ILogDensityTransformer { LearnsFromIncompleteRows: true };
        var scores = new List<(float, double)>();
        float score = 0;
        double weight = 1;
        while (cursor.MoveNext())
        {
            getScore(ref score);
            getWeight?.Invoke(ref weight);
            readFeatures?.Invoke(values);
            bool isEmpty = readSequence?.Invoke(ref steps) == 0;
            // Training has skipped empty sequences and rows without a feature, most models' those that lack one, and so does the threshold.
            bool isSkipped = isEmpty || (learnsFromIncomplete ? values.Length > 0 && Array.TrueForAll(values, double.IsNaN) : Array.Exists(values, double.IsNaN));
            if (weight > 0 && !isSkipped)
                scores.Add((score, weight));
        }
        return scores;
    }

    /// <summary>Options for <see cref="AnomalyEstimator"/>.</summary>
    public sealed class Options
    {
        /// <summary>The output column that tells whether a row is an anomaly.</summary>
        public string PredictedLabelColumnName = DefaultColumnNames.PredictedLabel;

        /// <summary>The output column of −log p(x): higher is stranger.</summary>
        public string ScoreColumnName = DefaultColumnNames.Score;

        /// <summary>The share of training rows that the threshold labels as anomalies: greater than 0, at most 0.5.</summary>
        public float Contamination = DefaultContamination;

        /// <summary>The default of <see cref="Contamination"/>, for the doors of other models.</summary>
        [EditorBrowsable(EditorBrowsableState.Never)]
        public const float DefaultContamination = 0.01f;

        /// <summary>A copy that later changes to this object do not reach, once every option is known to be in range.</summary>
        internal Options Checked()
        {
            OptionChecks.DistinctColumnNames(
                (PredictedLabelColumnName, nameof(PredictedLabelColumnName)),
                (ScoreColumnName, nameof(ScoreColumnName)));
            if (!(Contamination is > 0 and <= 0.5f))
                throw new ArgumentOutOfRangeException(nameof(Contamination), Contamination, $"{nameof(Contamination)} is {Contamination}; it must be greater than 0 and at most 0.5.");
            return (Options)MemberwiseClone();
        }
    }
}
