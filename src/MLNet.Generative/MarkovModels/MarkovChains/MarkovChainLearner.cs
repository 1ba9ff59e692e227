using System.Globalization;

namespace MLNet.Generative;

/// <summary>A fitted chain and how it fits.</summary>
/// <param name="Model">The chain.</param>
/// <param name="Summary">Its log-likelihood and information criteria.</param>
public sealed record MarkovChainFit(MarkovChainModel Model, MarkovChainSummary Summary);

/// <summary>
/// Learns a Markov chain of order n by counting (Anderson and Goodman 1957): arrays in, model out. No <c>MLContext</c> is needed. Time grows with the number of symbols, memory with
/// the number of different transitions that are seen, never with M^n.
/// </summary>
public static class MarkovChainLearner
{
    /// <summary>Fits a chain: by maximum likelihood, or with <see cref="MarkovChainEstimator.Options.Smoothing"/> its mean under equal Dirichlet priors.</summary>
    /// <param name="sequences">The sequences of symbols, numbers from 0. Empty ones do not count.</param>
    /// <param name="options">How to learn. Column names are ignored.</param>
    /// <param name="weights">A weight for each sequence, finite and not negative; a weight of 2 counts as two equal sequences. <see langword="null"/> for weights of 1.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">The sequences or weights are not as described, or no sequence is longer than the order.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static MarkovChainFit Fit(IReadOnlyList<int[]> sequences, MarkovChainEstimator.Options options, IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options.Checked();
        return Fit(SymbolSequences.Of(sequences, weights, options.NumberOfSymbols), options);
    }

    /// <summary>
    /// Fits chains of order 0 to a maximum and compares them on the same symbols: those after the first <paramref name="maximumOrder"/> of each sequence, given what comes before.
    /// </summary>
    /// <param name="sequences">The sequences of symbols, numbers from 0.</param>
    /// <param name="options">How to learn. Column names and the order are ignored, and back-off, which changes nothing for histories that were seen.</param>
    /// <param name="maximumOrder">The highest order: not negative.</param>
    /// <param name="weights">A weight for each sequence, finite and not negative. <see langword="null"/> for weights of 1.</param>
    /// <returns>A candidate for each order, from 0.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option or the maximum is out of range.</exception>
    /// <exception cref="ArgumentException">The sequences or weights are not as described, or no sequence is longer than the maximum.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static IReadOnlyList<MarkovChainCandidate> CompareOrders(
        IReadOnlyList<int[]> sequences, MarkovChainEstimator.Options options, int maximumOrder, IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options.WithOrder(maximumOrder).Checked();
        return CompareOrders(SymbolSequences.Of(sequences, weights, options.NumberOfSymbols), options);
    }

    internal static MarkovChainFit Fit(SymbolSequences sequences, MarkovChainEstimator.Options options)
    {
        TransitionCounts counts = Count(sequences, options);
        var model = new MarkovChainModel(counts, options.Smoothing, options.BackOff, options.MinimumCount);
        double logLikelihood = counts.Starts.Append(counts.Inner).Sum(table => LogLikelihood(model, table));
        return new MarkovChainFit(model, Summarize(model, logLikelihood, sequences));
    }

    /// <summary>Compares the orders from 0 to the one in the options.</summary>
    internal static IReadOnlyList<MarkovChainCandidate> CompareOrders(SymbolSequences sequences, MarkovChainEstimator.Options options)
    {
        HistoryTable table = Count(sequences, options).Inner;
        double observations = table.Sum();
        var candidates = new MarkovChainCandidate[options.Order + 1];
        for (int order = options.Order; order >= 0; order--)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            // No starts: every symbol that is compared has all of its history.
            var model = new MarkovChainModel(new TransitionCounts(new SymbolCode(sequences.NumberOfSymbols), [], table), options.Smoothing, backOff: false, minimumCount: 0);
            candidates[order] = new MarkovChainCandidate(
                order, LogLikelihood(model, table), observations, model.NumberOfParameters, table.Count, table.NumberOfTransitions);
            if (order > 0)
                table = table.Shorten(null);
        }
        return candidates;
    }

    /// <summary>One pass: every symbol is counted after the n before it, or after the start of its sequence.</summary>
    private static TransitionCounts Count(SymbolSequences sequences, MarkovChainEstimator.Options options)
    {
        int order = options.Order;
        var code = new SymbolCode(sequences.NumberOfSymbols);
        CheckOrder(sequences, order, code);
        TransitionCounter[] starts = [.. Enumerable.Range(0, order).Select(length => new TransitionCounter(code, length))];
        var inner = new TransitionCounter(code, order);
        for (int n = 0; n < sequences.Count; n++)
        {
            options.CancellationToken.ThrowIfCancellationRequested();
            double weight = sequences.Weight(n);
            if (weight == 0)
                continue;
            UInt128 history = UInt128.Zero;
            ReadOnlySpan<int> sequence = sequences[n];
            for (int t = 0; t < sequence.Length; t++)
            {
                UInt128 transition = code.Append(history, sequence[t]);
                (t < order ? starts[t] : inner).Add(transition, weight);
                history = code.Suffix(transition, Math.Min(t + 1, order));
            }
        }
        return new TransitionCounts(code, Array.ConvertAll(starts, counter => counter.ToTable()), inner.ToTable());
    }

    private static double LogLikelihood(MarkovChainModel model, HistoryTable table)
    {
        double sum = 0;
        for (int place = 0; place < table.Count; place++)
        {
            NextSymbols next = model.After(table.History(place), table.Length);
            ReadOnlySpan<int> symbols = table.Symbols(place);
            ReadOnlySpan<double> counts = table.Counts(place);
            for (int i = 0; i < symbols.Length; i++)
                sum += counts[i] * next.LogProbability(symbols[i]);
        }
        return sum;
    }

    private static MarkovChainSummary Summarize(MarkovChainModel model, double logLikelihood, SymbolSequences sequences)
    {
        var notes = new List<string>();
        if (model.NumberOfParameters > sequences.TotalLength)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"Order {model.Order} over {model.NumberOfSymbols} symbols has {model.NumberOfParameters:g6} transition probabilities, more than the {sequences.TotalLength:g6} symbols to learn them from. For sequences not seen in training lower the {nameof(MarkovChainEstimator.Options.Order)}, or set {nameof(MarkovChainEstimator.Options.BackOff)} and {nameof(MarkovChainEstimator.Options.Smoothing)}."));
        return new MarkovChainSummary(
            logLikelihood, sequences.TotalLength, model.NumberOfParameters, model.NumberOfObservedHistories, model.NumberOfObservedTransitions, notes);
    }

    private static void CheckOrder(SymbolSequences sequences, int order, SymbolCode code)
    {
        if (order >= sequences.LongestLength)
            throw new ArgumentException($"Order {order} needs a sequence of at least {order + 1L} symbols; the longest has {sequences.LongestLength}. Lower the order to at most {sequences.LongestLength - 1}, or give longer sequences.", nameof(sequences));
        if (order > code.LongestHistory)
            throw new ArgumentException($"Histories of {order} out of {code.NumberOfSymbols} symbols do not fit into 128 bits. Lower the order to at most {code.LongestHistory}.", nameof(order));
    }
}
