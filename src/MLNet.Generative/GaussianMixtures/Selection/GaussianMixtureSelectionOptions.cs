using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>Options for <c>mlContext.Clustering.SelectGaussianMixture</c> and <see cref="GaussianMixtureLearner.Select(ReadOnlyMemory{double}, int, GaussianMixtureSelectionOptions, ReadOnlyMemory{double})"/>: which mixtures to try, how to learn each, and what decides.</summary>
public sealed class GaussianMixtureSelectionOptions
{
    /// <summary>The column of features: a vector of known size of <see cref="float"/> or <see cref="double"/>.</summary>
    public string FeatureColumnName = DefaultColumnNames.Features;

    /// <summary>
    /// The column of row weights, <see cref="float"/> or <see cref="double"/>; a weight of 2 counts as two equal rows. The sum of the weights is the number of
    /// rows for the information criteria and for what is degenerate. <see langword="null"/> for weights of 1.
    /// </summary>
    public string? ExampleWeightColumnName;

    /// <summary>The output column of the best mixture's most probable component, a key from 1 to K.</summary>
    public string PredictedLabelColumnName = DefaultColumnNames.PredictedLabel;

    /// <summary>The output column of −log(π_k N_k(x)) for each of its components: lower is closer.</summary>
    public string ScoreColumnName = DefaultColumnNames.Score;

    /// <summary>The output column of the posterior probability of each of its components.</summary>
    public string ProbabilityColumnName = DefaultColumnNames.Probability;

    /// <summary>The output column of its log p(x), in nats.</summary>
    public string LogDensityColumnName = ColumnNames.LogDensity;

    /// <summary>The smallest number of components to try: at least 1.</summary>
    public int MinimumNumberOfComponents = Defaults.MinimumNumberOfComponents;

    /// <summary>The largest number of components to try: at least <see cref="MinimumNumberOfComponents"/>, at most the number of distinct rows.</summary>
    public int MaximumNumberOfComponents = Defaults.MaximumNumberOfComponents;

    /// <summary>
    /// What to try that the components' covariances have in common, each type once. With one feature every type is one of two: E, one variance for all components
    /// (<see cref="CovarianceType.EEE"/>), or V, one of each (<see cref="CovarianceType.VVV"/>). <see langword="null"/> for all there are.
    /// </summary>
    public IReadOnlyList<CovarianceType>? CovarianceTypes;

    /// <summary>What decides between the mixtures: the smallest wins, among those that are not degenerate.</summary>
    public InformationCriterion Criterion = InformationCriterion.Bic;

    /// <summary>Where learning starts. All covariance types of one number of components start from the same points, and a richer type at the fits of simpler ones besides.</summary>
    public GaussianMixtureInitialization Initialization = GaussianMixtureInitialization.Hierarchical;

    /// <summary>How many times to start with each mixture, each time from another point, to keep the best fit that is not degenerate: at least 1.</summary>
    public int NumberOfInitializations = Defaults.NumberOfInitializations;

    /// <summary>
    /// How to need fewer iterations; ignored with a <see cref="CovarianceRegularization"/>. With an acceleration the log-likelihood still never falls, and a fit converges only in
    /// a plain step of expectation-maximisation. Where several maxima are near, it may be led to another one than without.
    /// </summary>
    public EmAcceleration Acceleration = EmAcceleration.None;

    /// <summary>
    /// The largest number of EM iterations of each start: at least 1. An iteration is one pass over the rows, also one whose extrapolation is not taken, which leaves the
    /// log-likelihood as it was.
    /// </summary>
    public int MaximumNumberOfIterations = GaussianMixtureEstimator.Options.Defaults.MaximumNumberOfIterations;

    /// <summary>
    /// Learning has converged when the mean log-likelihood per row changes by no more than this, in nats: finite, not negative. With 0 it goes on until nothing
    /// but rounding changes.
    /// </summary>
    public double Tolerance = GaussianMixtureEstimator.Options.Defaults.Tolerance;

    /// <summary>
    /// Added to every variance in every M-step, in squared units of the features: finite, not negative. With a positive value the fits are no longer the maximum of
    /// the likelihood, on which the criteria rest.
    /// </summary>
    public double CovarianceRegularization;

