using System.Globalization;

namespace MLNet.Generative;

/// <summary>
/// Learns a mixture of Gaussians in each state (Rabiner 1989, eq. 52 to 54): the responsibility of component m for a frame is γ_k c_km N_km(x) / p(x | k), and weights, means and
/// covariances follow as in a mixture. The covariances of a state's components have the structure in common.
/// </summary>
internal sealed class GaussianMixtureEmissionLearner : EmissionLearner
{
    // With less than this share of a frame, the lightest, a component's sums are rounding.
    private const double EmptyShare = 1e-10;
    private const int IterationsOfStart = 10;

    private readonly HmmEstimator.Options _options;
    private readonly DataMoments _moments;
    private readonly CovarianceStructure _structure;
    private readonly CovarianceFloor _floor;
    private readonly GaussianPrior _prior;
    private readonly double _pseudoCount;
    private readonly double _smallestWeight;
    private readonly bool[][] _floored;
    private readonly double[][] _weights;

    public GaussianMixtureEmissionLearner(HmmEstimator.Options options, WeightedRows frames, DataMoments moments, InputPrecision precision)
    {
        _options = options;
        _moments = moments;
        _structure = CovarianceStructure.Of(options.CovarianceType);
        _floor = new CovarianceFloor(moments.Mean, moments.Variances, precision);
        _prior = new GaussianPrior(moments, options.Prior!);
        _pseudoCount = options.Prior!.SymbolConcentration - 1;
        _smallestWeight = frames.SmallestPositiveWeight;
        _floored = NewTable<bool>();
        _weights = NewTable<double>();
    }

    private int Components => _options.NumberOfComponents;

    public override string? FindProblem(ReadOnlySpan<double> frame) => GaussianEmission.FindInfinity(frame);

    public override HmmEmission Start(WeightedRows frames, int[]? clusters, Random random)
    {
        clusters ??= ClusteredFrames.AtRandom(frames, _options.NumberOfStates, random);
        var mixtures = new GaussianMixtureModel[_options.NumberOfStates];
        for (int k = 0; k < mixtures.Length; k++)
        {
            int[] members = [.. Enumerable.Range(0, frames.Count).Where(n => clusters[n] == k)];
            WeightedRows own = frames.Take(members);
            int seed = random.Next();
            mixtures[k] = DistinctRows.Find(own, Enumerable.Range(0, own.Count), Components).Count >= Components ? Fit(own, seed) : Scatter(own, seed);
        }
        return new GaussianMixtureEmission(mixtures);
    }

    public override EmissionStatistics CreateStatistics(HmmEmission current) => new Statistics((GaussianMixtureEmission)current, _moments, _structure.IsDiagonal);

    public override HmmEmission Maximize(EmissionStatistics statistics, HmmEmission current)
    {
        var sums = (Statistics)statistics;
        var mixtures = new GaussianMixtureModel[_options.NumberOfStates];
        for (int k = 0; k < mixtures.Length; k++)
            mixtures[k] = Maximize(k, sums.States[k], sums.References[k], ((GaussianMixtureEmission)current).Mixtures[k]);
        return new GaussianMixtureEmission(mixtures);
    }

    public override double LogPrior(HmmEmission emission)
    {
        double sum = 0;
        foreach (GaussianMixtureModel mixture in ((GaussianMixtureEmission)emission).Mixtures)
            sum += mixture.Components.Sum(_prior.LogDensity) + SymbolDistribution.LogPrior([.. mixture.Weights], _pseudoCount);
        return sum;
    }

    public override IEnumerable<string> DescribeDegeneracy(HmmEmission emission)
    {
        double[] floors = _floor.At(_moments.Mean);
        for (int k = 0; k < _options.NumberOfStates; k++)
        {
            for (int m = 0; m < Components; m++)
            {
                if (ThinCovariance.IsThin(((GaussianMixtureEmission)emission).Mixtures[k].Components[m].Covariance, _moments, floors))
                    yield return string.Create(CultureInfo.InvariantCulture, $"Component {m + 1} of state {k + 1} is degenerate: in some direction its variance is less than {ThinCovariance.SmallestShareOfData} of the data's. Fewer components or states, a simpler covariance type or a prior avoid it.");
                if (_weights[k][m] < (emission.Dimension + 1) * (1 - 1e-9))
                    yield return string.Create(CultureInfo.InvariantCulture, $"Component {m + 1} of state {k + 1} is degenerate: it holds {_weights[k][m]:g4} frames; {emission.Dimension} features need at least {emission.Dimension + 1}.");
            }
        }
    }

    public override IEnumerable<string> DescribeNotes()
    {
        int floored = _floored.Sum(state => state.Count(raised => raised));
        if (floored > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"The covariances of {floored} of {_options.NumberOfStates * Components} components are held up by the floor of {CovarianceFloor.Relative} of the data's variance.");
    }

