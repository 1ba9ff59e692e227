namespace MLNet.Generative;

/// <summary>
/// How a family of emissions is learned: the part of the M-step of Baum-Welch that concerns B. Made once for a training; knows the frames' overall moments, floors and
/// priors, but no states. One class per family, beside its <see cref="HmmEmission"/>.
/// </summary>
internal abstract class EmissionLearner
{
    /// <summary>With less than this share of a frame, the lightest, a state's sums are rounding.</summary>
    protected const double EmptyShare = 1e-10;

    /// <summary>Whether clusters of the frames as points in space are a sensible starting point. If not, <see cref="Start"/> is given none.</summary>
    public virtual bool CanStartFromClusters => true;

    /// <summary>Says what is wrong with a training frame, like <see cref="HmmEmission.FindProblem"/>.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="firstFeature">The number of its first feature in the message, for a part of a larger frame.</param>
    public abstract string? FindProblem(ReadOnlySpan<double> frame, int firstFeature = 0);

    /// <summary>Emissions to start from: of each state those of the frames in its cluster, pulled towards all frames where a value without frames would be impossible for ever.</summary>
    /// <param name="frames">All frames, or a sample of them: what only the others show must still be possible.</param>
    /// <param name="clusters">The state of each frame; a state may have none. <see langword="null"/> for emissions around those of all frames at random.</param>
    /// <param name="random">The source of randomness.</param>
    public abstract HmmEmission Start(WeightedRows frames, int[]? clusters, Random random);

    /// <summary>Empty statistics for an E-step.</summary>
    /// <param name="current">The emissions that the E-step uses.</param>
    public abstract EmissionStatistics CreateStatistics(HmmEmission current);

    /// <summary>
    /// The M-step: the emissions that maximise the expected log-likelihood plus <see cref="LogPrior"/>. A state without frames has the mode of the prior; where that has none, it
    /// keeps its emission.
    /// </summary>
    /// <param name="statistics">The statistics of all frames.</param>
    /// <param name="current">The emissions with which they were made.</param>
    public abstract HmmEmission Maximize(EmissionStatistics statistics, HmmEmission current);

    /// <summary>The logarithm of the conjugate prior density, but for constants; 0 without a prior.</summary>
    public virtual double LogPrior(HmmEmission emission) => 0;

    /// <summary>Says for each state, from 0, what makes its emission degenerate; empty if nothing does.</summary>
    /// <param name="emission">The learned emissions.</param>
    public virtual IEnumerable<string> DescribeDegeneracy(HmmEmission emission) => [];

    /// <summary>Worth telling, but not degenerate: for example floors that hold.</summary>
    public virtual IEnumerable<string> DescribeNotes() => [];
}

/// <summary>What an E-step learns of the frames for the emissions.</summary>
internal abstract class EmissionStatistics : IBlockStatistics<EmissionStatistics>
{
    /// <summary>Adds a tile's frames.</summary>
    /// <param name="tile">The frames.</param>
    /// <param name="count">Their number.</param>
    /// <param name="responsibilities">
    /// The probability of each state times the weight of the sequence, states × <see cref="RowTile.Rows"/>; 0 beyond <paramref name="count"/>.
    /// </param>
    public abstract void Add(RowTile tile, int count, ReadOnlySpan<double> responsibilities);

    /// <inheritdoc/>
    public abstract void Clear();

    /// <inheritdoc/>
    public abstract void Merge(EmissionStatistics other);
}
