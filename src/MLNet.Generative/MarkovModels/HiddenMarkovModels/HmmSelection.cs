using System.Globalization;
using System.Text;

namespace MLNet.Generative;

/// <summary>One line of a <see cref="HmmSelection{TFit}"/>: a number of states and how well the best model with so many fits.</summary>
/// <param name="NumberOfStates">K.</param>
/// <param name="Summary">How the model fits; <see langword="null"/> if none could be fitted.</param>
/// <param name="Problem">Why none could be fitted; <see langword="null"/> if one was.</param>
public sealed record HmmSelectionRow(int NumberOfStates, FitSummary? Summary, string? Problem);

/// <summary>Models with several numbers of states, fitted to the same sequences, and the best of them.</summary>
/// <typeparam name="TFit">What a fit is: a <see cref="HmmTransformer"/> or a <see cref="HmmFit"/>.</typeparam>
public sealed class HmmSelection<TFit>
    where TFit : class
{
    private readonly int _bestRow;

    internal HmmSelection(IReadOnlyList<HmmSelectionRow> table, InformationCriterion criterion, TFit best, int bestRow)
    {
        Table = table;
        Criterion = criterion;
        Best = best;
        BestNumberOfStates = table[bestRow].NumberOfStates;
        _bestRow = bestRow;
    }

    /// <summary>One row for each number of states, in the order in which they were given.</summary>
    public IReadOnlyList<HmmSelectionRow> Table { get; }

    /// <summary>What decided.</summary>
    public InformationCriterion Criterion { get; }

    /// <summary>The model with the smallest criterion among those that are not degenerate, or among all if all are.</summary>
    public TFit Best { get; }

    /// <summary>Its number of states.</summary>
    public int BestNumberOfStates { get; }

    /// <summary>The table as text; a star marks the best.</summary>
    public override string ToString()
    {
        // AIC and BIC are always there; another criterion, if it decided.
        bool hasOwnColumn = Criterion is InformationCriterion.Aicc or InformationCriterion.Icl;
        var text = new StringBuilder("states  log-likelihood  parameters         AIC         BIC");
        if (hasOwnColumn)
            text.Append(CultureInfo.InvariantCulture, $"  {Criterion.ToLetters(),10}");
        for (int i = 0; i < Table.Count; i++)
        {
            HmmSelectionRow row = Table[i];
            text.AppendLine();
            if (row.Summary is { } summary)
                text.Append(CultureInfo.InvariantCulture, $"{row.NumberOfStates,6}  {summary.LogLikelihood,14:f4}  {summary.NumberOfParameters,10}  {summary.Aic,10:f4}  {summary.Bic,10:f4}{(hasOwnColumn ? string.Create(CultureInfo.InvariantCulture, $"  {summary.Get(Criterion),10:f4}") : "")}{(i == _bestRow ? "  *" : "")}{(summary.IsDegenerate ? "  degenerate" : "")}");
            else
                text.Append(CultureInfo.InvariantCulture, $"{row.NumberOfStates,6}  {row.Problem}");
        }
        return text.ToString();
    }
}

/// <summary>Fits one number of states after the other.</summary>
internal static class HmmSelection
{
    /// <summary>Fits and compares.</summary>
    /// <param name="options">How to learn.</param>
    /// <param name="numbersOfStates">K of each model.</param>
    /// <param name="criterion">What decides.</param>
    /// <param name="fit">Learns a model.</param>
    /// <param name="summaryOf">How it fits.</param>
    public static HmmSelection<TFit> Of<TFit>(
        HmmEstimator.Options options, IReadOnlyList<int> numbersOfStates, InformationCriterion criterion, Func<HmmEstimator.Options, TFit> fit, Func<TFit, FitSummary> summaryOf)
        where TFit : class
    {
        Check(options, numbersOfStates, criterion);
        var table = new List<HmmSelectionRow>();
        var fits = new List<TFit?>();
        foreach (int states in numbersOfStates)
        {
            try
            {
                TFit candidate = fit(options.With(copy => copy.NumberOfStates = states));
                fits.Add(candidate);
                table.Add(new HmmSelectionRow(states, summaryOf(candidate), null));
            }
            catch (ArgumentException problem) when (states > numbersOfStates.Min())
            {
                // More states than the data can hold: the smaller models stand. What is wrong with the data themselves, the smallest tells.
                fits.Add(null);
                table.Add(new HmmSelectionRow(states, null, problem.Message.Split(" (Parameter")[0]));
            }
        }

        int[] fitted = [.. Enumerable.Range(0, table.Count).Where(row => fits[row] is not null)];
        int[] honest = [.. fitted.Where(row => !table[row].Summary!.IsDegenerate)];
        int best = (honest.Length > 0 ? honest : fitted).MinBy(row => table[row].Summary!.Get(criterion));
        return new HmmSelection<TFit>(table, criterion, fits[best]!, best);
    }

    private static void Check(HmmEstimator.Options options, IReadOnlyList<int> numbersOfStates, InformationCriterion criterion)
    {
        ArgumentNullException.ThrowIfNull(numbersOfStates);
        OptionChecks.Defined(criterion, nameof(criterion));
        if (numbersOfStates.Count == 0)
            throw new ArgumentException("There are no numbers of states to compare. Give at least one.", nameof(numbersOfStates));
        foreach (int states in numbersOfStates)
            OptionChecks.AtLeastOne(states, nameof(numbersOfStates));
        if (options.InitialModel is not null)
            throw new ArgumentException($"{nameof(options.InitialModel)} has one number of states; leave it out to compare several.", nameof(options));
    }
}