    private GaussianMixtureModel Maximize(int state, GaussianStatistics[] components, double[][] references, GaussianMixtureModel current)
    {
        var scatters = new WeightedScatter[components.Length];
        var isEmpty = new bool[components.Length];
        double[] weights = [.. current.Weights];
        for (int m = 0; m < components.Length; m++)
            _weights[state][m] = components[m].Weight;
        SymbolDistribution.Maximize(_weights[state], _pseudoCount, weights);
        for (int m = 0; m < components.Length; m++)
        {
            isEmpty[m] = !(components[m].Weight > EmptyShare * _smallestWeight);
            // So light that it says nothing in a covariance that components share.
            scatters[m] = isEmpty[m]
                ? new WeightedScatter(EmptyShare * _smallestWeight, current.Components[m].Mean, new double[_structure.IsDiagonal ? current.Dimension : current.Dimension * current.Dimension])
                : _prior.AddTo(components[m].Center(references[m]), _structure.IsDiagonal);
        }

        bool sharesCovariance = _options.CovarianceType == CovarianceType.Tied && !Array.TrueForAll(isEmpty, empty => empty);
        CovarianceFactorization[] covariances = _structure.Maximize(scatters, _options.CovarianceRegularization, _floor, _floored[state]);
        var learned = new Gaussian[components.Length];
        for (int m = 0; m < learned.Length; m++)
        {
            bool keepsCovariance = isEmpty[m] && !sharesCovariance;
            learned[m] = new Gaussian(scatters[m].Mean, keepsCovariance ? current.Components[m].Covariance : covariances[m]);
            _floored[state][m] &= !keepsCovariance;
        }
        return new GaussianMixtureModel(weights, learned, _options.CovarianceType);
    }

    private GaussianMixtureModel Fit(WeightedRows frames, int seed) =>
        GaussianMixtureLearner.Fit(
            frames,
            new GaussianMixtureEstimator.Options
            {
                NumberOfComponents = Components,
                CovarianceType = _options.CovarianceType,
                CovarianceRegularization = _options.CovarianceRegularization,
                MaximumNumberOfIterations = IterationsOfStart,
                NumberOfThreads = _options.NumberOfThreads,
                CancellationToken = _options.CancellationToken,
            },
            seed,
            InputPrecision.Double,
            _ => { }).Model;

    /// <summary>For a state with too few different frames: Gaussians as wide as the data, around them.</summary>
    private GaussianMixtureModel Scatter(WeightedRows frames, int seed)
    {
        var random = new Random(seed);
        var scatters = new WeightedScatter[Components];
        for (int m = 0; m < scatters.Length; m++)
        {
            double[] mean = frames.Count > 0 ? frames.Row(m % frames.Count).ToArray() : (double[])_moments.Mean.Clone();
            for (int j = 0; j < mean.Length; j++)
                mean[j] += (random.NextDouble() - 0.5) * Math.Sqrt(_moments.Variances[j]);
            scatters[m] = new WeightedScatter(1, mean, _structure.IsDiagonal ? _moments.Variances : _moments.Covariance!);
        }
        CovarianceFactorization[] covariances = _structure.Maximize(scatters, _options.CovarianceRegularization, _floor, new bool[Components]);
        var gaussians = new Gaussian[Components];
        for (int m = 0; m < gaussians.Length; m++)
            gaussians[m] = new Gaussian(scatters[m].Mean, covariances[m]);
        var weights = new double[Components];
        Array.Fill(weights, 1.0 / Components);
        return new GaussianMixtureModel(weights, gaussians, _options.CovarianceType);
    }

    private T[][] NewTable<T>()
    {
        var table = new T[_options.NumberOfStates][];
        for (int k = 0; k < table.Length; k++)
            table[k] = new T[Components];
        return table;
    }

    private sealed class Statistics : EmissionStatistics
    {
        private readonly GaussianMixtureEmission _current;
        private readonly double[] _joint;

        public Statistics(GaussianMixtureEmission current, DataMoments moments, bool isDiagonal)
        {
            _current = current;
            _joint = new double[current.Mixtures[0].NumberOfComponents * RowTile.Rows];
            References = [.. current.Mixtures.Select(mixture => Array.ConvertAll(mixture.Components, component => moments.ReferenceFor(component.Mean)))];
            States = Array.ConvertAll(References, state => Array.ConvertAll(state, reference => new GaussianStatistics(reference.Length, isDiagonal)));
        }

        public double[][][] References { get; }

        public GaussianStatistics[][] States { get; }

        public override void Add(RowTile tile, int count, ReadOnlySpan<double> responsibilities)
        {
            for (int k = 0; k < States.Length; k++)
            {
                MixtureExpectation.JointLogDensities(_current.Mixtures[k], tile, _joint);
                LogSumExp.Normalize(_joint, States[k].Length, responsibilities.Slice(k * RowTile.Rows, RowTile.Rows));
                for (int m = 0; m < States[k].Length; m++)
                    States[k][m].Add(tile, References[k][m], _joint.AsSpan(m * RowTile.Rows, RowTile.Rows));
            }
        }

        public override void Clear()
        {
            foreach (GaussianStatistics component in States.SelectMany(state => state))
                component.Clear();
        }

        public override void Merge(EmissionStatistics other)
        {
            for (int k = 0; k < States.Length; k++)
            {
                for (int m = 0; m < States[k].Length; m++)
                    States[k][m].Merge(((Statistics)other).States[k][m]);
            }
        }
    }
}
