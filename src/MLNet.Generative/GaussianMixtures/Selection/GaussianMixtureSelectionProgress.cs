using System.Globalization;

namespace MLNet.Generative;

/// <summary>One more mixture of a selection is done, as it is reported to <see cref="IProgress{T}"/>.</summary>
public sealed class GaussianMixtureSelectionProgress
{
    internal GaussianMixtureSelectionProgress(int numberOfFinishedFits, int numberOfFits, GaussianMixtureSelectionRow row)
    {
        NumberOfFinishedFits = numberOfFinishedFits;
        NumberOfFits = numberOfFits;
        Row = row;
    }

    /// <summary>How many mixtures are done, from 1.</summary>
    public int NumberOfFinishedFits { get; }

    /// <summary>How many there are.</summary>
    public int NumberOfFits { get; }

    /// <summary>The one just done.</summary>
    public GaussianMixtureSelectionRow Row { get; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{NumberOfFinishedFits}/{NumberOfFits}: {Row}");
}
