using Microsoft.ML.Data;

namespace MLNet.Generative;

public sealed partial class VaeEstimator
{
    /// <summary>Options for <see cref="VaeEstimator"/> and <see cref="VaeLearner"/>.</summary>
    public sealed partial class Options
    {
        /// <summary>The column of features: a vector of known size of <see cref="float"/> or <see cref="double"/>.</summary>
        public string InputColumnName = DefaultColumnNames.Features;

        /// <summary>The column of weights, how much each row counts in training: <see cref="float"/> or <see cref="double"/>, not negative; <see langword="null"/> for weights of 1.</summary>
        public string? ExampleWeightColumnName;

        /// <summary>The output column of latent codes, the posterior means: a vector of L <see cref="float"/>.</summary>
        public string OutputColumnName = Defaults.OutputColumnName;

        /// <summary>The output column of the posterior standard deviations, a vector of L <see cref="float"/>; <see langword="null"/> for none.</summary>
        public string? StandardDeviationColumnName;

        /// <summary>The output column of reconstructions E[x | z = posterior mean], of the input column's type; <see langword="null"/> for none.</summary>
        public string? ReconstructionColumnName;

        /// <summary>The output column of the log-density of each row, in nats: a lower bound on log p(x), which one <see cref="ScoringSamples"/> says; <see langword="null"/> for none.</summary>
        public string? LogDensityColumnName;

        /// <summary>
        /// The output column of rows with their missing values filled in, as <see cref="VaeModel.Impute"/> does, of the input column's type; <see langword="null"/> for none.
        /// </summary>
        public string? ImputationColumnName;

        /// <summary>How many codes the imputation of a row with a missing value draws: at least 1. Rows without one cost nothing but a copy.</summary>
        public int ImputationSamples = Defaults.ImputationSamples;

        /// <summary>L, the number of latent dimensions: at least 1.</summary>
        public int LatentDimension = Defaults.LatentDimension;

        /// <summary>
        /// β, the weight of the KL divergence in training: from 0 to 1e9. 1 gives the evidence lower bound; more asks for fewer and more independent latent dimensions
        /// (Higgins et al. 2017). Scores always are the bound itself, with weight 1.
        /// </summary>
        public float Beta = Defaults.Beta;

        /// <summary>The sizes of the encoder's hidden layers, from the input on: each at least 1. Empty for a linear encoder.</summary>
        public int[] HiddenLayers = [128];

        /// <summary>
        /// The sizes of the decoder's hidden layers, from the latent code on: each at least 1. Empty for a linear decoder, <see langword="null"/> for the encoder's in reverse.
        /// </summary>
        public int[]? DecoderHiddenLayers;

        /// <summary>The function between layers.</summary>
        public VaeActivation Activation = VaeActivation.Relu;

        /// <summary>The distribution of a row given its latent code.</summary>
        public VaeLikelihood Likelihood = VaeLikelihood.Auto;

        /// <summary>σ of <see cref="VaeLikelihood.GaussianFixedVariance"/>, in the features' own units: finite, positive. Other likelihoods ignore it.</summary>
        public double FixedStandardDeviation = 1;

        /// <summary>
        /// Whether training takes values between 0 and 1 as probabilities and draws zeros and ones anew for every batch, which makes a density of a Bernoulli likelihood on grey images
        /// (Salakhutdinov and Murray 2008). Only for <see cref="VaeLikelihood.Bernoulli"/>, which <see cref="VaeLikelihood.Auto"/> then chooses. Scoring takes values as they are: binarise
        /// rows once before scores are compared.
        /// </summary>
        public bool DynamicBinarization;

        /// <summary>How training estimates the bound.</summary>
        public VaeObjective Objective = VaeObjective.ClosedFormKl;

        /// <summary>How many latent samples training draws for each row of a batch: at least 1.</summary>
        public int SamplesPerRow = 1;

        /// <summary>
        /// How many latent samples the evidence lower bound of a row averages over: even, at least 2. They are the same for every row, in pairs of opposite sign, so that a score depends on its
        /// row alone. With few samples and a decoder that is not linear, scores are slightly above the bound, by some hundredths of a nat.
        /// </summary>
        public int ElboSamples = Defaults.ElboSamples;

