using System.Globalization;

namespace MLNet.Generative;

/// <summary>Chooses between the fits of several starts.</summary>
internal static class BestFit
{
    /// <summary>The fit with the highest objective among those that are not degenerate, or among all if all are. It says how many better ones were passed over.</summary>
    /// <param name="fits">The fits, at least one.</param>
    /// <param name="summaryOf">The summary of a fit.</param>
    /// <param name="objectiveOf">What was maximised.</param>
    /// <param name="withSummary">The same fit with another summary.</param>
    public static TFit Of<TFit>(IReadOnlyList<TFit> fits, Func<TFit, FitSummary> summaryOf, Func<TFit, double> objectiveOf, Func<TFit, FitSummary, TFit> withSummary)
        where TFit : class
    {
        TFit highest = fits.MaxBy(objectiveOf)!;
        TFit? honest = fits.Where(fit => !summaryOf(fit).IsDegenerate).MaxBy(objectiveOf);
        if (honest is null || honest == highest)
            return highest;
        int rejected = fits.Count(fit => objectiveOf(fit) > objectiveOf(honest));
        return withSummary(honest, summaryOf(honest).WithNote(string.Create(CultureInfo.InvariantCulture, $"{rejected} of {fits.Count} starts ended with a higher objective and a log-likelihood of up to {summaryOf(highest).LogLikelihood:f4}, but degenerate.")));
    }
}
