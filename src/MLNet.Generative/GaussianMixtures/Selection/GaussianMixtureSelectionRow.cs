using System.Globalization;

namespace MLNet.Generative;

/// <summary>One line of a <see cref="GaussianMixtureSelection{TFit}"/>: a number of components, a covariance type, and how well the mixture fits.</summary>
/// <param name="NumberOfComponents">K.</param>
/// <param name="CovarianceType">What the components' covariances have in common.</param>
/// <param name="Structure">Its letters: three of Banfield and Raftery (1993), such as VVV; with one feature E or V.</param>
/// <param name="Model">The mixture; <see langword="null"/> if none could be fitted.</param>
/// <param name="Summary">How it fits; <see langword="null"/> if none could be fitted.</param>
/// <param name="Problem">Why none could be fitted; <see langword="null"/> if one was.</param>
public sealed record GaussianMixtureSelectionRow(
    int NumberOfComponents, CovarianceType CovarianceType, string Structure, GaussianMixtureModel? Model, FitSummary? Summary, string? Problem)
{
    /// <summary>One of the criteria; NaN if no mixture could be fitted.</summary>
    /// <param name="criterion">Which.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="criterion"/> is not one of the values of <see cref="InformationCriterion"/>.</exception>
    public double Get(InformationCriterion criterion)
    {
        OptionChecks.Defined(criterion, nameof(criterion));
        return Summary?.Get(criterion) ?? double.NaN;
    }

    /// <summary>What is worth knowing: the notes of the fit, or why there is none.</summary>
    internal IReadOnlyList<string> Notes => Summary?.Notes ?? (Problem is { } problem ? [problem] : []);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Structure}, {NumberOfComponents} component{(NumberOfComponents == 1 ? "" : "s")}: {(object?)Summary ?? Problem}");
}
