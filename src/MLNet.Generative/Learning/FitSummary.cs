using System.Globalization;
using System.Text;

namespace MLNet.Generative;

/// <summary>How a model fits its training data, and how the training went. Immutable.</summary>
/// <remarks>
/// The information criteria are on the scale −2 log L + penalty: smaller is better. n is the number of rows, or the sum of their weights; for sequences, the number of
/// their steps, each counted by the weight of its sequence.
/// </remarks>
public sealed class FitSummary
{
    internal FitSummary(
        double logLikelihood,
        double classificationLogLikelihood,
        int numberOfParameters,
        double totalWeight,
        IReadOnlyList<double> trace,
        StopReason stopReason,
        bool isDegenerate,
        IReadOnlyList<string> notes)
    {
        LogLikelihood = logLikelihood;
        ClassificationLogLikelihood = classificationLogLikelihood;
        NumberOfParameters = numberOfParameters;
        TotalWeight = totalWeight;
        LogLikelihoodTrace = trace;
        StopReason = stopReason;
        IsDegenerate = isDegenerate;
        Notes = notes;
    }

    /// <summary>The total log-likelihood log L of the training rows under the fitted model, in nats; each row counts by its weight.</summary>
    public double LogLikelihood { get; }

    /// <summary>
    /// log L + Σ_n w_n log max_k r_nk: the log-likelihood of the rows and of their most probable components together; for a hidden Markov model, of the sequences and their
    /// Viterbi paths.
    /// </summary>
    public double ClassificationLogLikelihood { get; }

    /// <summary>The log-likelihood of the starting point, then after every iteration; the last entry is <see cref="LogLikelihood"/>.</summary>
    public IReadOnlyList<double> LogLikelihoodTrace { get; }

    /// <summary>The number of updates of the parameters.</summary>
    public int NumberOfIterations => LogLikelihoodTrace.Count - 1;

    /// <summary>Whether the training ended because the log-likelihood no longer changed.</summary>
    public bool HasConverged => StopReason == StopReason.Converged;

    /// <summary>Why the training ended.</summary>
    public StopReason StopReason { get; }

    /// <summary>The number of free parameters of the model.</summary>
    public int NumberOfParameters { get; }

    /// <summary>n: the number of training rows, or the sum of their weights; for sequences, of their steps.</summary>
    public double TotalWeight { get; }

    /// <summary>Akaike's information criterion, −2 log L + 2 p (Akaike 1974).</summary>
    public double Aic => -2 * LogLikelihood + 2 * NumberOfParameters;

    /// <summary>Akaike's information criterion corrected for few data, AIC + 2 p (p + 1) / (n − p − 1) (Hurvich and Tsai 1989); +∞ where n ≤ p + 1.</summary>
    public double Aicc => Aic + SmallSampleCorrection.Of(NumberOfParameters, TotalWeight);

    /// <summary>The Bayesian information criterion, −2 log L + p log n (Schwarz 1978).</summary>
    public double Bic => -2 * LogLikelihood + NumberOfParameters * Math.Log(TotalWeight);

    /// <summary>
    /// The integrated complete-data likelihood criterion: −2 <see cref="ClassificationLogLikelihood"/> + p log n (Biernacki, Celeux and Govaert 2000).
    /// </summary>
    public double Icl => Bic - 2 * (ClassificationLogLikelihood - LogLikelihood);

    /// <summary>
    /// Whether the fit is degenerate, so that its likelihood says little: a component's covariance is less than 1e-4 of the data's in some direction,
    /// or it was re-seeded, or it holds fewer than D + 1 rows; or a hidden state is never visited. <see cref="Notes"/> says which.
    /// </summary>
    public bool IsDegenerate { get; }

    /// <summary>What is worth knowing about this fit: floored, re-seeded or light components, and falls of the objective. Empty if nothing is.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>One of the criteria.</summary>
    /// <param name="criterion">Which.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="criterion"/> is not one of the values of <see cref="InformationCriterion"/>.</exception>
    public double Get(InformationCriterion criterion)
    {
        OptionChecks.Defined(criterion, nameof(criterion));
        return criterion switch
        {
            InformationCriterion.Aic => Aic,
            InformationCriterion.Aicc => Aicc,
            InformationCriterion.Icl => Icl,
            _ => Bic,
        };
    }

    internal FitSummary WithNote(string note) =>
        new(LogLikelihood, ClassificationLogLikelihood, NumberOfParameters, TotalWeight, LogLikelihoodTrace, StopReason, IsDegenerate, [.. Notes, note]);

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"log-likelihood {LogLikelihood:f4}, BIC {Bic:f4}, AIC {Aic:f4}, ICL {Icl:f4}; {NumberOfIterations} iterations, {StopReason}");
        foreach (string note in Notes)
            text.AppendLine().Append("note: ").Append(note);
        return text.ToString();
    }
}
