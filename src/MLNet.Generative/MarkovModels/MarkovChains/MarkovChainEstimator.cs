using Microsoft.ML;

namespace MLNet.Generative;

/// <summary>Learns a Markov chain of order n by counting, and predicts, scores and samples sequences of symbols with it.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// To create this estimator, use `mlContext.Transforms.MarkovChain(...)`.
///
/// ### Input and output columns
/// Every row is a sequence. The input column is a vector of variable size of keys, such as `MapValueToKey` makes of texts, or of `Single` or `Double` with whole numbers from 0. The
/// output columns are:
///
/// | Output column | Type | Description |
/// | -- | -- | -- |
/// | `PredictedLabel` | key, 1 to M | The most probable symbol after the sequence, the first of several; with the texts of the input's keys, or the numbers. |
/// | `Probability` | vector of `Single`, M | The probability of each symbol to come next; sums to 1. |
/// | `LogDensity` | `Single` | log p(sequence), in nats. |
/// | on request, `ScoreColumnName` | `Single` | −log p(sequence) per step, in nats: **higher is stranger**. |
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
/// One pass counts how often each symbol follows each history of n symbols (Anderson and Goodman 1957). P(symbol | history) = (c + a) / (C + a M), with count c, count C of the history,
/// alphabet M and pseudo-count a, 0 by default: then it is the maximum of the likelihood. The first n symbols are counted after the start of their sequence. Only histories that
/// occur take memory. With back-off, a history that never occurred is replaced by its longest end that did. Training sequences are complete; empty ones are left out, with a warning.
///
/// ### Scoring function
/// log p(x_1 … x_T) = Σ_t log P(x_t | history). A sequence with a transition that has probability 0 gets the lowest finite log-density. An empty one has log-density 0, and as its
/// prediction how sequences start. One with a missing symbol, or one outside the alphabet, gets a missing label, uniform probabilities and the lowest finite log-density.
/// ]]></format>
/// </remarks>
public sealed partial class MarkovChainEstimator : IEstimator<MarkovChainTransformer>, IWeightedEstimator
{
    private readonly TrainingHost _host;
    private readonly Options _options;

    internal MarkovChainEstimator(TrainingHost host, Options options)
    {
        _host = host;
        _options = options.Checked();
    }

    string? IWeightedEstimator.ExampleWeightColumnName => _options.ExampleWeightColumnName;

    /// <summary>Learns the chain.</summary>
    /// <param name="input">The training data.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentException">No sequence is longer than the order, all weights are 0, or the number of symbols is not that of the keys.</exception>
    /// <exception cref="InvalidOperationException">
    /// There are no sequences, a symbol is missing, no whole number or outside the alphabet, or a weight is negative or not finite.
    /// </exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public MarkovChainTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        CheckShape(TrainingHost.ToShape(input.Schema));
        return _host.Train(channel =>
        {
            SymbolSequences sequences = SymbolRows.Read(channel, input, _options, out TrainedSequences column);
            return Fit(channel, sequences, column, _options);
        });
    }

    /// <summary>The columns that the fitted transformer will produce.</summary>
    /// <param name="inputSchema">The shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column input = CheckShape(inputSchema);
        return OutputColumn.Append(inputSchema, MarkovChainColumns.Promise(_options, hasTexts: !input.IsKey || TrainedSequences.HasKeyValues(input)));
    }

    /// <summary>Compares the orders up to the one in the options, and fits the best.</summary>
    internal MarkovChainSelection Select(IDataView input, InformationCriterion criterion)
    {
        CheckShape(TrainingHost.ToShape(input.Schema));
        return _host.Train(channel =>
        {
            SymbolSequences sequences = SymbolRows.Read(channel, input, _options, out TrainedSequences column);
            IReadOnlyList<MarkovChainCandidate> table = MarkovChainLearner.CompareOrders(sequences, _options);
            MarkovChainCandidate best = table.MinBy(candidate => candidate.Get(criterion))!;
            var selection = new MarkovChainSelection(table, criterion, best.Order, Fit(channel, sequences, column, _options.WithOrder(best.Order)));
            channel.Info(selection.ToString());
            return selection;
        });
    }

    private MarkovChainTransformer Fit(TrainingChannel channel, SymbolSequences sequences, TrainedSequences column, Options options)
    {
        MarkovChainFit fit = MarkovChainLearner.Fit(sequences, options);
        channel.Info($"Markov chain of order {fit.Model.Order} over {fit.Model.NumberOfSymbols} symbols: {fit.Summary}");
        foreach (string note in fit.Summary.Notes)
            channel.Warning(note);
        int sampleLength = options.SampleLength ?? Math.Max(1, (int)Math.Round(sequences.TotalLength / sequences.TotalWeight));
        return new MarkovChainTransformer(_host.ForTransformer(nameof(MarkovChainTransformer)), MarkovChainColumns.From(options, column), fit.Model, fit.Summary, sampleLength);
    }

    private SchemaShape.Column CheckShape(SchemaShape schema)
    {
        if (_options.ExampleWeightColumnName is { } weight)
            FeatureColumn.CheckWeightShape(_host.Host, schema, weight);
        return SequenceColumn.CheckShape(_host.Host, schema, _options.InputColumnName, SequenceItems.All);
    }
}
