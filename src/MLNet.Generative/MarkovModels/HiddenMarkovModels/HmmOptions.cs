using Microsoft.ML.Data;

namespace MLNet.Generative;

public sealed partial class HmmEstimator
{
    /// <summary>Options for <see cref="HmmEstimator"/> and <see cref="HmmLearner"/>.</summary>
    public sealed class Options
    {
        /// <summary>
        /// The column of sequences: a vector of variable size of <see cref="float"/> or <see cref="double"/>, with D values per step, or of keys for categorical emissions.
        /// </summary>
        public string InputColumnName = Defaults.InputColumnName;

        /// <summary>
        /// The column of sequence weights, <see cref="float"/> or <see cref="double"/>; a weight of 2 counts as two equal sequences. <see langword="null"/> for weights of 1.
        /// </summary>
        public string? ExampleWeightColumnName;

        /// <summary>The output column of the most probable path: a vector of keys from 1 to K, one for each step.</summary>
        public string PredictedLabelColumnName = DefaultColumnNames.PredictedLabel;

        /// <summary>The output column of the posterior probability of each state at each step, T × K.</summary>
        public string ProbabilityColumnName = DefaultColumnNames.Probability;

        /// <summary>The output column of −log p(x) per step, in nats: higher is stranger.</summary>
        public string ScoreColumnName = DefaultColumnNames.Score;

        /// <summary>The output column of log p(x) of the whole sequence, in nats.</summary>
        public string LogDensityColumnName = ColumnNames.LogDensity;

        /// <summary>K, the number of hidden states: at least 1. If it is left at its default, an <see cref="InitialModel"/> decides.</summary>
        public int NumberOfStates = Defaults.NumberOfStates;

        /// <summary>The family of distributions that states emit. If it is left at its default, an <see cref="InitialModel"/> decides.</summary>
        public EmissionType Emission = EmissionType.Gaussian;

        /// <summary>
        /// What the covariances of Gaussians have in common: over the states, or, in mixtures, over the components of a state. If it is left at its default, an
        /// <see cref="InitialModel"/> with Gaussian emissions decides.
        /// </summary>
        public CovarianceType CovarianceType = CovarianceType.Full;

        /// <summary>For <see cref="EmissionType.GaussianMixture"/>: the number of Gaussians in each state, at least 1.</summary>
        public int NumberOfComponents = Defaults.NumberOfComponents;

        /// <summary>
        /// For <see cref="EmissionType.Categorical"/>: M, the number of symbols, at least 1. <see langword="null"/> to take the number of values of the keys, or one more than
        /// the largest symbol of the data; keys allow no other number than theirs.
        /// </summary>
        public int? NumberOfSymbols;

        /// <summary>
        /// For <see cref="EmissionType.Product"/>: the family of each of the D features, in their order. Each is one of <see cref="EmissionType.Gaussian"/>,
        /// <see cref="EmissionType.GaussianMixture"/>, <see cref="EmissionType.Poisson"/>, <see cref="EmissionType.Bernoulli"/> and <see cref="EmissionType.Categorical"/>,
        /// whose symbols count from 0.
        /// </summary>
        public IReadOnlyList<EmissionType>? FeatureEmissions;

        /// <summary>The number of steps of the sequences that the transformer draws: at least 1. <see langword="null"/> for the mean length in training, rounded.</summary>
        public int? SampleLength;

        /// <summary>How the emissions are made from which learning starts.</summary>
        public HmmInitialization Initialization = HmmInitialization.KMeansPlusPlus;

        /// <summary>
        /// How many times to start, each time from another random point, to keep the best fit that is not degenerate: at least 1. With many states, or with categorical
        /// emissions, one start rarely finds the maximum: take 10 or more.
        /// </summary>
        public int NumberOfInitializations = Defaults.NumberOfInitializations;

        /// <summary>The largest number of Baum-Welch iterations of each start: at least 1.</summary>
        public int MaximumNumberOfIterations = Defaults.MaximumNumberOfIterations;

        /// <summary>
        /// Learning has converged when the mean log-likelihood per step changes by no more than this, in nats: finite, not negative. With 0 it goes on until nothing but
        /// rounding changes.
        /// </summary>
        public double Tolerance = Defaults.Tolerance;

        /// <summary>Added to every variance of Gaussians in every M-step, in squared units of the features: finite, not negative. Not needed for stability.</summary>
        public double CovarianceRegularization;

        /// <summary>Conjugate priors, for the mode of the posterior (MAP); <see langword="null"/> for maximum likelihood.</summary>
        public HmmPrior? Prior;

        /// <summary>
        /// A model to start from, instead of <see cref="Initialization"/>; <see langword="null"/> for none. Its zeros in π and A stay 0, unless a prior adds to them: a
        /// left-right model stays one.
        /// </summary>
        public HmmModel? InitialModel;

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
            public const string InputColumnName = ColumnNames.Sequence;
            public const int NumberOfStates = 2;
            public const int NumberOfComponents = 2;
            public const int NumberOfInitializations = 1;
            public const int MaximumNumberOfIterations = 1000;
            public const double Tolerance = 1e-10;
        }