    /// <summary>The seed for the starting points. <see langword="null"/> to take one from the <c>MLContext</c>; without one, 0.</summary>
    public int? Seed;

    /// <summary>The largest number of threads: at least 1. <see langword="null"/> for all processors. The result is the same for any number.</summary>
    public int? NumberOfThreads;

    /// <summary>Told of every mixture that was fitted, one at a time, in the order in which they are done; <see langword="null"/> for nobody.</summary>
    public IProgress<GaussianMixtureSelectionProgress>? Progress;

    /// <summary>Stops the selection with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken;

    internal static class Defaults
    {
        public const int MinimumNumberOfComponents = 1;
        public const int MaximumNumberOfComponents = 9;
        public const int NumberOfInitializations = 3;
    }

    /// <summary>A copy that later changes to this object do not reach, once every option is known to be in range.</summary>
    internal GaussianMixtureSelectionOptions Checked()
    {
        var options = (GaussianMixtureSelectionOptions)MemberwiseClone();
        options.CovarianceTypes = CovarianceTypes is { } given ? [.. given] : null;

        OptionChecks.AtLeastOne(options.MinimumNumberOfComponents, nameof(MinimumNumberOfComponents));
        if (options.MaximumNumberOfComponents < options.MinimumNumberOfComponents)
            throw new ArgumentOutOfRangeException(nameof(MaximumNumberOfComponents), options.MaximumNumberOfComponents, $"{nameof(MaximumNumberOfComponents)} is {options.MaximumNumberOfComponents} and {nameof(MinimumNumberOfComponents)} is {options.MinimumNumberOfComponents}: there is no number of components between them. Raise the one or lower the other.");
        OptionChecks.Defined(options.Criterion, nameof(Criterion));
        options.CheckTypes();
        // The others are those of a single mixture, under the same names.
        options.ForOneMixture().Checked();
        if (options.Initialization == GaussianMixtureInitialization.Hierarchical && options.MaximumNumberOfComponents > HierarchicalClustering.LargestNumberOfClusters)
            throw new ArgumentOutOfRangeException(nameof(MaximumNumberOfComponents), options.MaximumNumberOfComponents, $"{nameof(MaximumNumberOfComponents)} is {options.MaximumNumberOfComponents}; hierarchical initialization finds at most {HierarchicalClustering.LargestNumberOfClusters} clusters. Set {nameof(Initialization)} to {nameof(GaussianMixtureInitialization.KMeansPlusPlus)}.");
        return options;
    }

    /// <summary>How to learn one of the mixtures; its number of components and covariance type are still to be set.</summary>
    internal GaussianMixtureEstimator.Options ForOneMixture() => new()
    {
        FeatureColumnName = FeatureColumnName,
        ExampleWeightColumnName = ExampleWeightColumnName,
        PredictedLabelColumnName = PredictedLabelColumnName,
        ScoreColumnName = ScoreColumnName,
        ProbabilityColumnName = ProbabilityColumnName,
        LogDensityColumnName = LogDensityColumnName,
        Initialization = Initialization,
        NumberOfInitializations = NumberOfInitializations,
        Acceleration = Acceleration,
        MaximumNumberOfIterations = MaximumNumberOfIterations,
        Tolerance = Tolerance,
        CovarianceRegularization = CovarianceRegularization,
        Seed = Seed,
        NumberOfThreads = NumberOfThreads,
        CancellationToken = CancellationToken,
    };

    private void CheckTypes()
    {
        if (CovarianceTypes is not { } types)
            return;
        if (types.Count == 0)
            throw new ArgumentException($"{nameof(CovarianceTypes)} is empty: there is nothing to try. Give at least one type, or null for all.", nameof(CovarianceTypes));
        foreach (CovarianceType type in types)
            OptionChecks.Defined(type, nameof(CovarianceTypes));
        if (types.GroupBy(type => type).FirstOrDefault(same => same.Count() > 1) is { } repeated)
            throw new ArgumentException($"{nameof(CovarianceTypes)} has {CovarianceStructure.Of(repeated.Key).Letters} {repeated.Count()} times. Give each type once; Full, Tied, Diagonal and Spherical are other names for VVV, EEE, VVI and VII.", nameof(CovarianceTypes));
    }
}
