namespace MLNet.Generative;

/// <summary>From the options of a training to the learner of its emissions.</summary>
internal static class EmissionFamilies
{
    private const int LargestNumberOfSymbols = 1 << 24;

    /// <summary>The learner of the family that the options name.</summary>
    /// <param name="options">How to learn.</param>
    /// <param name="frames">All frames.</param>
    /// <param name="moments">Their moments.</param>
    /// <param name="precision">The type that the numbers had.</param>
    public static EmissionLearner CreateLearner(HmmEstimator.Options options, WeightedRows frames, DataMoments moments, InputPrecision precision)
    {
        int states = options.NumberOfStates;
        HmmPrior prior = options.Prior!;
        switch (options.Emission)
        {
            case EmissionType.Gaussian:
                return new GaussianEmissionLearner(states, frames, moments, precision, options.CovarianceType, options.CovarianceRegularization, prior);
            case EmissionType.GaussianMixture:
                return new GaussianMixtureEmissionLearner(
                    states,
                    options.NumberOfComponents,
                    frames,
                    moments,
                    precision,
                    options.CovarianceType,
                    options.CovarianceRegularization,
                    prior,
                    options.NumberOfThreads ?? Environment.ProcessorCount,
                    options.CancellationToken);
            case EmissionType.Poisson:
                return new PoissonEmissionLearner(states, frames, prior);
            case EmissionType.Multinomial:
                return new MultinomialEmissionLearner(states, frames, prior);
            case EmissionType.Bernoulli:
                return new BernoulliEmissionLearner(states, frames, prior);
            case EmissionType.Categorical:
                return new CategoricalEmissionLearner(states, frames, options.NumberOfSymbols ?? CountSymbols(frames), prior);
            default:
                IReadOnlyList<EmissionType> families = options.FeatureEmissions!;
                return new ProductEmissionLearner(
                    frames,
                    [.. families.Select(_ => 1)],
                    (j, own) => CreateLearner(
                        options.With(copy => (copy.Emission, copy.NumberOfSymbols, copy.NumberOfComponents) = (families[j], SymbolsOf(options.InitialModel, j), ComponentsOf(options, j))),
                        own,
                        moments.Feature(j),
                        precision));
        }
    }

    // One more than the largest symbol; what is no symbol is found by the check of frames.
    private static int CountSymbols(WeightedRows frames)
    {
        double largest = 0;
        for (int n = 0; n < frames.Count; n++)
            largest = Math.Max(largest, frames.Row(n)[0]);
        return (int)Math.Min(Math.Floor(largest) + 1, LargestNumberOfSymbols);
    }

    private static int? SymbolsOf(HmmModel? model, int feature) => PartOf(model, feature) is CategoricalEmission symbols ? symbols.NumberOfSymbols : null;

    private static int ComponentsOf(HmmEstimator.Options options, int feature) =>
        PartOf(options.InitialModel, feature) is GaussianMixtureEmission mixtures ? mixtures.NumberOfComponents : options.NumberOfComponents;

    private static HmmEmission? PartOf(HmmModel? model, int feature) => model is { Emissions: ProductEmission product } ? product.Parts[feature] : null;

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
