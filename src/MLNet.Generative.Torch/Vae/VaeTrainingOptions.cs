namespace MLNet.Generative;

public sealed partial class VaeEstimator
{
    public sealed partial class Options
    {
        /// <summary>How the learning rate falls while training goes on.</summary>
        public VaeLearningRateSchedule LearningRateSchedule = VaeLearningRateSchedule.Constant;

        /// <summary>
        /// The number of epochs in which the learning rate falls, after which it stays: at least 1. <see langword="null"/> for <see cref="NumberOfEpochs"/>. Give it where a training is resumed with more epochs
        /// than it was started with, so that both parts follow one schedule.
        /// </summary>
        public int? LearningRateDecayEpochs;

        /// <summary>The share of <see cref="LearningRate"/> that is left when it has fallen: greater than 0, at most 1.</summary>
        public double FinalLearningRateShare = 0.01;

        /// <summary>The number of epochs, which need not be whole, in which the learning rate rises from 0 at the start: finite, not negative.</summary>
        public double LearningRateWarmUpEpochs;

        /// <summary>
        /// The largest norm of the gradient of all weights in a step: a longer one is shortened to it (Pascanu, Mikolov and Bengio 2013). Finite, positive; <see langword="null"/> for no limit.
        /// </summary>
        public double? MaximumGradientNorm;

        /// <summary>
        /// The number of epochs, which need not be whole, in which the weight of the KL divergence rises from 0 to <see cref="Beta"/>, so that the decoder learns to use the code before the code has a
        /// price (Bowman et al. 2016; Sønderby et al. 2016): finite, not negative. Validation always measures the objective with <see cref="Beta"/> itself.
        /// </summary>
        public double KlWarmUpEpochs;

        /// <summary>
        /// λ, the KL divergence in nats that each latent dimension has for free, as the mean over a batch: below it there is no gain in making the divergence smaller, so that a dimension is not given up
        /// (Kingma et al. 2016, appendix C.8). Finite, not negative. Scores do not know of it.
        /// </summary>
        public double FreeBits;

        /// <summary>
        /// Stops the training when the objective on the validation rows has not risen for so many epochs, and returns the weights of the best epoch: at least 1. It wants a
        /// <see cref="ValidationFraction"/>; epochs of <see cref="KlWarmUpEpochs"/> do not count. <see langword="null"/> to train all epochs and return the last.
        /// </summary>
        public int? EarlyStoppingPatience;

        /// <summary>How much higher than the best so far, in nats per row, an objective must be to count as risen: finite, not negative.</summary>
        public double EarlyStoppingTolerance;

        /// <summary>
        /// The file to which the state of the training is written after epochs, so that a training that was interrupted goes on where it was: <c>Fit</c> with the same data and a file that exists resumes it,
        /// and gives the same bits as a training without a break. It may go on with another <see cref="NumberOfEpochs"/>, learning rate or batch size, but not with other data, another
        /// architecture or another objective. The file is replaced in one step: cancelled at any time, the last one is whole. If it is a folder, the file is <c>vae.checkpoint</c> in it. The folder is made if there is none.
        /// <see langword="null"/> for none.
        /// </summary>
        public string? CheckpointPath;

        /// <summary>The number of epochs from one checkpoint to the next: at least 1. There always is one at the end.</summary>
        public int CheckpointInterval = 1;

        /// <summary>The folder to which every epoch's objective and its parts are written for TensorBoard; <see langword="null"/> for none.</summary>
        public string? TensorBoardFolder;

        private void CheckTraining()
        {
            OptionChecks.Defined(LearningRateSchedule, nameof(LearningRateSchedule));
            OptionChecks.AtLeastOne(LearningRateDecayEpochs ?? 1, nameof(LearningRateDecayEpochs));
            if (!(FinalLearningRateShare is > 0 and <= 1))
                throw new ArgumentOutOfRangeException(nameof(FinalLearningRateShare), FinalLearningRateShare, $"{nameof(FinalLearningRateShare)} is {FinalLearningRateShare}; it must be greater than 0 and at most 1.");
            OptionChecks.FiniteAndNotNegative(LearningRateWarmUpEpochs, nameof(LearningRateWarmUpEpochs));
            OptionChecks.FiniteAndPositive(MaximumGradientNorm ?? 1, nameof(MaximumGradientNorm));
            OptionChecks.FiniteAndNotNegative(KlWarmUpEpochs, nameof(KlWarmUpEpochs));
            OptionChecks.FiniteAndNotNegative(FreeBits, nameof(FreeBits));
            OptionChecks.AtLeastOne(EarlyStoppingPatience ?? 1, nameof(EarlyStoppingPatience));
            if (EarlyStoppingPatience is not null && ValidationFraction == 0)
                throw new ArgumentException($"{nameof(EarlyStoppingPatience)} is {EarlyStoppingPatience}, but {nameof(ValidationFraction)} is 0, so there is nothing to tell when to stop. Set {nameof(ValidationFraction)}, for example to 0.1.", nameof(EarlyStoppingPatience));
            OptionChecks.FiniteAndNotNegative(EarlyStoppingTolerance, nameof(EarlyStoppingTolerance));
            OptionChecks.AtLeastOne(CheckpointInterval, nameof(CheckpointInterval));
            CheckpointPath = CheckpointPath is null ? null : WritableFolder.FileIn(CheckpointPath, "vae.checkpoint", nameof(CheckpointPath));
            TensorBoardFolder = TensorBoardFolder is null ? null : WritableFolder.Check(TensorBoardFolder, nameof(TensorBoardFolder));
        }
    }
}
