using System.Globalization;
using System.Text;

namespace MLNet.Generative;

/// <summary>A selection as text.</summary>
internal static class GaussianMixtureSelectionText
{
    private const char Best = '*';
    private const char Degenerate = 'd';

    /// <summary>The criterion of every mixture as a matrix, and the best in detail.</summary>
    /// <param name="table">All mixtures.</param>
    /// <param name="criterion">What decided.</param>
    /// <param name="best">The best of the table.</param>
    /// <param name="numberOfFits">How many to describe.</param>
    public static string Of(IReadOnlyList<GaussianMixtureSelectionRow> table, InformationCriterion criterion, GaussianMixtureSelectionRow best, int numberOfFits)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{criterion.ToLetters()}, smaller is better: a line for each number of components, a column for each covariance type");
        AppendMatrix(text, table, criterion, best);
        text.AppendLine().Append(CultureInfo.InvariantCulture, $"{Best}: the best");
        if (table.Any(row => row.Summary is { IsDegenerate: true }))
            text.Append(CultureInfo.InvariantCulture, $"; {Degenerate}: degenerate, {(best.Summary is { IsDegenerate: true } ? "as all are" : "never the best")}");
        if (table.Any(row => row.Summary is null))
            text.Append("; –: not fitted");

        // Those that could be chosen first, then the degenerate ones, then what was not fitted.
        GaussianMixtureSelectionRow[] shown =
        [
            .. table.OrderBy(row => !ReferenceEquals(row, best)).ThenBy(row => row.Summary is null).ThenBy(row => row.Summary?.IsDegenerate).ThenBy(row => row.Get(criterion))
                .Take(numberOfFits),
        ];
        if (shown.Length == 0)
            return text.ToString();
        text.AppendLine().AppendLine().Append(CultureInfo.InvariantCulture, $"{(shown.Length < table.Count ? $"The {shown.Length} best of {table.Count}" : "All")}, by {criterion.ToLetters()}:");
        AppendDetails(text, shown, best);
        foreach (GaussianMixtureSelectionRow row in shown)
        {
            foreach (string note in row.Notes)
                text.AppendLine().Append(CultureInfo.InvariantCulture, $"note on {row.Structure}, {row.NumberOfComponents}: {note}");
        }
        return text.ToString();
    }

    private static void AppendMatrix(StringBuilder text, IReadOnlyList<GaussianMixtureSelectionRow> table, InformationCriterion criterion, GaussianMixtureSelectionRow best)
    {
        string[] structures = [.. table.Select(row => row.Structure).Distinct()];
        // The mark stands behind the number, so that numbers stay in line.
        var lines = new List<string[]> { (string[])["K", .. structures.Select(structure => structure + " ")] };
        foreach (IGrouping<int, GaussianMixtureSelectionRow> sameNumber in table.GroupBy(row => row.NumberOfComponents))
        {
            Dictionary<string, GaussianMixtureSelectionRow> byStructure = sameNumber.ToDictionary(row => row.Structure);
            lines.Add([Format(sameNumber.Key, "d"), .. structures.Select(structure => Cell(byStructure[structure], criterion, best))]);
        }
        AppendAligned(text, lines);
    }

    private static string Cell(GaussianMixtureSelectionRow row, InformationCriterion criterion, GaussianMixtureSelectionRow best) =>
        row.Summary is { } summary ? $"{Format(summary.Get(criterion), "f2")}{(ReferenceEquals(row, best) ? Best : summary.IsDegenerate ? Degenerate : ' ')}" : "– ";

    private static void AppendDetails(StringBuilder text, GaussianMixtureSelectionRow[] rows, GaussianMixtureSelectionRow best)
    {
        string[] names = ["type", "K", "log-likelihood", "parameters", "AIC", "AICc", "BIC", "ICL", "iterations", "remarks"];
        AppendAligned(text, [names, .. rows.Select(row => Details(row, ReferenceEquals(row, best)))], lastIsText: true);
    }

    private static string[] Details(GaussianMixtureSelectionRow row, bool isBest)
    {
        string[] cells = [row.Structure, Format(row.NumberOfComponents, "d")];
        if (row.Summary is not { } summary)
            return [.. cells, .. Enumerable.Repeat("–", 7), "not fitted"];

        List<string> remarks = isBest ? [$"{Best}"] : [];
        if (summary.IsDegenerate)
            remarks.Add("degenerate");
        if (!summary.HasConverged)
            remarks.Add("not converged");
        return
        [
            .. cells,
            Format(summary.LogLikelihood, "f4"),
            Format(summary.NumberOfParameters, "d"),
            Format(summary.Aic, "f4"),
            Format(summary.Aicc, "f4"),
            Format(summary.Bic, "f4"),
            Format(summary.Icl, "f4"),
            Format(summary.NumberOfIterations, "d"),
            string.Join(' ', remarks),
        ];
    }

    private static void AppendAligned(StringBuilder text, List<string[]> lines, bool lastIsText = false)
    {
        int[] widths = [.. lines[0].Select((_, column) => lines.Max(line => line[column].Length))];
        foreach (string[] line in lines)
        {
            string joined = string.Join("  ", line.Select((cell, column) => lastIsText && column == line.Length - 1 ? cell : cell.PadLeft(widths[column])));
            text.AppendLine().Append(joined.TrimEnd());
        }
    }

    private static string Format<T>(T value, string format)
        where T : IFormattable => value.ToString(format, CultureInfo.InvariantCulture);
}
