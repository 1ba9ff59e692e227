using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>Learns a hidden Markov model λ = (π, A, B) from sequences by Baum-Welch, and labels the steps of sequences, scores and samples them with it.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator, use `mlContext.Transforms.Hmm(...)`.
///
/// ### Input and output columns
/// One row is one sequence. The input column is a vector of variable size of `Single` or `Double`: `[VectorType(0, D)] float[]`, step after step with D values each, or a plain
/// variable vector for one value per step; or, for categorical emissions, a variable vector of keys. `mlContext.Data.GroupSequences` makes such rows of long ones.
/// The output columns are:
///
/// | Output column | Type | Description |
/// | -- | -- | -- |
/// | `PredictedLabel` | variable vector of keys, 1 to K | The most probable path of states (Viterbi): a state for each step. |
/// | `Probability` | variable vector of `Single`, T × K | The posterior probability of each state at each step, given the whole sequence; each step's sum to 1. |
/// | `Score` | `Single` | −log p(x) per step: **higher is stranger**. |
/// | `LogDensity` | `Single` | log p(x) of the sequence, in nats. |
///
/// ### Estimator characteristics
/// | | |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | Yes |
/// | Is normalization required? | No |
/// | Is caching required? | No: the data are read once |
/// | Required NuGet in addition to Microsoft.ML | MLNet.Generative |
///
/// ### Training algorithm details
/// Baum-Welch (Rabiner 1989, section III.C) is expectation-maximisation: forward-backward gives the posterior of states and transitions, and these the parameters that fit them
/// best. The log-likelihood never falls, but for what `CovarianceRegularization` takes. By default it is maximum likelihood, without any prior; `HmmEstimator.Options.Prior` adds conjugate ones. Gaussian emissions keep a floor
/// of 1e-6 of the data's variance, so that no state collapses onto a point. Training sequences are complete; empty ones are left out, with a warning.
///
/// ### Scoring function
/// p(x) = Σ_paths π b(x_1) Π a b(x_t), with all normalising constants. A missing value (NaN, or a missing key) is integrated out. A sequence with a value that cannot be, a length
/// that is no multiple of D, or probability 0 gets missing labels, uniform probabilities, the lowest finite log-density and the highest finite score; an empty one a log-density
/// and a score of 0.
/// ]]></format>
/// </remarks>
public sealed partial class HmmEstimator : IEstimator<HmmTransformer>, IWeightedEstimator
{
    private readonly TrainingHost _host;
    private readonly Options _options;
    private readonly int _seed;

    internal HmmEstimator(TrainingHost host, Options options)
    {
        _host = host;
        _options = options.Checked();
        _seed = host.GetSeed(_options.Seed);
    }

    string? IWeightedEstimator.ExampleWeightColumnName => _options.ExampleWeightColumnName;

    private SequenceItems Allowed => _options.Emission == EmissionType.Categorical ? SequenceItems.All : SequenceItems.Numbers;

    /// <summary>Learns the model.</summary>
    /// <param name="input">The training data.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// A value is none that the emissions can produce, there are fewer steps than states, all weights are 0, or the initial model does not fit the data.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// There are no sequences, a length is no multiple of D, a value is missing or infinite, or a weight is negative or not finite.
    /// </exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public HmmTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckShape(TrainingHost.ToShape(input.Schema));
        return _host.Train(channel =>
        {
            SequenceRows rows = SequenceRows.Read(channel, input, _options.InputColumnName, _options.ExampleWeightColumnName, Allowed, _options.CancellationToken);
            return Fit(channel, rows, _options);
        });
    }

    /// <summary>The columns that the fitted transformer will produce.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        CheckShape(inputSchema);
        return OutputColumn.Append(inputSchema, HmmColumns.Describe(_options));
    }

    /// <summary>Learns models with several numbers of states from the same sequences.</summary>
    internal HmmSelection<HmmTransformer> Select(IDataView input, IReadOnlyList<int> numbersOfStates, InformationCriterion criterion)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckShape(TrainingHost.ToShape(input.Schema));
        return _host.Train(channel =>
        {
            SequenceRows rows = SequenceRows.Read(channel, input, _options.InputColumnName, _options.ExampleWeightColumnName, Allowed, _options.CancellationToken);
            HmmSelection<HmmTransformer> selection = HmmSelection.Of(_options, numbersOfStates, criterion, options => Fit(channel, rows, options), fitted => fitted.Summary);
            channel.Info(selection.ToString());
            return selection;
        });
    }

    private HmmTransformer Fit(TrainingChannel channel, SequenceRows rows, Options options)
    {
        options = WithSymbolsOf(rows.Column, options);
        var sequences = new SequenceSet(
            rows.Values, rows.Column.Dimension, rows.Starts, rows.Weights.Span, sequence => $"Row {rows.Rows[sequence]} of sequence column '{options.InputColumnName}'");
        InputPrecision precision = rows.Column.Items == SequenceItems.Singles ? InputPrecision.Single : InputPrecision.Double;
        HmmFit fit = HmmLearner.Fit(sequences, options, _seed, precision, progress => channel.Report(progress, options.Progress));

        channel.Info($"{fit.Model}: {fit.Summary}");
        foreach (string note in fit.Summary.Notes)
            channel.Warning(note);
        return new HmmTransformer(
            _host.ForTransformer(nameof(HmmTransformer)), HmmColumns.From(options, rows.Column), fit.Model, fit.Summary, options.SampleLength ?? MeanLength(sequences));
    }

    private static int MeanLength(SequenceSet sequences)
    {
        double total = 0;
        double weights = 0;
        for (int n = 0; n < sequences.Count; n++)
        {
            total += sequences.Weight(n) * sequences.Length(n);
            weights += sequences.Weight(n);
        }
        return Math.Max(1, (int)Math.Round(total / weights));
    }

    private static Options WithSymbolsOf(TrainedSequences column, Options options)
    {
        if (column.Items != SequenceItems.Keys)
            return options;
        if (options.NumberOfSymbols is { } given && given != column.KeyCount)
            throw new ArgumentException($"{nameof(options.NumberOfSymbols)}{(options.InitialModel is null ? "" : $" (of {nameof(options.InitialModel)})")} is {given}, but the keys in column '{column.ColumnName}' have {column.KeyCount} values. Leave the option out, or make the keys with as many values.");
        return options.With(copy => copy.NumberOfSymbols = column.KeyCount);
    }

    private void CheckShape(SchemaShape schema)
    {
        if (Allowed == SequenceItems.Numbers && schema.TryFindColumn(_options.InputColumnName, out SchemaShape.Column column) && column.IsKey)
            throw _host.Host.ExceptParam("inputSchema", $"Sequence column '{_options.InputColumnName}' holds keys, but {nameof(_options.Emission)} is {_options.Emission}. For keys set it to {EmissionType.Categorical}.");
        SequenceColumn.CheckShape(_host.Host, schema, _options.InputColumnName, Allowed);
        if (_options.ExampleWeightColumnName is { } weight)
            FeatureColumn.CheckWeightShape(_host.Host, schema, weight);
    }
}
