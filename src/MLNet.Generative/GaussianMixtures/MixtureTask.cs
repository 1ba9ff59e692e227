namespace MLNet.Generative;

/// <summary>What all starts of a training have in common: the rows, what is known of all of them together, and how to learn.</summary>
internal sealed record MixtureTask(WeightedRows Rows, DataMoments Moments, CovarianceFloor Floor, GaussianMixtureEstimator.Options Options, int Threads)
{
    /// <summary>Where EM starts.</summary>
    public StartingPoints StartingPoints => new(Rows, Moments, Options, Threads, HierarchicalStarts);

    /// <summary>Hierarchical clusterings that this training shares with others of the same rows; <see langword="null"/> for its own.</summary>
    public HierarchicalStarts? HierarchicalStarts { get; init; }

    /// <summary>Checks that rows and options go together.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static MixtureTask Of(WeightedRows rows, GaussianMixtureEstimator.Options options, InputPrecision precision)
    {
        int threads = options.NumberOfThreads ?? Environment.ProcessorCount;
        CheckSizes(rows, options);
        bool withCovariance = !CovarianceStructure.Of(options.CovarianceType).IsDiagonal || rows.Dimension <= ThinCovariance.LargestDimensionWithCovariance;
        DataMoments moments = DataMoments.Of(rows, withCovariance, threads, options.CancellationToken);
        CheckEnoughRows(rows, options);
        return new MixtureTask(rows, moments, new CovarianceFloor(moments.Mean, moments.Variances, precision), options, threads);
    }

    /// <summary>The same task with another covariance type.</summary>
    public MixtureTask With(CovarianceType type) =>
        type == Options.CovarianceType ? this : this with { Options = Options.With(options => options.CovarianceType = type) };

    private static void CheckSizes(WeightedRows rows, GaussianMixtureEstimator.Options options)
    {
        if (options.InitialModel is { } given && given.Dimension != rows.Dimension)
            throw new ArgumentException($"{nameof(options.InitialModel)} has {given.Dimension} features; the rows have {rows.Dimension}.", nameof(options));
        if (!CovarianceStructure.Of(options.CovarianceType).IsDiagonal && (long)rows.Dimension * rows.Dimension > Array.MaxLength)
            throw new ArgumentException($"A covariance of {rows.Dimension} features does not fit into memory. Use {nameof(CovarianceType.Diagonal)} covariances, or fewer features, for example from ProjectToPrincipalComponents.", nameof(rows));
    }

    private static void CheckEnoughRows(WeightedRows rows, GaussianMixtureEstimator.Options options)
    {
        int distinct = DistinctRows.Find(rows, Enumerable.Range(0, rows.Count), options.NumberOfComponents).Count;
        if (distinct < options.NumberOfComponents)
            throw new ArgumentException($"The {rows.Count} rows have {distinct} distinct values of positive weight; {options.NumberOfComponents} components need at least as many. Lower {nameof(options.NumberOfComponents)} to {distinct} or give more data.", nameof(rows));
    }
}
