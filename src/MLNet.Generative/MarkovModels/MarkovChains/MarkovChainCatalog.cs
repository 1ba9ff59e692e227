using MLNet.Generative;

namespace Microsoft.ML;

/// <summary>Extension methods that create Markov chains.</summary>
public static class MarkovChainCatalog
{
    /// <summary>Creates a <see cref="MarkovChainEstimator"/>, which learns what symbol follows which, predicts the next one, scores sequences and draws new ones.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="inputColumnName">
    /// The column of sequences, one in each row: a vector of variable size of keys, or of <see cref="float"/> or <see cref="double"/> with whole numbers from 0.
    /// </param>
    /// <param name="order">The number of symbols that the next one depends on: not negative.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Text.TokenizeIntoWords("Words", "Text")
    ///     .Append(mlContext.Transforms.Conversion.MapValueToKey("Words"))
    ///     .Append(mlContext.Transforms.MarkovChain("Words", order: 2));
    /// </code>
    /// </example>
    public static MarkovChainEstimator MarkovChain(
        this TransformsCatalog catalog,
        string inputColumnName = MarkovChainEstimator.Options.Defaults.InputColumnName,
        int order = MarkovChainEstimator.Options.Defaults.Order) =>
        MarkovChain(catalog, new MarkovChainEstimator.Options { InputColumnName = inputColumnName, Order = order });

    /// <summary>Creates a <see cref="MarkovChainEstimator"/> with advanced options.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">The options; later changes to them have no effect.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static MarkovChainEstimator MarkovChain(this TransformsCatalog catalog, MarkovChainEstimator.Options options)
    {
        TrainingHost host = TrainingHost.Of(catalog, nameof(MarkovChainEstimator));
        ArgumentNullException.ThrowIfNull(options);
        return new MarkovChainEstimator(host, options);
    }

    /// <summary>Compares Markov chains of order 0 to a maximum on the same symbols, and fits the best.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="data">The training data.</param>
    /// <param name="inputColumnName">
    /// The column of sequences, one in each row: a vector of variable size of keys, or of <see cref="float"/> or <see cref="double"/> with whole numbers from 0.
    /// </param>
    /// <param name="maximumOrder">The highest order: not negative. The first symbols of each sequence, as many, are given and not compared.</param>
    /// <param name="criterion">What decides.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A parameter is out of range, a column is missing or has the wrong type, or no sequence is longer than the maximum order.</exception>
    /// <exception cref="InvalidOperationException">There are no sequences, or a symbol is missing, or no whole number.</exception>
    public static MarkovChainSelection SelectMarkovChain(
        this TransformsCatalog catalog,
        IDataView data,
        string inputColumnName = MarkovChainEstimator.Options.Defaults.InputColumnName,
        int maximumOrder = MarkovChainEstimator.Options.Defaults.MaximumOrder,
        InformationCriterion criterion = InformationCriterion.Bic) =>
        SelectMarkovChain(catalog, data, new MarkovChainEstimator.Options { InputColumnName = inputColumnName }, maximumOrder, criterion);

    /// <summary>Compares Markov chains of order 0 to a maximum on the same symbols, with advanced options, and fits the best.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="data">The training data.</param>
    /// <param name="options">The options for every order. Their order plays no part; back-off only in the chain that is chosen.</param>
    /// <param name="maximumOrder">The highest order: not negative. The first symbols of each sequence, as many, are given and not compared.</param>
    /// <param name="criterion">What decides.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range, a column is missing or has the wrong type, or no sequence is longer than the maximum order.</exception>
    /// <exception cref="InvalidOperationException">There are no sequences, a symbol is missing, no whole number or outside the alphabet, or a weight is negative or not finite.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static MarkovChainSelection SelectMarkovChain(
        this TransformsCatalog catalog,
        IDataView data,
        MarkovChainEstimator.Options options,
        int maximumOrder = MarkovChainEstimator.Options.Defaults.MaximumOrder,
        InformationCriterion criterion = InformationCriterion.Bic)
    {
        TrainingHost host = TrainingHost.Of(catalog, nameof(MarkovChainEstimator));
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        OptionChecks.Defined(criterion, nameof(criterion));
        return new MarkovChainEstimator(host, options.WithOrder(maximumOrder)).Select(data, criterion);
    }
}
