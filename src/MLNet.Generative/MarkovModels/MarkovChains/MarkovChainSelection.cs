using System.Globalization;
using System.Text;

namespace MLNet.Generative;

/// <summary>Markov chains of several orders, compared on the same symbols, and the best of them.</summary>
public sealed class MarkovChainSelection
{
    internal MarkovChainSelection(IReadOnlyList<MarkovChainCandidate> table, InformationCriterion criterion, int bestOrder, MarkovChainTransformer best)
    {
        Table = table;
        Criterion = criterion;
        BestOrder = bestOrder;
        Best = best;
    }

    /// <summary>A row for each order, from 0.</summary>
    public IReadOnlyList<MarkovChainCandidate> Table { get; }

    /// <summary>What decided.</summary>
    public InformationCriterion Criterion { get; }

    /// <summary>The order with the lowest criterion; the lower of two equal ones.</summary>
    public int BestOrder { get; }

    /// <summary>The chain of that order, fitted to all symbols, the first of each sequence too.</summary>
    public MarkovChainTransformer Best { get; }

    /// <summary>The table as text, a line for each order; a star marks the best.</summary>
    public override string ToString()
    {
        // AIC and BIC are always there, and the latter is the ICL.
        bool hasOwnColumn = Criterion == InformationCriterion.Aicc;
        string[] names = ["order", "log-likelihood", "parameters", "histories", "transitions", "AIC", "BIC", .. hasOwnColumn ? (string[])["AICc"] : []];
        List<string[]> lines = [names, .. Table.Select(row => (string[])
        [
            Format(row.Order, "d"),
            Format(row.LogLikelihood, "f4"),
            Format(row.NumberOfParameters, "g6"),
            Format(row.NumberOfObservedHistories, "d"),
            Format(row.NumberOfObservedTransitions, "d"),
            Format(row.Aic, "f4"),
            Format(row.Bic, "f4"),
            .. hasOwnColumn ? (string[])[Format(row.Aicc, "f4")] : [],
        ])];
        int[] widths = [.. names.Select((_, column) => lines.Max(line => line[column].Length))];
        var text = new StringBuilder();
        for (int i = 0; i < lines.Count; i++)
        {
            if (i > 0)
                text.AppendLine();
            text.AppendJoin("  ", lines[i].Select((cell, column) => cell.PadLeft(widths[column])));
            if (i == BestOrder + 1)
                text.Append("  *");
        }
        return text.ToString();
    }

    private static string Format<T>(T value, string format)
        where T : IFormattable => value.ToString(format, CultureInfo.InvariantCulture);
}
