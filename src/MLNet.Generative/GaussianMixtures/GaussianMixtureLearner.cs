using System.Globalization;

namespace MLNet.Generative;

/// <summary>A fitted mixture and how it fits.</summary>
/// <param name="Model">The mixture.</param>
/// <param name="Summary">Its log-likelihood and information criteria, and how the training went.</param>
public sealed record GaussianMixtureFit(GaussianMixtureModel Model, FitSummary Summary);

/// <summary>
/// Learns a Gaussian mixture by expectation-maximisation (Dempster, Laird and Rubin 1977; Bishop 2006, section 9.2.2): arrays in, model out. No
/// <c>MLContext</c> is needed.
/// </summary>
public static partial class GaussianMixtureLearner
{
    private const long LargestSizeForSimplerTypes = 100_000;

    /// <summary>Fits a mixture by maximum likelihood.</summary>
    /// <param name="rows">The rows, one after the other: count × dimension finite numbers.</param>
    /// <param name="dimension">The number of features D, at least 1.</param>
    /// <param name="options">How to learn. Column names are ignored. Without a seed, 0 is taken.</param>
    /// <param name="weights">A weight for each row, finite and not negative; a weight of 2 counts as two equal rows. Empty for weights of 1.</param>
    /// <returns>
    /// The best of <see cref="GaussianMixtureEstimator.Options.NumberOfInitializations"/> fits: the one with the highest likelihood among those that
    /// are not degenerate, or among all if all are.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">The rows or weights are not as described, or there are fewer distinct rows than components.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static GaussianMixtureFit Fit(
        ReadOnlyMemory<double> rows, int dimension, GaussianMixtureEstimator.Options options, ReadOnlyMemory<double> weights = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options.Checked();
        return Fit(new WeightedRows(rows, dimension, weights), options, options.Seed ?? 0, InputPrecision.Double, progress => options.Progress?.Report(progress));
    }

    internal static GaussianMixtureFit Fit(
        WeightedRows rows, GaussianMixtureEstimator.Options options, int seed, InputPrecision precision, Action<TrainingProgress> report)
    {
        MixtureTask task = MixtureTask.Of(rows, options, precision);
        bool withSimplerTypes = options.InitialModel is null && (options.StartFromSimplerTypes ?? IsSmall(rows, options.NumberOfComponents));
        CovarianceStructure structure = CovarianceStructure.Of(options.CovarianceType);
        CovarianceStructure[] nested = withSimplerTypes && options.NumberOfComponents > 1 ? [.. structure.Nested] : [];

        // A given model is the same start every time.
        int initializations = options.InitialModel is null ? options.NumberOfInitializations : 1;
        var fits = new List<GaussianMixtureFit>();
        for (int i = 0; i < initializations; i++)
        {
            void Report(int iteration, double objective) => report(new TrainingProgress(i + 1, initializations, iteration, options.MaximumNumberOfIterations, objective));
            StartingPoint start = task.StartingPoints.Create(i, seed);
            fits.Add(new NestedFits(nested, type => Run(start, task.With(type), Report), (type, from) => Run(new StartingModel(from), task.With(type), Report)).Of(structure));
        }
        return BestFit.Of(fits, fit => fit.Summary, fit => fit.Summary.LogLikelihood, (fit, summary) => fit with { Summary = summary });
    }

    // The other types then cost a moment.
    private static bool IsSmall(WeightedRows rows, int numberOfComponents) =>
        (double)rows.Count * rows.Dimension * rows.Dimension * numberOfComponents <= LargestSizeForSimplerTypes;

    /// <summary>Expectation-maximisation from one starting point. The log-likelihood never falls, and the one reported is that of the model returned.</summary>
    internal static GaussianMixtureFit Run(StartingPoint start, MixtureTask task, Action<int, double> report)
    {
        var maximization = new MixtureMaximization(task.Rows, task.Moments, task.Options, task.Floor);
        var convergence = new ConvergenceMonitor(task.Options.Tolerance, task.Options.MaximumNumberOfIterations, task.Rows.TotalWeight, task.Rows.Dimension, report);
        GaussianMixtureModel model = start.Under(maximization);
        var expectation = new MixtureExpectation(task.Rows, model.NumberOfComponents, maximization.IsDiagonal, task.Threads, task.Options.CancellationToken);
        var acceleration = GuardedAcceleration.Of(task, maximization, convergence);
        int reseeds = maximization.NumberOfReseeds;
        while (true)
        {
            GaussianMixtureModel current = model;
            double[][] references = Array.ConvertAll(current.Components, component => task.Moments.ReferenceFor(component.Mean));
            MixtureStatistics statistics = expectation.Run(current, references);
            if (acceleration?.HasFailed(statistics.LogLikelihood) == true)
            {
                model = acceleration.StepBack();
                expectation.Recycle(statistics);
                continue;
            }

            bool reseeded = maximization.NumberOfReseeds > reseeds;
            reseeds = maximization.NumberOfReseeds;
            if (convergence.ShouldStop(statistics.LogLikelihood, mayFall: reseeded, mayConverge: acceleration?.IsExtrapolated != true))
                return new GaussianMixtureFit(current, Summarize(current, statistics, task, maximization, convergence));

            WeightedScatter[] scatters = maximization.Center(statistics, references, () => expectation.LogDensities(current));
            model = maximization.Run(acceleration?.Extrapolate(scatters, current) ?? scatters, current);
            expectation.Recycle(statistics);
        }
    }

    private static FitSummary Summarize(
        GaussianMixtureModel model, MixtureStatistics statistics, MixtureTask task, MixtureMaximization maximization, ConvergenceMonitor convergence)
    {
        List<string> notes = Degeneracy.Describe(model, task.Rows.TotalWeight, task.Moments, task.Floor);
        if (maximization.NumberOfReseeds > 0)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"Degenerate: {maximization.NumberOfReseeds} times a component held no rows and was re-seeded at the rows that the mixture explained worst."));
        bool isDegenerate = notes.Count > 0;

        int floored = maximization.Floored.Count(raised => raised);
        if (floored > 0)
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"The covariances of {floored} of {model.NumberOfComponents} components are held up by the floor of {CovarianceFloor.Relative} of the data's variance."));
        notes.AddRange(convergence.Notes);

        return new FitSummary(
            statistics.LogLikelihood,
            statistics.LogLikelihood + statistics.Classification,
            model.NumberOfParameters,
            task.Rows.TotalWeight,
            [.. convergence.Trace],
            convergence.StopReason,
            isDegenerate,
            notes);
    }
}
