namespace MLNet.Generative;

/// <summary>The name of a covariance type in tables, summaries and messages.</summary>
public static class CovarianceTypeExtensions
{
    /// <summary>
    /// The three letters of Banfield and Raftery (1993), such as VVV; with one feature the one letter E, for one variance of all components, or V, for one of each.
    /// <see cref="Enum.ToString()"/> would give whichever of a value's names it finds first.
    /// </summary>
    /// <param name="covarianceType">The covariance type.</param>
    /// <param name="numberOfFeatures">The number of features D: at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of range.</exception>
    public static string ToLetters(this CovarianceType covarianceType, int numberOfFeatures)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfFeatures, 1);
        CovarianceStructure structure = CovarianceStructure.Of(covarianceType);
        return numberOfFeatures == 1 ? structure.LetterForOneFeature : structure.Letters;
    }
}
