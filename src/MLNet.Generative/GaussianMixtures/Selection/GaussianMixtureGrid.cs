using System.Runtime.ExceptionServices;

namespace MLNet.Generative;

/// <summary>Fits many mixtures to the same rows.</summary>
internal static class GaussianMixtureGrid
{
    /// <summary>Fits all, several at once. The result is the same for any number of threads.</summary>
    /// <param name="rows">The rows, which all share.</param>
    /// <param name="precision">The precision that they had before they were read.</param>
    /// <param name="cells">The mixtures.</param>
    /// <param name="options">How to learn each. Its progress is told of every iteration, from several threads at once.</param>
    /// <param name="seed">The seed of all starting points.</param>
    /// <param name="finished">Told of every cell that is done, from several threads at once: its index, and the fit or why there is none.</param>
    /// <param name="problems">For each cell why it has no fit.</param>
    /// <returns>The fit of each cell; <see langword="null"/> where its options and the rows do not go together.</returns>
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
        var fits = new GaussianMixtureFit?[cells.Count];
        var found = new string?[cells.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.NumberOfThreads ?? Environment.ProcessorCount, CancellationToken = options.CancellationToken };
        // One clustering serves all cells.
        HierarchicalStarts? hierarchicalStarts = options.Initialization == GaussianMixtureInitialization.Hierarchical
            ? HierarchicalStarts.Of(rows, cells.Max(cell => cell.NumberOfComponents), options.NumberOfThreads ?? Environment.ProcessorCount, options.CancellationToken)
            : null;
        try
        {
            Parallel.For(0, cells.Count, parallel, cell =>
            {
                (fits[cell], found[cell]) = Fit(rows, precision, cells[cell], options, seed, hierarchicalStarts);
                finished(cell, fits[cell], found[cell]);
            });
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }
        problems = found;
        return fits;
    }

    private static (GaussianMixtureFit? Fit, string? Problem) Fit(
        WeightedRows rows,
        InputPrecision precision,
        (int NumberOfComponents, CovarianceType Type) cell,
        GaussianMixtureEstimator.Options options,
        int seed,
        HierarchicalStarts? hierarchicalStarts)
    {
        GaussianMixtureEstimator.Options own = options.Checked();
        own.NumberOfComponents = cell.NumberOfComponents;
        own.CovarianceType = cell.Type;
        own.NumberOfThreads = 1;
        try
        {
            return (GaussianMixtureLearner.Fit(rows, own, seed, precision, progress => own.Progress?.Report(progress), hierarchicalStarts), null);
        }
        catch (ArgumentException problem)
        {
            return (null, problem.Message.Split(" (Parameter")[0]);
        }
    }
}