        /// <summary>
        /// K, at least 1: what log-densities are. 1 for the evidence lower bound; more for the importance-weighted bound log (1/K) Σ_k p(x, z_k) / q(z_k|x) (Burda, Grosse and Salakhutdinov
        /// 2015, equation 8), whose expectation is no less and rises to log p(x) with K. It forgives an encoder that gets a row wrong, so that rows are judged by the decoder alone; scores of
        /// different K are not to be compared. The samples are independent draws, the same for every row, so that a score depends on its row alone. <see cref="VaeMetrics.Elbo"/> stays the
        /// evidence lower bound.
        /// </summary>
        public int ScoringSamples = Defaults.ScoringSamples;

        /// <summary>
        /// The number of components of a Gaussian mixture, with full covariances, that is fitted to the latent codes of the training rows and from which new rows are drawn: not negative, and no more
        /// than there are rows. 0 to draw from the prior N(0, I). Densities are not touched by it.
        /// </summary>
        public int LatentMixtureComponents;

        /// <summary>How often training goes through the data: at least 1. What counts is the number of steps: the fewer rows there are, the more epochs they want.</summary>
        public int NumberOfEpochs = Defaults.NumberOfEpochs;

        /// <summary>The number of rows in a step of training: at least 1. All rows if there are fewer.</summary>
        public int BatchSize = Defaults.BatchSize;

        /// <summary>The step size of Adam (Kingma and Ba 2014): finite, positive.</summary>
        public double LearningRate = Defaults.LearningRate;

        /// <summary>
        /// The share of rows, drawn at random, that the weights are not trained on and on which the objective is measured after each epoch: at least 0, less than 1. They do count when features are
        /// standardised.
        /// </summary>
        public float ValidationFraction;

        /// <summary>The seed for initial weights, the order of rows, and noise. <see langword="null"/> to take one from the <c>MLContext</c>, once, when the estimator is made.</summary>
        public int? Seed;

        /// <summary>
        /// The number of threads of libtorch: at least 1. It is one number for the whole process, so it is set only if given, and set back after training; scoring uses what libtorch has.
        /// <see langword="null"/> for what libtorch has, as a rule one per processor. The same seed gives the same weights for the same number of threads.
        /// </summary>
        public int? NumberOfThreads;

        /// <summary>The GPU to train and score on, from 0; <see langword="null"/> for <c>MLContext.GpuDeviceId</c>, and the CPU if that is not set either. A model that
        /// is loaded goes where the <c>MLContext</c> that loads it says.</summary>
        public int? GpuDeviceId;

        /// <summary>Whether to use the CPU where that GPU does not exist, instead of failing; <see langword="null"/> for <c>MLContext.FallbackToCpu</c>, and for no
        /// where there is no <c>MLContext</c>.</summary>
        public bool? FallbackToCpu;

        /// <summary>Told of every epoch, in a <see cref="VaeTrainingProgress"/>; <see langword="null"/> for nobody.</summary>
        public IProgress<VaeTrainingProgress>? Progress;

        /// <summary>Stops the training with an <see cref="OperationCanceledException"/>.</summary>
        public CancellationToken CancellationToken;

        internal static class Defaults
        {
            public const string OutputColumnName = "Latent";
            public const int ImputationSamples = 1000;
            public const int LatentDimension = 16;
            public const float Beta = 1;
            public const int ElboSamples = 16;
            public const int ScoringSamples = 1;
            public const int NumberOfEpochs = 100;
            public const int BatchSize = 64;
            public const double LearningRate = 1e-3;
        }

