using Microsoft.ML.Data;

namespace MLNet.Generative;

public sealed partial class GaussianMixtureEstimator
{
    /// <summary>Options for <see cref="GaussianMixtureEstimator"/> and <see cref="GaussianMixtureLearner"/>.</summary>
    public sealed class Options
    {
        /// <summary>The column of features: a vector of known size of <see cref="float"/> or <see cref="double"/>.</summary>
        public string FeatureColumnName = DefaultColumnNames.Features;

        /// <summary>
        /// The column of row weights, <see cref="float"/> or <see cref="double"/>; a weight of 2 counts as two equal rows. The sum of the weights is the number of
        /// rows for the information criteria and for what is degenerate. <see langword="null"/> for weights of 1.
        /// </summary>
        public string? ExampleWeightColumnName;

        /// <summary>The output column of the most probable component, a key from 1 to K.</summary>
        public string PredictedLabelColumnName = DefaultColumnNames.PredictedLabel;

        /// <summary>The output column of −log(π_k N_k(x)) for each component: lower is closer.</summary>
        public string ScoreColumnName = DefaultColumnNames.Score;

        /// <summary>The output column of the posterior probability of each component.</summary>
        public string ProbabilityColumnName = DefaultColumnNames.Probability;

        /// <summary>The output column of log p(x), in nats.</summary>
        public string LogDensityColumnName = ColumnNames.LogDensity;

        /// <summary>K, the number of components: at least 1. If it is left at its default, an <see cref="InitialModel"/> decides.</summary>
        public int NumberOfComponents = Defaults.NumberOfComponents;

        /// <summary>What the components' covariances have in common.</summary>
        public CovarianceType CovarianceType = CovarianceType.Full;

        /// <summary>Where learning starts.</summary>
        public GaussianMixtureInitialization Initialization = GaussianMixtureInitialization.KMeansPlusPlus;

        /// <summary>
        /// How many times to start, each time from another random point, to keep the best fit that is not degenerate: at least 1. With many components one start
        /// rarely finds the maximum: take 10 or more before you compare numbers of components.
        /// </summary>
        public int NumberOfInitializations = Defaults.NumberOfInitializations;

        /// <summary>
        /// How to need fewer iterations; ignored with a <see cref="CovarianceRegularization"/>. With an acceleration the log-likelihood still never falls, and the fit converges
        /// only in a plain step of expectation-maximisation. Where several maxima are near, it may be led to another one than without.
        /// </summary>
        public EmAcceleration Acceleration = EmAcceleration.None;

        /// <summary>
        /// The largest number of EM iterations of each start: at least 1. An iteration is one pass over the rows, also one whose extrapolation is not taken, which leaves the
        /// log-likelihood as it was.
        /// </summary>
        public int MaximumNumberOfIterations = Defaults.MaximumNumberOfIterations;

        /// <summary>
        /// Learning has converged when the mean log-likelihood per row changes by no more than this, in nats: finite, not negative. With 0 it goes on until nothing
        /// but rounding changes.
        /// </summary>
        public double Tolerance = Defaults.Tolerance;

        /// <summary>
        /// Added to every variance in every M-step, in squared units of the features: finite, not negative. With a positive value the fit is no longer the maximum of
        /// the likelihood. Not needed for stability: a floor relative to the data is always there.
        /// </summary>
        public double CovarianceRegularization;

        /// <summary>
        /// Whether each start is also tried by the simpler covariance types that are special cases of <see cref="CovarianceType"/>, and their fits as starts where they end above
        /// its own: a richer type then never ends below a simpler one with the same seed. It costs a fit of each simpler type. <see langword="null"/> to do so where
        /// it costs next to nothing: with rows × features² × components up to 100,000.
        /// </summary>
        public bool? StartFromSimplerTypes;

        /// <summary>A mixture to start from, instead of <see cref="Initialization"/>; <see langword="null"/> for none.</summary>
        public GaussianMixtureModel? InitialModel;

