using System.Globalization;

namespace MLNet.Generative;

/// <summary>
/// Learns Gaussian emissions (Rabiner 1989, eq. 53 and 54): μ_k = Σ γ_k x / Σ γ_k, and covariances under the structure, above the floor.
/// </summary>
internal sealed class GaussianEmissionLearner : EmissionLearner
{
    private readonly DataMoments _moments;
    private readonly CovarianceType _covarianceType;
    private readonly CovarianceStructure _structure;
    private readonly CovarianceFloor _floor;
    private readonly double _regularization;
    private readonly GaussianPrior _prior;
    private readonly double _smallestWeight;
    private readonly double[] _statesWeights;
    private readonly bool[] _floored;

    public GaussianEmissionLearner(int numberOfStates, WeightedRows frames, DataMoments moments, InputPrecision precision, CovarianceType covarianceType, double regularization, HmmPrior prior)
    {
        _moments = moments;
        _covarianceType = covarianceType;
        _structure = CovarianceStructure.Of(covarianceType);
        _floor = new CovarianceFloor(moments.Mean, moments.Variances, precision);
        _regularization = regularization;
        _prior = new GaussianPrior(moments, prior);
        _smallestWeight = frames.SmallestPositiveWeight;
        _statesWeights = new double[numberOfStates];
        _floored = new bool[numberOfStates];
    }

    public override string? FindProblem(ReadOnlySpan<double> frame, int firstFeature = 0) => GaussianEmission.FindInfinity(frame, firstFeature);

    public override HmmEmission Start(WeightedRows frames, int[]? clusters, Random random)
    {
        GaussianEmission everywhere = OfAllFrames();
        var statistics = (Statistics)CreateStatistics(everywhere);
        ClusteredFrames.AddTo(statistics, frames, clusters ?? ClusteredFrames.AtRandom(frames, _floored.Length, random), _floored.Length);
        return Maximize(statistics, everywhere, isStart: true);
    }

    public override EmissionStatistics CreateStatistics(HmmEmission current) =>
        new Statistics(Array.ConvertAll(((GaussianEmission)current).States, state => _moments.ReferenceFor(state.Mean)), _structure.IsDiagonal);

    public override HmmEmission Maximize(EmissionStatistics statistics, HmmEmission current) => Maximize(statistics, current, isStart: false);

    private GaussianEmission Maximize(EmissionStatistics statistics, HmmEmission current, bool isStart)
    {
        var sums = (Statistics)statistics;
        Gaussian[] states = ((GaussianEmission)current).States;
        var scatters = new WeightedScatter[states.Length];
        var isEmpty = new bool[states.Length];
        for (int k = 0; k < states.Length; k++)
        {
            _statesWeights[k] = sums.States[k].Weight;
            isEmpty[k] = !(_statesWeights[k] > EmptyShare * _smallestWeight);
            scatters[k] = isEmpty[k] ? KeepCurrent(states[k]) : _prior.AddTo(sums.States[k].Center(sums.References[k]), _structure.IsDiagonal);
        }

        CovarianceFactorization[] covariances = _structure.Maximize(
            scatters, _regularization, _floor, _floored, isStart ? null : Array.ConvertAll(states, state => state.Covariance));
        var learned = new Gaussian[states.Length];
        for (int k = 0; k < states.Length; k++)
        {
            bool keepsCovariance = isEmpty[k] && !_structure.IsShared && !_prior.IsOfCovariances;
            learned[k] = new Gaussian(scatters[k].Mean, keepsCovariance ? states[k].Covariance : covariances[k]);
            _floored[k] &= !keepsCovariance;
        }
        return new GaussianEmission(learned, _covarianceType);
    }

    public override double LogPrior(HmmEmission emission) => ((GaussianEmission)emission).States.Sum(_prior.LogDensity);

    public override IEnumerable<string> DescribeDegeneracy(HmmEmission emission)
    {
        Gaussian[] states = ((GaussianEmission)emission).States;
        double[] floors = _floor.At(_moments.Mean);
        for (int k = 0; k < states.Length; k++)
        {
            if (ThinCovariance.IsThin(states[k].Covariance, _moments, floors))
                yield return string.Create(CultureInfo.InvariantCulture, $"State {k + 1} is degenerate: in some direction its variance is less than {ThinCovariance.SmallestShareOfData} of the data's. Fewer states, a simpler covariance type or a prior avoid it.");
            if (_statesWeights[k] < (emission.Dimension + 1) * (1 - 1e-9))
                yield return string.Create(CultureInfo.InvariantCulture, $"State {k + 1} is degenerate: it holds {_statesWeights[k]:g4} frames; {emission.Dimension} features need at least {emission.Dimension + 1}.");
        }
    }

    public override IEnumerable<string> DescribeNotes()
    {
        int floored = _floored.Count(raised => raised);
        if (floored > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"The covariances of {floored} of {_floored.Length} states are held up by the floor of {CovarianceFloor.Relative} of the data's variance.");
    }

    private GaussianEmission OfAllFrames()
    {
        double[] spread = _structure.IsDiagonal ? _moments.Variances : _moments.Covariance!;
        var scatters = new WeightedScatter[_floored.Length];
        Array.Fill(scatters, new WeightedScatter(1, _moments.Mean, spread));
        CovarianceFactorization[] covariances = _structure.Maximize(scatters, _regularization, _floor, _floored);
        return new GaussianEmission(Array.ConvertAll(covariances, covariance => new Gaussian(_moments.Mean, covariance)), _covarianceType);
    }

    // So light that it says nothing in what states share; what the prior says still counts.
    private WeightedScatter KeepCurrent(Gaussian state)
    {
        double weight = EmptyShare * _smallestWeight;
        return _prior.AddTo(new WeightedScatter(weight, state.Mean, state.Covariance.Times(weight, _structure.IsDiagonal)), _structure.IsDiagonal);
    }

    private sealed class Statistics : EmissionStatistics
    {
        public Statistics(double[][] references, bool isDiagonal)
        {
            References = references;
            States = Array.ConvertAll(references, reference => new GaussianStatistics(reference.Length, isDiagonal));
        }

        public double[][] References { get; }

        public GaussianStatistics[] States { get; }

        public override void Add(RowTile tile, int count, ReadOnlySpan<double> responsibilities)
        {
            for (int k = 0; k < States.Length; k++)
                States[k].Add(tile, References[k], responsibilities.Slice(k * RowTile.Rows, RowTile.Rows));
        }

        public override void Clear()
        {
            foreach (GaussianStatistics state in States)
                state.Clear();
        }

        public override void Merge(EmissionStatistics other)
        {
            for (int k = 0; k < States.Length; k++)
                States[k].Merge(((Statistics)other).States[k]);
        }
    }
}