        /// <summary>A copy that later changes to this object do not reach, once every option is known to be in range.</summary>
        internal Options Checked()
        {
            var options = (Options)MemberwiseClone();
            OptionChecks.ColumnName(options.InputColumnName, nameof(InputColumnName));
            if (options.ExampleWeightColumnName is not null)
                OptionChecks.ColumnName(options.ExampleWeightColumnName, nameof(ExampleWeightColumnName));
            OptionChecks.DistinctColumnNames([.. options.OutputColumns()]);
            OptionChecks.AtLeastOne(options.ImputationSamples, nameof(ImputationSamples));
            OptionChecks.AtLeastOne(options.LatentDimension, nameof(LatentDimension));
            OptionChecks.InRange(options.Beta, 0, 1e9, nameof(Beta));
            options.HiddenLayers = CheckedLayers(options.HiddenLayers, nameof(HiddenLayers));
            options.DecoderHiddenLayers = options.DecoderHiddenLayers is { } layers
                ? CheckedLayers(layers, nameof(DecoderHiddenLayers))
                : [.. options.HiddenLayers.Reverse()];
            OptionChecks.Defined(options.Activation, nameof(Activation));
            OptionChecks.Defined(options.Likelihood, nameof(Likelihood));
            if (options.DynamicBinarization && options.Likelihood is not (VaeLikelihood.Auto or VaeLikelihood.Bernoulli))
                throw new ArgumentException($"{nameof(DynamicBinarization)} draws zeros and ones, which likelihood {options.Likelihood} is not for. Use likelihood {nameof(VaeLikelihood.Bernoulli)}.", nameof(DynamicBinarization));
            OptionChecks.Defined(options.Objective, nameof(Objective));
            OptionChecks.FiniteAndPositive(options.FixedStandardDeviation, nameof(FixedStandardDeviation));
            OptionChecks.AtLeastOne(options.SamplesPerRow, nameof(SamplesPerRow));
            if (options.ElboSamples < 2 || options.ElboSamples % 2 != 0)
                throw new ArgumentOutOfRangeException(nameof(ElboSamples), options.ElboSamples, $"{nameof(ElboSamples)} is {options.ElboSamples}; it must be even and at least 2.");
            OptionChecks.AtLeastOne(options.ScoringSamples, nameof(ScoringSamples));
            if (options.LatentMixtureComponents < 0)
                throw new ArgumentOutOfRangeException(nameof(LatentMixtureComponents), options.LatentMixtureComponents, $"{nameof(LatentMixtureComponents)} is {options.LatentMixtureComponents}; it must be at least 1, or 0 for no mixture.");
            OptionChecks.AtLeastOne(options.NumberOfEpochs, nameof(NumberOfEpochs));
            OptionChecks.AtLeastOne(options.BatchSize, nameof(BatchSize));
            OptionChecks.FiniteAndPositive(options.LearningRate, nameof(LearningRate));
            if (!(options.ValidationFraction is >= 0 and < 1))
                throw new ArgumentOutOfRangeException(nameof(ValidationFraction), options.ValidationFraction, $"{nameof(ValidationFraction)} is {options.ValidationFraction}; it must be at least 0 and less than 1.");
            OptionChecks.AtLeastOne(options.NumberOfThreads ?? 1, nameof(NumberOfThreads));
            options.CheckTraining();
            if (options.GpuDeviceId < 0)
                throw new ArgumentOutOfRangeException(nameof(GpuDeviceId), options.GpuDeviceId, $"{nameof(GpuDeviceId)} is {options.GpuDeviceId}; GPUs are counted from 0.");
            return options;
        }

        private IEnumerable<(string? Value, string Name)> OutputColumns()
        {
            yield return (OutputColumnName, nameof(OutputColumnName));
            if (StandardDeviationColumnName is not null)
                yield return (StandardDeviationColumnName, nameof(StandardDeviationColumnName));
            if (ReconstructionColumnName is not null)
                yield return (ReconstructionColumnName, nameof(ReconstructionColumnName));
            if (LogDensityColumnName is not null)
                yield return (LogDensityColumnName, nameof(LogDensityColumnName));
            if (ImputationColumnName is not null)
                yield return (ImputationColumnName, nameof(ImputationColumnName));
        }

        private static int[] CheckedLayers(int[]? layers, string name)
        {
            ArgumentNullException.ThrowIfNull(layers, name);
            for (int i = 0; i < layers.Length; i++)
                OptionChecks.AtLeastOne(layers[i], $"{name}[{i}]");
            return [.. layers];
        }
    }
}
