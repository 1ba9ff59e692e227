using System.Globalization;

namespace MLNet.Generative;

/// <summary>A fitted hidden Markov model and how it fits.</summary>
/// <param name="Model">The model.</param>
/// <param name="Summary">Its log-likelihood and information criteria, and how the training went.</param>
public sealed record HmmFit(HmmModel Model, FitSummary Summary);

/// <summary>
/// Learns a hidden Markov model by Baum-Welch, which is expectation-maximisation (Baum, Petrie, Soules and Weiss 1970; Rabiner 1989, section III.C): arrays in, model out. No
/// <c>MLContext</c> is needed.
/// </summary>
public static class HmmLearner
{
    /// <summary>Fits a model by maximum likelihood, or to the mode of the posterior if <see cref="HmmEstimator.Options.Prior"/> is given.</summary>
    /// <param name="sequences">The sequences, each T × D numbers, step after step; symbols count from 0. Empty ones are left out.</param>
    /// <param name="options">How to learn. Column names are ignored. Without a seed, 0 is taken.</param>
    /// <param name="dimension">D, the number of values per step: at least 1.</param>
    /// <param name="weights">A weight for each sequence, finite and not negative; a weight of 2 counts as two equal sequences. <see langword="null"/> for weights of 1.</param>
    /// <returns>The best of <see cref="HmmEstimator.Options.NumberOfInitializations"/> fits: the one with the highest likelihood (with a prior, posterior density) among those
    /// that are not degenerate, or among all if all are.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">
    /// The sequences or weights are not as described, a value is missing or none that the emissions can produce, there are fewer steps than states, or the initial model does not
    /// fit the sequences.
    /// </exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static HmmFit Fit(IReadOnlyList<double[]> sequences, HmmEstimator.Options options, int dimension = 1, IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options.Checked();
        return Fit(SequenceSet.Of(sequences, dimension, weights), options, options.Seed ?? 0, InputPrecision.Double, progress => options.Progress?.Report(progress));
    }

    /// <summary>Fits models with several numbers of states and compares them.</summary>
    /// <param name="sequences">The sequences, as for <see cref="Fit(IReadOnlyList{double[]}, HmmEstimator.Options, int, IReadOnlyList{double})"/>.</param>
    /// <param name="options">How to learn each; <see cref="HmmEstimator.Options.NumberOfStates"/> is ignored.</param>
    /// <param name="numbersOfStates">The numbers of states to compare, each at least 1.</param>
    /// <param name="criterion">What decides: the smallest wins, among models that are not degenerate.</param>
    /// <param name="dimension">D, the number of values per step: at least 1.</param>
    /// <param name="weights">A weight for each sequence, finite and not negative. <see langword="null"/> for weights of 1.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An argument or option is out of range, or the smallest model cannot be learned from the sequences.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static HmmSelection<HmmFit> Select(
        IReadOnlyList<double[]> sequences,
        HmmEstimator.Options options,
        IReadOnlyList<int> numbersOfStates,
        InformationCriterion criterion = InformationCriterion.Bic,
        int dimension = 1,
        IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options.Checked();
        SequenceSet set = SequenceSet.Of(sequences, dimension, weights);
        return HmmSelection.Of(
            options,
            numbersOfStates,
            criterion,
            chosen => Fit(set, chosen, chosen.Seed ?? 0, InputPrecision.Double, progress => chosen.Progress?.Report(progress)),
            fit => fit.Summary);
    }

    internal static HmmFit Fit(SequenceSet sequences, HmmEstimator.Options options, int seed, InputPrecision precision, Action<TrainingProgress> report)
    {
        int threads = options.NumberOfThreads ?? Environment.ProcessorCount;
        CheckSizes(sequences, options);
        sequences.Check(EmissionFamilies.FindNonNumber);
        DataMoments moments = DataMoments.Of(sequences.Frames, EmissionFamilies.NeedsCovariance(options, sequences.Dimension), threads, options.CancellationToken);

        // A given model is the same start every time.
        int initializations = options.InitialModel is null ? options.NumberOfInitializations : 1;
        var candidates = new List<Candidate>();
        for (int i = 0; i < initializations; i++)
        {
            EmissionLearner emissions = EmissionFamilies.CreateLearner(options, sequences.Frames, moments, precision);
            if (i == 0)
                sequences.Check(frame => emissions.FindProblem(frame));
            var convergence = new ConvergenceMonitor(
                options.Tolerance,
                options.MaximumNumberOfIterations,
                sequences.Frames.TotalWeight,
                sequences.Dimension,
                (iteration, objective) => report(new TrainingProgress(i + 1, initializations, iteration, options.MaximumNumberOfIterations, objective)));
            HmmModel start = new HmmStart(sequences, moments, options, emissions, threads).Create(i, seed);
            candidates.Add(Run(start, sequences, options, threads, emissions, convergence));
        }
        return BestFit.Of(
            candidates,
            candidate => candidate.Fit.Summary,
            candidate => candidate.Objective,
            (candidate, summary) => candidate with { Fit = candidate.Fit with { Summary = summary } }).Fit;
    }

    /// <summary>Baum-Welch from one starting point. The objective never falls, and the log-likelihood reported is that of the model returned.</summary>
    private static Candidate Run(
        HmmModel model, SequenceSet sequences, HmmEstimator.Options options, int threads, EmissionLearner emissions, ConvergenceMonitor convergence)
    {
        var expectation = new HmmExpectation(sequences, threads, options.CancellationToken);
        var maximization = new HmmMaximization(emissions, options.Prior!);
        var trace = new List<double>();
        while (true)
        {
            HmmStatistics statistics = expectation.Run(model, emissions);
            if (statistics.FirstImpossible >= 0)
                throw new ArgumentException($"{sequences.Describe(statistics.FirstImpossible)} has probability 0 under the {(trace.Count == 0 ? "initial" : "current")} model. Give an initial model that can emit every sequence.", nameof(sequences));

            trace.Add(statistics.LogLikelihood);
            double objective = statistics.LogLikelihood + maximization.LogPrior(model);
            if (convergence.ShouldStop(objective, mayFall: false))
                return new Candidate(new HmmFit(model, Summarize(model, statistics, trace, expectation.PathLogLikelihood(model), emissions, sequences, convergence)), objective);
            model = maximization.Run(statistics, model);
        }
    }

    private static FitSummary Summarize(
        HmmModel model, HmmStatistics statistics, List<double> trace, double pathLogLikelihood, EmissionLearner emissions, SequenceSet sequences, ConvergenceMonitor convergence)
    {
        // With less than this share of a step, the lightest, a state's visits are rounding.
        double negligible = 1e-10 * sequences.Frames.SmallestPositiveWeight;
        List<string> notes = [.. emissions.DescribeDegeneracy(model.Emissions)];
        for (int k = 0; k < model.NumberOfStates; k++)
        {
            if (!(statistics.Visits[k] > negligible))
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"State {k + 1} is degenerate: no step is in it. It keeps its last parameters, or has those of the prior. Fewer states avoid it."));
        }
        bool isDegenerate = notes.Count > 0;
        notes.AddRange(emissions.DescribeNotes());
        notes.AddRange(convergence.Notes);
        return new FitSummary(
            statistics.LogLikelihood,
            pathLogLikelihood,
            model.NumberOfParameters,
            sequences.Frames.TotalWeight,
            trace,
            convergence.StopReason,
            isDegenerate,
            notes);
    }

    private static void CheckSizes(SequenceSet sequences, HmmEstimator.Options options)
    {
        int frames = Enumerable.Range(0, sequences.Count).Sum(s => sequences.Weight(s) > 0 ? sequences.Length(s) : 0);
        if (frames == 0)
            throw new ArgumentException($"All {sequences.Count} sequences have weight 0. Give at least one a positive weight.", nameof(sequences));
        if (frames < options.NumberOfStates)
            throw new ArgumentException($"The sequences have {frames} steps in all; {options.NumberOfStates} states need at least as many. Lower {nameof(options.NumberOfStates)} or give more data.", nameof(sequences));
        if (options.Emission == EmissionType.Categorical && sequences.Dimension != 1)
            throw new ArgumentException($"A step has {sequences.Dimension} values; with {EmissionType.Categorical} emissions it has one symbol. For several, use {EmissionType.Product}.", nameof(sequences));
        if (options.InitialModel is { } given && given.Dimension != sequences.Dimension)
            throw new ArgumentException($"{nameof(options.InitialModel)} emits {given.Dimension} values per step; the sequences have {sequences.Dimension}.", nameof(options));
        if (options.FeatureEmissions is { } families && families.Count != sequences.Dimension)
            throw new ArgumentException($"{nameof(options.FeatureEmissions)} names {families.Count} families; the sequences have {sequences.Dimension} values per step. Name one for each.", nameof(options));
    }

    private sealed record Candidate(HmmFit Fit, double Objective);
}
