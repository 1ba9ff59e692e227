namespace MLNet.Generative;

/// <summary>
/// Fits of several covariance structures from the same start. A richer structure contains the simpler ones nested in it, but EM from the same start may lead it to a lower
/// maximum: it is then started at their fits too, so that it never ends below one of them that is not degenerate.
/// </summary>
/// <param name="structures">The simpler structures to fit.</param>
/// <param name="fromStart">Fits a structure from the start.</param>
/// <param name="fromFit">Fits a structure from another fit.</param>
internal sealed class NestedFits(
    IReadOnlyCollection<CovarianceStructure> structures,
    Func<CovarianceType, GaussianMixtureFit> fromStart,
    Func<CovarianceType, GaussianMixtureModel, GaussianMixtureFit> fromFit)
{
    // Fits that end in the same maximum differ by where they stop.
    private const double RelativeMargin = 1e-9;

    private readonly Dictionary<CovarianceStructure, GaussianMixtureFit> _fits = [];

    /// <summary>The best fit of a structure.</summary>
    public GaussianMixtureFit Of(CovarianceStructure structure)
    {
        if (_fits.TryGetValue(structure, out GaussianMixtureFit? known))
            return known;
        GaussianMixtureFit best = fromStart(structure.Type);
        foreach (CovarianceStructure simpler in structure.Nested.Where(structures.Contains))
        {
            GaussianMixtureFit other = Of(simpler);
            if (other.Summary.IsDegenerate || !IsBetter(other.Summary, best.Summary))
                continue;
            GaussianMixtureFit candidate = fromFit(structure.Type, other.Model);
            best = IsBetter(other.Summary, candidate.Summary) ? Keep(other, simpler, structure) : candidate;
        }
        return _fits[structure] = best;
    }

    /// <summary>A simpler structure's fit as one of a richer structure, which it is too.</summary>
    private static GaussianMixtureFit Keep(GaussianMixtureFit fit, CovarianceStructure simpler, CovarianceStructure richer)
    {
        var model = new GaussianMixtureModel([.. fit.Model.Weights], fit.Model.Components, richer.Type);
        FitSummary of = fit.Summary;
        string note = $"This is the fit of {simpler.Type.ToLetters(model.Dimension)}, which is nested in it: what training made of it was degenerate or at the floor.";
        return new GaussianMixtureFit(
            model,
            new FitSummary(of.LogLikelihood, of.ClassificationLogLikelihood, model.NumberOfParameters, of.TotalWeight, of.LogLikelihoodTrace, of.StopReason, of.IsDegenerate, [.. of.Notes, note]));
    }

    private static bool IsBetter(FitSummary one, FitSummary other) =>
        one.IsDegenerate != other.IsDegenerate
            ? other.IsDegenerate
            : one.LogLikelihood > other.LogLikelihood + RelativeMargin * (1 + Math.Abs(other.LogLikelihood));
}
