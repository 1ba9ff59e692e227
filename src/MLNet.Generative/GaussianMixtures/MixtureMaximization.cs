namespace MLNet.Generative;

/// <summary>
/// The M-step (Bishop 2006, eq. 9.24 to 9.26): weights π_k = N_k / Σ N, means, and covariances under the structure, above the floor. A component that
/// holds no rows is re-seeded at the rows that the mixture explains worst.
/// </summary>
internal sealed class MixtureMaximization
{
    // With less than this share of one row, the lightest, a component's sums are rounding.
    private const double EmptyShare = 1e-10;
    private const int MaximumNumberOfReseeds = 10;

    private readonly WeightedRows _rows;
    private readonly DataMoments _moments;
    private readonly CovarianceType _covarianceType;
    private readonly CovarianceStructure _structure;
    private readonly CovarianceFloor _floor;
    private readonly double _regularization;
    private readonly bool[] _floored;

    public MixtureMaximization(WeightedRows rows, DataMoments moments, GaussianMixtureEstimator.Options options, CovarianceFloor floor)
    {
        _rows = rows;
        _moments = moments;
        _covarianceType = options.CovarianceType;
        _structure = CovarianceStructure.Of(options.CovarianceType);
        _regularization = options.CovarianceRegularization;
        _floor = floor;
        _floored = new bool[options.NumberOfComponents];
    }

    /// <summary>Whether scatters are diagonal.</summary>
    public bool IsDiagonal => _structure.IsDiagonal;

    /// <summary>Which components' covariances the floor has raised in the last step.</summary>
    public IReadOnlyList<bool> Floored => _floored;

    /// <summary>How many components have been re-seeded in all steps.</summary>
    public int NumberOfReseeds { get; private set; }

    /// <summary>The scatter of a component that is centered at <paramref name="mean"/> and as wide as all rows together.</summary>
    public WeightedScatter OfAllRows(double[] mean, double weight)
    {
        // Full structures are never fitted without the data's covariance.
        double[] spread = IsDiagonal ? _moments.Variances : _moments.Covariance!;
        return new WeightedScatter(weight, mean, Array.ConvertAll(spread, value => value * weight));
    }

    /// <summary>The model that maximises the expected log-likelihood, given statistics.</summary>
    /// <param name="statistics">The statistics of all rows.</param>
    /// <param name="references">The points that they were taken about.</param>
    /// <param name="current">The current model, whose covariances an iterative step goes on from.</param>
    public GaussianMixtureModel Run(MixtureStatistics statistics, double[][] references, GaussianMixtureModel? current = null) =>
        Run(Center(statistics, references), current);

    /// <summary>The scatter of each component about its mean, or, where one holds no rows, about a row.</summary>
    /// <param name="statistics">The statistics of all rows.</param>
    /// <param name="references">The points that they were taken about.</param>
    /// <param name="logDensities">log p(x) of every row under the current model, asked for only if a component must be re-seeded.</param>
    public WeightedScatter[] Center(MixtureStatistics statistics, double[][] references, Func<double[]>? logDensities = null)
    {
        var scatters = new WeightedScatter[statistics.Components.Length];
        var empty = new List<int>();
        for (int k = 0; k < scatters.Length; k++)
        {
            if (statistics.Components[k].Weight > EmptyShare * _rows.SmallestPositiveWeight)
                scatters[k] = statistics.Components[k].Center(references[k]);
            else
                empty.Add(k);
        }
        if (empty.Count > 0)
            Reseed(scatters, empty, logDensities);
        return scatters;
    }

    /// <summary>The model of components with these scatters, which maximises the expected log-likelihood.</summary>
    /// <param name="scatters">For each component, the scatter of its rows about its mean.</param>
    /// <param name="current">The current model, whose covariances an iterative step goes on from.</param>
    public GaussianMixtureModel Run(WeightedScatter[] scatters, GaussianMixtureModel? current = null)
    {
        double total = 0;
        foreach (WeightedScatter scatter in scatters)
            total += scatter.Weight;

        CovarianceFactorization[] covariances = _structure.Maximize(
            scatters, _regularization, _floor, _floored, current is null ? null : Array.ConvertAll(current.Components, component => component.Covariance));
        var weights = new double[scatters.Length];
        var components = new Gaussian[scatters.Length];
        for (int k = 0; k < scatters.Length; k++)
        {
            weights[k] = scatters[k].Weight / total;
            components[k] = new Gaussian(scatters[k].Mean, covariances[k]);
        }
        return new GaussianMixtureModel(weights, components, _covarianceType);
    }

    private void Reseed(WeightedScatter[] scatters, List<int> empty, Func<double[]>? logDensities)
    {
        double share = scatters.Sum(scatter => scatter.Weight) / (scatters.Length - empty.Count);
        if (NumberOfReseeds >= MaximumNumberOfReseeds * scatters.Length)
        {
            // It empties again and again: leave it in the middle of the data, with next to no weight.
            foreach (int k in empty)
                scatters[k] = OfAllRows(_moments.Mean, share * EmptyShare);
            return;
        }

        double[]? densities = logDensities?.Invoke();
        IEnumerable<int> worstFirst = densities is null
            ? Enumerable.Range(0, _rows.Count)
            : Enumerable.Range(0, _rows.Count).OrderBy(row => densities[row]);
        List<int> seeds = DistinctRows.Find(_rows, worstFirst, empty.Count);
        for (int i = 0; i < empty.Count; i++)
            scatters[empty[i]] = OfAllRows(_rows.Row(seeds[i % seeds.Count]).ToArray(), share);
        NumberOfReseeds += empty.Count;
    }
}
