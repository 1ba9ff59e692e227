using System.Globalization;
using System.Text;

namespace MLNet.Generative;

/// <summary>How a Markov chain fits its training sequences. Immutable.</summary>
/// <remarks>The information criteria are on the scale −2 log L + penalty: smaller is better.</remarks>
public sealed class MarkovChainSummary
{
    internal MarkovChainSummary(
        double logLikelihood,
        double numberOfObservations,
        double numberOfParameters,
        int numberOfObservedHistories,
        int numberOfObservedTransitions,
        IReadOnlyList<string> notes)
    {
        LogLikelihood = logLikelihood;
        NumberOfObservations = numberOfObservations;
        NumberOfParameters = numberOfParameters;
        NumberOfObservedHistories = numberOfObservedHistories;
        NumberOfObservedTransitions = numberOfObservedTransitions;
        Notes = notes;
    }

    /// <summary>The total log-likelihood log L of the training sequences under the fitted model, in nats; each sequence counts by its weight.</summary>
    public double LogLikelihood { get; }

    /// <summary>N, the number of symbols in the training sequences, each by the weight of its sequence.</summary>
    public double NumberOfObservations { get; }

    /// <summary>p = M^n (M − 1), the number of free transition probabilities (Katz 1981), seen or not; how sequences start is not counted. To compare orders, use <c>MarkovChainLearner.CompareOrders</c>: it gives all the same symbols to explain.</summary>
    public double NumberOfParameters { get; }

    /// <summary>The number of different histories of n symbols that were seen with a symbol after them.</summary>
    public int NumberOfObservedHistories { get; }

    /// <summary>The number of different transitions that were seen.</summary>
    public int NumberOfObservedTransitions { get; }

    /// <summary>Akaike's information criterion, −2 log L + 2 p (Akaike 1974; for chains Tong 1975).</summary>
    public double Aic => -2 * LogLikelihood + 2 * NumberOfParameters;

    /// <summary>The Bayesian information criterion, −2 log L + p log N (Schwarz 1978; for chains Katz 1981).</summary>
    public double Bic => -2 * LogLikelihood + NumberOfParameters * Math.Log(NumberOfObservations);

    /// <summary>What is worth knowing about this fit. Empty if nothing is.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"log-likelihood {LogLikelihood:f4}, BIC {Bic:f4}, AIC {Aic:f4}; {NumberOfObservedTransitions} transitions seen after {NumberOfObservedHistories} histories, in {NumberOfObservations} symbols");
        foreach (string note in Notes)
            text.AppendLine().Append("note: ").Append(note);
        return text.ToString();
    }
}
