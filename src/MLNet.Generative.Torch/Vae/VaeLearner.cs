using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// Learns a variational autoencoder by stochastic gradient variational Bayes (Kingma and Welling 2013, algorithm 1): minibatches, samples of the latent code by the
/// reparametrisation z = μ + σ ε, and Adam on the gradient of the evidence lower bound. What it returns is the average of the weights over about the last tenth of the steps, which takes out
/// the noise of a constant learning rate (Shamir and Zhang 2013, section 4.2).
/// </summary>
public static class VaeLearner
{
    /// <summary>Learns a variational autoencoder. Column names in the options are ignored.</summary>
    /// <param name="rows">The training rows, one after another: values are finite, or NaN where they are missing. A row without any value is left out.</param>
    /// <param name="dimension">The number of features in a row: at least 1.</param>
    /// <param name="options">The options. Without a seed, 0 is taken.</param>
    /// <param name="weights">How much each row counts: finite, not negative, not all 0. Empty for weights of 1.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// An option is out of range, there are no rows, fewer than components of a latent mixture, their number of values is no multiple of the dimension, the weights are not one valid number for each row, or the noise is too far from the
    /// scale of a feature.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A value is infinite, or cannot occur under the likelihood; a feature is missing in every row; the loss was not a number before the first epoch was finished; the checkpoint is of another
    /// training; or the GPU does not exist.
    /// </exception>
    /// <exception cref="FormatException">The checkpoint is truncated or altered.</exception>
    /// <exception cref="DllNotFoundException">The native libtorch is missing; the message says which package to add.</exception>
    /// <exception cref="PlatformNotSupportedException">There is no libtorch for this system.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static VaeFit Fit(ReadOnlyMemory<double> rows, int dimension, VaeEstimator.Options options, ReadOnlyMemory<double> weights = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        VaeEstimator.Options known = options.Checked();
        torch.Device device = TorchDevice.Resolve(known.GpuDeviceId, known.FallbackToCpu ?? false);
        return Fit(rows, weights, dimension, FeatureNames.None, known, known.Seed ?? 0, device, progress => known.Progress?.Report(progress), known.CancellationToken.ThrowIfCancellationRequested);
    }

    internal static VaeFit Fit(
        ReadOnlyMemory<double> rows,
        ReadOnlyMemory<double> weights,
        int dimension,
        FeatureNames names,
        VaeEstimator.Options options,
        int seed,
        torch.Device device,
        Action<VaeTrainingProgress> report,
        Action checkCancelled)
    {
        if (!weights.IsEmpty)
        {
            // While rows still have the numbers that the user knows them by.
            TrainingPlan.CheckShape(rows.Span, dimension);
            TrainingPlan.CheckValues(rows.Span, dimension, options.Likelihood, names, options.DynamicBinarization);
            (rows, weights) = PositiveWeights.Of(rows, dimension, weights);
        }
        TrainingPlan plan = TrainingPlan.Create(rows.Span, weights.Span, dimension, options, names);
        (rows, weights) = (plan.Missing.WithoutEmptyRows(rows, dimension), weights.IsEmpty ? weights : plan.Missing.WithoutEmptyRows(weights, 1));
        LatentMixture.CheckRows(rows.Length / dimension, options);
        var checkpoints = new CheckpointKeeper(options, plan.Architecture, () => CheckpointIdentity.Of(plan, options, rows.Span, weights.Span));
        Checkpoint? checkpoint = checkpoints.Find();
        seed = checkpoint?.Seed ?? seed;

        using var threads = LibTorchThreads.Use(options.NumberOfThreads);
        using var training = new VaeTraining(rows.Span, weights.Span, plan, options, seed, device);
        var record = new TrainingRecord(training.AverageWeights, plan, options);
        if (checkpoint is not null)
        {
            training.Resume(checkpoint);
            record.Resume(checkpoint.History);
        }

        var tensorBoard = new TensorBoardLog(options.TensorBoardFolder);
        var clock = new TrainingClock(training.NumberOfRows, options.NumberOfEpochs, record.NumberOfEpochs);
        while (!record.IsComplete)
        {
            int epoch = record.NumberOfEpochs + 1;
            if (!record.Add(training.RunEpoch(epoch, checkCancelled), training.Validate))
                break;
            // Before the report, which may cancel the training.
            checkpoints.Save(epoch, record.IsComplete, identity => training.ToCheckpoint(identity, record.ToHistory()));
            VaeTrainingProgress progress = clock.Finished(record.Last, training.LearningRateAt(epoch), training.BetaAt(epoch));
            tensorBoard.Write(progress);
            report(progress);
        }

        // What is told of the weights is told of those that are returned.
        training.AverageWeights.CopyFrom(record.Weights());
        var scoringNoise = ScoringNoise.Create(seed, options.ElboSamples, options.ScoringSamples, options.LatentDimension);
        var model = new VaeModel(plan.Architecture, plan.Scaling, record.Weights(), scoringNoise, device);
        var fit = new VaeFit(model, record.ToSummary(training.CountAtFloor(), checkpoints.Problem, tensorBoard.Problem));
        return LatentMixture.AddTo(fit, rows, weights, options, seed, checkCancelled);
    }
}