        /// <summary>The seed for the starting points. <see langword="null"/> to take one from the <c>MLContext</c>, once, when the estimator is made.</summary>
        public int? Seed;

        /// <summary>The largest number of threads: at least 1. <see langword="null"/> for all processors. The result is the same for any number.</summary>
        public int? NumberOfThreads;

        /// <summary>Told of every iteration; <see langword="null"/> for nobody.</summary>
        public IProgress<TrainingProgress>? Progress;

        /// <summary>Stops the training with an <see cref="OperationCanceledException"/>.</summary>
        public CancellationToken CancellationToken;

        internal static class Defaults
        {
            public const int NumberOfComponents = 5;
            public const int NumberOfInitializations = 1;
            public const int MaximumNumberOfIterations = 1000;
            public const double Tolerance = 1e-10;
        }

        /// <summary>A copy with a change.</summary>
        internal Options With(Action<Options> change)
        {
            var copy = (Options)MemberwiseClone();
            change(copy);
            return copy;
        }

        /// <summary>A copy that later changes to this object do not reach, once every option is known to be in range.</summary>
        internal Options Checked()
        {
            var options = (Options)MemberwiseClone();
            if (options.InitialModel is { } model && options.NumberOfComponents == Defaults.NumberOfComponents)
                options.NumberOfComponents = model.NumberOfComponents;

            OptionChecks.ColumnName(options.FeatureColumnName, nameof(FeatureColumnName));
            if (options.ExampleWeightColumnName is { } weight)
                OptionChecks.ColumnName(weight, nameof(ExampleWeightColumnName));
            OptionChecks.DistinctColumnNames(
                (options.PredictedLabelColumnName, nameof(PredictedLabelColumnName)),
                (options.ScoreColumnName, nameof(ScoreColumnName)),
                (options.ProbabilityColumnName, nameof(ProbabilityColumnName)),
                (options.LogDensityColumnName, nameof(LogDensityColumnName)));
            OptionChecks.AtLeastOne(options.NumberOfComponents, nameof(NumberOfComponents));
            OptionChecks.Defined(options.CovarianceType, nameof(CovarianceType));
            OptionChecks.Defined(options.Initialization, nameof(Initialization));
            OptionChecks.Defined(options.Acceleration, nameof(Acceleration));
            if (options.Initialization == GaussianMixtureInitialization.Hierarchical && options.NumberOfComponents > HierarchicalClustering.LargestNumberOfClusters)
                throw new ArgumentOutOfRangeException(nameof(NumberOfComponents), options.NumberOfComponents, $"{nameof(NumberOfComponents)} is {options.NumberOfComponents}; hierarchical initialization finds at most {HierarchicalClustering.LargestNumberOfClusters} clusters. Set {nameof(Initialization)} to {nameof(GaussianMixtureInitialization.KMeansPlusPlus)}.");
            OptionChecks.AtLeastOne(options.NumberOfInitializations, nameof(NumberOfInitializations));
            OptionChecks.AtLeastOne(options.MaximumNumberOfIterations, nameof(MaximumNumberOfIterations));
            OptionChecks.FiniteAndNotNegative(options.Tolerance, nameof(Tolerance));
            OptionChecks.FiniteAndNotNegative(options.CovarianceRegularization, nameof(CovarianceRegularization));
            OptionChecks.AtLeastOne(options.NumberOfThreads ?? 1, nameof(NumberOfThreads));
            if (options.InitialModel is { } given && given.NumberOfComponents != options.NumberOfComponents)
                throw new ArgumentOutOfRangeException(nameof(NumberOfComponents), options.NumberOfComponents, $"{nameof(NumberOfComponents)} is {options.NumberOfComponents}, but {nameof(InitialModel)} has {given.NumberOfComponents} components. Set both to the same number.");
            return options;
        }
    }
}
