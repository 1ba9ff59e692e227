namespace MLNet.Generative;

public static partial class GaussianMixtureLearner
{
    // In nats. Fits that are the same but for rounding and where they stopped; no choice between models should hang on less.
    private const double EqualCriteria = 1e-6;

    /// <summary>Fits mixtures with several numbers of components and covariance types to the same rows, and finds the best of them.</summary>
    /// <param name="rows">The rows, one after the other: count × dimension finite numbers.</param>
    /// <param name="dimension">The number of features D, at least 1.</param>
    /// <param name="options">Which mixtures to try, how to learn each, and what decides. Column names are ignored. Without a seed, 0 is taken.</param>
    /// <param name="weights">A weight for each row, finite and not negative; a weight of 2 counts as two equal rows. Empty for weights of 1.</param>
    /// <returns>A table of all mixtures, and the best fit.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">
    /// The rows or weights are not as described, there are fewer distinct rows than the largest number of components, a covariance type needs more than one feature,
    /// covariance types repeat, or nothing could be fitted.
    /// </exception>
    /// <exception cref="OperationCanceledException">The selection was cancelled.</exception>
    public static GaussianMixtureSelection<GaussianMixtureFit> Select(
        ReadOnlyMemory<double> rows, int dimension, GaussianMixtureSelectionOptions options, ReadOnlyMemory<double> weights = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options = options.Checked();
        return Select(new WeightedRows(rows, dimension, weights), options, options.ForOneMixture(), options.Seed ?? 0, InputPrecision.Double, report: null);
    }

    internal static GaussianMixtureSelection<GaussianMixtureFit> Select(
        WeightedRows rows,
        GaussianMixtureSelectionOptions options,
        GaussianMixtureEstimator.Options optionsOfEach,
        int seed,
        InputPrecision precision,
        Action<GaussianMixtureSelectionProgress>? report)
    {
        (int NumberOfComponents, CovarianceType Type)[] cells = GaussianMixtureCandidates.Of(options, rows);
        GaussianMixtureSelectionRow RowOf(int cell, GaussianMixtureFit? fit, string? problem) =>
            new(cells[cell].NumberOfComponents, cells[cell].Type, cells[cell].Type.ToLetters(rows.Dimension), fit?.Model, fit?.Summary, problem);

        var table = new GaussianMixtureSelectionRow[cells.Length];
        int done = 0;
        var oneAtATime = new Lock();
        GaussianMixtureFit?[] fits = GaussianMixtureGrid.Run(
            rows,
            precision,
            cells,
            optionsOfEach,
            seed,
            (cell, fit, problem) =>
            {
                lock (oneAtATime)
                {
                    var progress = new GaussianMixtureSelectionProgress(++done, cells.Length, RowOf(cell, fit, problem));
                    report?.Invoke(progress);
                    options.Progress?.Report(progress);
                }
            },
            out string?[] problems);
        for (int cell = 0; cell < cells.Length; cell++)
            table[cell] = RowOf(cell, fits[cell], problems[cell]);

        int best = FindBest(table, options.Criterion);
        return new GaussianMixtureSelection<GaussianMixtureFit>(table, options.Criterion, table[best], fits[best]!);
    }

    private static int FindBest(GaussianMixtureSelectionRow[] table, InformationCriterion criterion)
    {
        int[] fitted = [.. Enumerable.Range(0, table.Length).Where(row => table[row].Summary is not null)];
        if (fitted.Length == 0)
            throw new ArgumentException($"None of the {table.Length} mixtures could be fitted. {table[0]}", nameof(table));
        int[] honest = [.. fitted.Where(row => !table[row].Summary!.IsDegenerate)];
        int[] eligible = honest.Length > 0 ? honest : fitted;

        double lowest = eligible.Min(row => table[row].Get(criterion));
        return eligible.Where(row => table[row].Get(criterion) <= lowest + EqualCriteria).MinBy(row => table[row].Summary!.NumberOfParameters);
    }
}
