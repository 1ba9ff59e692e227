namespace MLNet.Generative;

/// <summary>What all starts of a training have in common: the rows, what is known of all of them together, and how to learn.</summary>
internal sealed record MixtureTask(
    WeightedRows Rows, DataMoments Moments, CovarianceFloor Floor, HierarchicalStarts HierarchicalStarts, GaussianMixtureEstimator.Options Options, int Threads)
{
    /// <summary>Where EM starts.</summary>
    public StartingPoints StartingPoints => new(Rows, Moments, Options, Threads, HierarchicalStarts);

    /// <summary>The task of one mixture.</summary>
    /// <exception cref="ArgumentException">Rows and options do not go together.</exception>
    public static MixtureTask Of(WeightedRows rows, GaussianMixtureEstimator.Options options, InputPrecision precision)
    {
        if (options.InitialModel is { } given && given.Dimension != rows.Dimension)
            throw new ArgumentException($"{nameof(options.InitialModel)} has {given.Dimension} features; the rows have {rows.Dimension}.", nameof(options));
        CheckSizes(rows, CovarianceStructure.Of(options.CovarianceType));
        return Of(rows, options, precision, [options.CovarianceType], options.NumberOfComponents);
    }

    /// <summary>What the tasks of several mixtures have in common.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="options">How to learn.</param>
    /// <param name="precision">The precision that the rows had before they were read.</param>
    /// <param name="types">The covariance types.</param>
    /// <param name="largestNumberOfComponents">The largest number of components.</param>
    /// <exception cref="ArgumentException">There are fewer distinct rows, or a value cannot be computed with.</exception>
    public static MixtureTask Of(
        WeightedRows rows, GaussianMixtureEstimator.Options options, InputPrecision precision, IReadOnlyList<CovarianceType> types, int largestNumberOfComponents)
    {
        int threads = options.NumberOfThreads ?? Environment.ProcessorCount;
        bool withCovariance = rows.Dimension <= ThinCovariance.LargestDimensionWithCovariance
            || types.Any(type => CovarianceStructure.Of(type) is { IsDiagonal: false } && FitsIntoMemory(rows));
        DataMoments moments = DataMoments.Of(rows, withCovariance, threads, options.CancellationToken);
        CheckEnoughRows(rows, largestNumberOfComponents);
        return new MixtureTask(
            rows,
            moments,
            new CovarianceFloor(moments.Mean, moments.Variances, precision),
            new HierarchicalStarts(rows, moments, largestNumberOfComponents, options.CancellationToken),
            options,
            threads);
    }

    /// <summary>The same task with another covariance type.</summary>
    public MixtureTask With(CovarianceType type) =>
        type == Options.CovarianceType ? this : this with { Options = Options.With(options => options.CovarianceType = type) };

    /// <summary>The same task with another number of components.</summary>
    public MixtureTask With(int numberOfComponents) => this with { Options = Options.With(options => options.NumberOfComponents = numberOfComponents) };

    /// <summary>Checks that covariances of a structure fit into memory.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public void CheckSizes(CovarianceStructure structure) => CheckSizes(Rows, structure);

    private static void CheckSizes(WeightedRows rows, CovarianceStructure structure)
    {
        if (!structure.IsDiagonal && !FitsIntoMemory(rows))
            throw new ArgumentException($"A covariance of {rows.Dimension} features does not fit into memory. Use {nameof(CovarianceType.Diagonal)} covariances, or fewer features, for example from ProjectToPrincipalComponents.", nameof(rows));
    }

    private static bool FitsIntoMemory(WeightedRows rows) => (long)rows.Dimension * rows.Dimension <= Array.MaxLength;

    private static void CheckEnoughRows(WeightedRows rows, int numberOfComponents)
    {
        int distinct = DistinctRows.Find(rows, Enumerable.Range(0, rows.Count), numberOfComponents).Count;
        if (distinct < numberOfComponents)
            throw new ArgumentException($"The {rows.Count} rows have {distinct} distinct values of positive weight; {numberOfComponents} components need at least as many. Lower {nameof(GaussianMixtureEstimator.Options.NumberOfComponents)} to {distinct} or give more data.", nameof(rows));
    }
}
