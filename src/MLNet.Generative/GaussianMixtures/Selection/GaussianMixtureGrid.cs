using System.Runtime.ExceptionServices;

namespace MLNet.Generative;

/// <summary>
/// Fits many mixtures to the same rows: all covariance structures of one number of components from the same starts, so that a richer one never ends below those nested in it.
/// </summary>
internal static class GaussianMixtureGrid
{
    /// <summary>Fits all, several numbers of components and starts at once. The result is the same for any number of threads.</summary>
    /// <param name="rows">The rows, which all share.</param>
    /// <param name="precision">The precision that they had before they were read.</param>
    /// <param name="cells">The mixtures.</param>
    /// <param name="options">How to learn each. Its progress is told of every iteration, from several threads at once.</param>
    /// <param name="seed">The seed of all starting points.</param>
    /// <param name="finished">Told of every cell that is done, from several threads at once: its index, and the fit or why there is none.</param>
    /// <param name="problems">For each cell why it has no fit.</param>
    /// <returns>The fit of each cell; <see langword="null"/> where its options and the rows do not go together.</returns>
    /// <exception cref="ArgumentException">The rows are not what any mixture can be fitted to.</exception>
    /// <exception cref="OperationCanceledException">The training was cancelled.</exception>
    public static GaussianMixtureFit?[] Run(
        WeightedRows rows,
        InputPrecision precision,
        IReadOnlyList<(int NumberOfComponents, CovarianceType Type)> cells,
        GaussianMixtureEstimator.Options options,
        int seed,
        Action<int, GaussianMixtureFit?, string?> finished,
        out string?[] problems)
    {
        int threads = options.NumberOfThreads ?? Environment.ProcessorCount;
        MixtureTask task = MixtureTask.Of(rows, options, precision, [.. cells.Select(cell => cell.Type).Distinct()], cells.Max(cell => cell.NumberOfComponents));

        // The longest first, so that no thread is left alone with them.
        Group[] groups = [.. cells.Select((cell, i) => (cell, i)).GroupBy(pair => pair.cell.NumberOfComponents, pair => (pair.i, pair.cell.Type)).OrderByDescending(group => group.Key)
            .Select(group => new Group(group.Key, [.. group], options.NumberOfInitializations))];
        (Group Group, int Start)[] starts = [.. groups.SelectMany(group => Enumerable.Range(0, options.NumberOfInitializations), (group, start) => (group, start))];
        task = task with { Threads = Math.Max(1, threads / starts.Length) };

        var fits = new GaussianMixtureFit?[cells.Count];
        var found = new string?[cells.Count];
        int next = -1;
        void Work()
        {
            for (int i = Interlocked.Increment(ref next); i < starts.Length; i = Interlocked.Increment(ref next))
            {
                (Group group, int start) = starts[i];
                FitStart(group, start, task, seed);
                if (Interlocked.Decrement(ref group.Remaining) == 0)
                    Finish(group, fits, found, finished);
            }
        }

        try
        {
            Parallel.For(0, Math.Min(threads, starts.Length), new ParallelOptions { MaxDegreeOfParallelism = threads }, _ => Work());
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
        problems = found;
        return fits;
    }

    /// <summary>All structures of one number of components, from one start.</summary>
    private static void FitStart(Group group, int start, MixtureTask task, int seed)
    {
        MixtureTask own = task.With(group.NumberOfComponents);
        CovarianceStructure[] structures = [.. group.Cells.Select(cell => CovarianceStructure.Of(cell.Type))];
        StartingPoint point = own.StartingPoints.Create(start, seed);
        void Report(int iteration, double objective) =>
            own.Options.Progress?.Report(new TrainingProgress(start + 1, own.Options.NumberOfInitializations, iteration, own.Options.MaximumNumberOfIterations, objective));
        var nested = new NestedFits(
            structures,
            type => GaussianMixtureLearner.Run(point, own.With(type), Report),
            (type, from) => GaussianMixtureLearner.Run(new StartingModel(from), own.With(type), Report));
        for (int s = 0; s < structures.Length; s++)
        {
            try
            {
                own.CheckSizes(structures[s]);
                group.Fits[start][s] = nested.Of(structures[s]);
            }
            catch (Exception problem) when (problem is ArgumentException or InvalidOperationException)
            {
                group.Problems[s] = problem.Message.Split(" (Parameter")[0];
            }
        }
    }

    private static void Finish(Group group, GaussianMixtureFit?[] fits, string?[] problems, Action<int, GaussianMixtureFit?, string?> finished)
    {
        for (int s = 0; s < group.Cells.Length; s++)
        {
            int cell = group.Cells[s].Index;
            GaussianMixtureFit[] own = [.. group.Fits.Select(start => start[s]).OfType<GaussianMixtureFit>()];
            fits[cell] = own.Length == 0 ? null : BestFit.Of(own, fit => fit.Summary, fit => fit.Summary.LogLikelihood, (fit, summary) => fit with { Summary = summary });
            problems[cell] = fits[cell] is null ? group.Problems[s] : null;
            finished(cell, fits[cell], problems[cell]);
        }
    }

    /// <summary>The cells of one number of components, and what each start gave.</summary>
    private sealed class Group(int numberOfComponents, (int Index, CovarianceType Type)[] cells, int starts)
    {
        public int Remaining = starts;

        public int NumberOfComponents { get; } = numberOfComponents;

        public (int Index, CovarianceType Type)[] Cells { get; } = cells;

        public GaussianMixtureFit?[][] Fits { get; } = [.. Enumerable.Range(0, starts).Select(_ => new GaussianMixtureFit?[cells.Length])];

        public string?[] Problems { get; } = new string?[cells.Length];
    }
}