        /// <summary>A copy that later changes to this object do not reach, once every option is known to be in range.</summary>
        internal Options Checked()
        {
            var options = (Options)MemberwiseClone();
            options.Prior = (options.Prior ?? new HmmPrior()).Checked();
            options.FeatureEmissions = options.FeatureEmissions?.ToArray();
            options.FollowInitialModel();

            OptionChecks.ColumnName(options.InputColumnName, nameof(InputColumnName));
            if (options.ExampleWeightColumnName is { } weight)
                OptionChecks.ColumnName(weight, nameof(ExampleWeightColumnName));
            OptionChecks.DistinctColumnNames(
                (options.PredictedLabelColumnName, nameof(PredictedLabelColumnName)),
                (options.ProbabilityColumnName, nameof(ProbabilityColumnName)),
                (options.ScoreColumnName, nameof(ScoreColumnName)),
                (options.LogDensityColumnName, nameof(LogDensityColumnName)));
            OptionChecks.AtLeastOne(options.NumberOfStates, nameof(NumberOfStates));
            OptionChecks.Defined(options.Emission, nameof(Emission));
            OptionChecks.Defined(options.CovarianceType, nameof(CovarianceType));
            OptionChecks.AtLeastOne(options.NumberOfComponents, nameof(NumberOfComponents));
            OptionChecks.AtLeastOne(options.NumberOfSymbols ?? 1, nameof(NumberOfSymbols));
            OptionChecks.AtLeastOne(options.SampleLength ?? 1, nameof(SampleLength));
            OptionChecks.Defined(options.Initialization, nameof(Initialization));
            OptionChecks.AtLeastOne(options.NumberOfInitializations, nameof(NumberOfInitializations));
            OptionChecks.AtLeastOne(options.MaximumNumberOfIterations, nameof(MaximumNumberOfIterations));
            OptionChecks.FiniteAndNotNegative(options.Tolerance, nameof(Tolerance));
            OptionChecks.FiniteAndNotNegative(options.CovarianceRegularization, nameof(CovarianceRegularization));
            OptionChecks.AtLeastOne(options.NumberOfThreads ?? 1, nameof(NumberOfThreads));
            options.CheckFeatureEmissions();
            return options;
        }

        /// <summary>A copy with a change.</summary>
        internal Options With(Action<Options> change)
        {
            var copy = (Options)MemberwiseClone();
            change(copy);
            return copy;
        }

        private void FollowInitialModel()
        {
            if (InitialModel is not { } model)
                return;
            if (NumberOfStates == Defaults.NumberOfStates)
                NumberOfStates = model.NumberOfStates;
            if (Emission == EmissionType.Gaussian)
                Emission = model.Emissions.Type;
            if (model.NumberOfStates != NumberOfStates)
                throw new ArgumentOutOfRangeException(nameof(NumberOfStates), NumberOfStates, $"{nameof(NumberOfStates)} is {NumberOfStates}, but {nameof(InitialModel)} has {model.NumberOfStates} states. Set both to the same number.");
            if (model.Emissions.Type != Emission)
                throw new ArgumentOutOfRangeException(nameof(Emission), Emission, $"{nameof(Emission)} is {Emission}, but {nameof(InitialModel)} has {model.Emissions.Type} emissions. Set both to the same.");

            if (model.Emissions is GaussianEmission gaussian && CovarianceType == CovarianceType.Full)
                CovarianceType = gaussian.CovarianceType;
            if (model.Emissions is CategoricalEmission categorical)
            {
                NumberOfSymbols ??= categorical.NumberOfSymbols;
                if (NumberOfSymbols != categorical.NumberOfSymbols)
                    throw new ArgumentOutOfRangeException(nameof(NumberOfSymbols), NumberOfSymbols, $"{nameof(NumberOfSymbols)} is {NumberOfSymbols}, but {nameof(InitialModel)} has {categorical.NumberOfSymbols} symbols. Set both to the same number.");
            }
            if (model.Emissions is GaussianMixtureEmission mixture)
                NumberOfComponents = mixture.NumberOfComponents;
            FollowParts();
        }

        private void FollowParts()
        {
            if (InitialModel?.Emissions is not ProductEmission product)
                return;
            if (product.Parts.FirstOrDefault(part => part.Dimension != 1) is { } wide)
                throw new ArgumentException($"{nameof(InitialModel)} has a part with {wide.Type} emissions of {wide.Dimension} values. Learning takes a part for each feature; give it one of each.", nameof(InitialModel));
            EmissionType[] parts = [.. product.Parts.Select(part => part.Type)];
            FeatureEmissions ??= parts;
            if (!FeatureEmissions.SequenceEqual(parts))
                throw new ArgumentException($"{nameof(FeatureEmissions)} names {string.Join(", ", FeatureEmissions)}, but {nameof(InitialModel)} has {string.Join(", ", parts)}. Set both to the same.", nameof(FeatureEmissions));
        }

        private void CheckFeatureEmissions()
        {
            bool isProduct = Emission == EmissionType.Product;
            if (isProduct != FeatureEmissions is { Count: > 0 })
            {
                throw new ArgumentException(
                    isProduct
                        ? $"{nameof(FeatureEmissions)} is empty; with {nameof(Emission)} {EmissionType.Product} it names the family of each feature."
                        : $"{nameof(FeatureEmissions)} is given, but {nameof(Emission)} is {Emission}; set that to {EmissionType.Product}, or leave {nameof(FeatureEmissions)} out.",
                    nameof(FeatureEmissions));
            }
            foreach (EmissionType type in FeatureEmissions ?? [])
            {
                if (type is not (EmissionType.Gaussian or EmissionType.GaussianMixture or EmissionType.Poisson or EmissionType.Bernoulli or EmissionType.Categorical))
                    throw new ArgumentOutOfRangeException(nameof(FeatureEmissions), type, $"{nameof(FeatureEmissions)} names {type}, which is no family of a single feature.");
            }
        }
    }
}
