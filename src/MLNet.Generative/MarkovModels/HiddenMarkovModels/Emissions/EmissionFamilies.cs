namespace MLNet.Generative;

/// <summary>From the options of a training to the learner of its emissions.</summary>
internal static class EmissionFamilies
{
    /// <summary>The learner of the family that the options name.</summary>
    /// <param name="options">How to learn.</param>
    /// <param name="frames">All frames.</param>
    /// <param name="moments">Their moments.</param>
    /// <param name="precision">The type that the numbers had.</param>
    public static EmissionLearner CreateLearner(HmmEstimator.Options options, WeightedRows frames, DataMoments moments, InputPrecision precision)
    {
        HmmPrior prior = options.Prior!;
        switch (options.Emission)
        {
            case EmissionType.Gaussian:
                return new GaussianEmissionLearner(options.NumberOfStates, frames, moments, precision, options.CovarianceType, options.CovarianceRegularization, prior);
            default:
                throw new NotSupportedException();
        }
    }

    /// <summary>Whether the data's whole covariance is needed: for full covariances, and to find thin ones and main directions while that costs little.</summary>
    public static bool NeedsCovariance(HmmEstimator.Options options, int dimension) =>
        dimension <= ThinCovariance.LargestDimensionWithCovariance
        || (options.Emission is EmissionType.Gaussian or EmissionType.GaussianMixture && !CovarianceStructure.Of(options.CovarianceType).IsDiagonal);

    /// <summary>Says which feature of a frame is infinite or missing; <see langword="null"/> if none is.</summary>
    public static string? FindNonNumber(ReadOnlySpan<double> frame)
    {
        for (int j = 0; j < frame.Length; j++)
        {
            if (double.IsNaN(frame[j]))
                return $"Feature {j} is missing (NaN), but training sequences are complete";
            if (double.IsInfinity(frame[j]))
                return $"Feature {j} is {frame[j]}, but values are finite";
        }
        return null;
    }
}
