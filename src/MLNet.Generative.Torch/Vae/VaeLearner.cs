using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Generative;

/// <summary>
/// Learns a variational autoencoder by stochastic gradient variational Bayes (Kingma and Welling 2013, algorithm 1): minibatches, samples of the latent code by the
/// reparametrisation z = μ + σ ε, and Adam on the gradient of the evidence lower bound. What it returns is the average of the weights over about the last tenth of the steps, which takes out
/// the noise of a constant learning rate (Shamir and Zhang 2013, section 4.2).
/// </summary>
public static class VaeLearner
{
    /// <summary>Learns a variational autoencoder. Column names in the options are ignored.</summary>
    /// <param name="rows">The training rows, one after another: all values finite.</param>
    /// <param name="dimension">The number of features in a row: at least 1.</param>
    /// <param name="options">The options. Without a seed, 0 is taken.</param>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// An option is out of range, there are no rows, fewer than components of a latent mixture, their number of values is no multiple of the dimension, or the noise is too far from the scale of a feature.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A value is not finite, or cannot occur under the likelihood; the loss was not a number before the first epoch was finished; or the GPU does not exist.
    /// </exception>
    /// <exception cref="DllNotFoundException">The native libtorch is missing; the message says which package to add.</exception>
    /// <exception cref="PlatformNotSupportedException">There is no libtorch for this system.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static VaeFit Fit(ReadOnlyMemory<double> rows, int dimension, VaeEstimator.Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        VaeEstimator.Options known = options.Checked();
        Device device = TorchDevice.Resolve(known.GpuDeviceId, known.FallbackToCpu ?? false);
        return Fit(rows, dimension, FeatureNames.None, known, known.Seed ?? 0, device, progress => known.Progress?.Report(progress), known.CancellationToken.ThrowIfCancellationRequested);
    }

    internal static VaeFit Fit(
        ReadOnlyMemory<double> rows,
        int dimension,
        FeatureNames names,
        VaeEstimator.Options options,
        int seed,
        Device device,
        Action<VaeTrainingProgress> report,
        Action checkCancelled)
    {
        TrainingPlan plan = TrainingPlan.Create(rows.Span, dimension, options, names);
        LatentMixture.CheckRows(rows.Length / dimension, options);
        using var threads = LibTorchThreads.Use(options.NumberOfThreads);
        using Generator order = SeededGenerator.Create(seed, RandomStream.Order);
        using Generator noise = SeededGenerator.Create(seed, RandomStream.Noise);

        using ParameterSet parameters = ParameterSet.Draw(plan.Architecture, device, order);
        using TrainingRows data = TrainingRows.Create(rows.Span, plan.Scaling, options.ValidationFraction, device, order);
        using var optimizer = new AdamOptimizer(parameters, options.LearningRate);
        using var average = new WeightAverage(parameters);
        using EvidenceLowerBound bound = EvidenceLowerBound.Create(plan, parameters, options, device);
        using EvidenceLowerBound averageBound = EvidenceLowerBound.Create(plan, average.Parameters, options, device);

        var record = new TrainingRecord(average.Parameters, plan, options.LearningRate);
        var clock = new TrainingClock(data.Count, options.NumberOfEpochs);
        for (int epoch = 1; epoch <= options.NumberOfEpochs; epoch++)
        {
            var statistics = new EpochStatistics(options.LatentDimension);
            foreach (Tensor batch in data.Batches(options.BatchSize, order))
            {
                using DisposeScope step = NewDisposeScope();
                step.Attach(batch);
                checkCancelled();

                EvidenceLowerBoundTerms terms = bound.Estimate(Presented(batch, options, noise), noise);
                if (!statistics.Add(terms))
                    break;
                (-terms.Objective).backward();
                optimizer.Step();
                average.Update();
            }

            if (!record.Add(statistics, () => Validate(averageBound, data, options, seed)))
                break;
            report(clock.Finished(record.Last));
        }

        float[] scoringNoise = ScoringNoise.Create(seed, options.ScoringSamplesPerRow, options.LatentDimension);
        var model = new VaeModel(plan.Architecture, plan.Scaling, record.Weights(), scoringNoise, device);
        var fit = new VaeFit(model, record.ToSummary(averageBound.CountAtFloor()));
        return LatentMixture.AddTo(fit, rows, weights: default, options, seed, checkCancelled);
    }

    // The same objective as in training, with the same noise after every epoch, so that epochs can be compared.
    private static double? Validate(EvidenceLowerBound bound, TrainingRows data, VaeEstimator.Options options, int seed)
    {
        if (data.ValidationCount == 0)
            return null;
        using var evaluation = no_grad();
        using Generator noise = SeededGenerator.Create(seed, RandomStream.Validation);
        var statistics = new EpochStatistics(options.LatentDimension);
        foreach (Tensor batch in data.ValidationBatches(options.BatchSize))
        {
            using DisposeScope step = NewDisposeScope();
            step.Attach(batch);
            if (!statistics.Add(bound.Estimate(Presented(batch, options, noise), noise)))
                return double.NaN;
        }
        return statistics.Objective;
    }

    private static Tensor Presented(Tensor batch, VaeEstimator.Options options, Generator noise) =>
        options.DynamicBinarization ? RandomTensors.Uniform(batch.shape, batch.device, noise).lt(batch).to(float32) : batch;
}
