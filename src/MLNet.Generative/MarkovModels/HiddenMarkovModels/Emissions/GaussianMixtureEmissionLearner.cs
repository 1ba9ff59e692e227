using System.Globalization;

namespace MLNet.Generative;

/// <summary>
/// Learns a Gaussian mixture for each state (Rabiner 1989, eq. 52 to 54): w_km = Σ γ_k r_km / Σ γ_k, means, and covariances under the structure, which ties the components
/// of a state but not those of different states.
/// </summary>
/// <remarks>Without a prior, a component that loses its last frame keeps its Gaussian with weight 0: it never takes part again.</remarks>
internal sealed class GaussianMixtureEmissionLearner : EmissionLearner
{
    private readonly int _numberOfStates;
    private readonly int _numberOfComponents;
    private readonly DataMoments _moments;
    private readonly CovarianceType _covarianceType;
    private readonly CovarianceStructure _structure;
    private readonly CovarianceFloor _floor;
    private readonly double _regularization;
    private readonly double _concentration;
    private readonly GaussianPrior _prior;
    private readonly double _smallestWeight;
    private readonly int _numberOfThreads;
    private readonly CancellationToken _cancellationToken;
    private readonly double[] _weights;
    private readonly bool[] _floored;

    public GaussianMixtureEmissionLearner(
        int numberOfStates,
        int numberOfComponents,
        WeightedRows frames,
        DataMoments moments,
        InputPrecision precision,
        CovarianceType covarianceType,
        double regularization,
        HmmPrior prior,
        int numberOfThreads,
        CancellationToken cancellationToken)
    {
        _numberOfStates = numberOfStates;
        _numberOfComponents = numberOfComponents;
        _moments = moments;
        _covarianceType = covarianceType;
        _structure = CovarianceStructure.Of(covarianceType);
        _floor = new CovarianceFloor(moments.Mean, moments.Variances, precision);
        _regularization = regularization;
        _concentration = prior.SymbolConcentration;
        _prior = new GaussianPrior(moments, prior);
        _smallestWeight = frames.SmallestPositiveWeight;
        _numberOfThreads = numberOfThreads;
        _cancellationToken = cancellationToken;
        _weights = new double[numberOfStates * numberOfComponents];
        _floored = new bool[_weights.Length];
    }

    public override string? FindProblem(ReadOnlySpan<double> frame, int firstFeature = 0) => GaussianEmission.FindInfinity(frame, firstFeature);

    public override HmmEmission Start(WeightedRows frames, int[]? clusters, Random random)
    {
        clusters ??= ClusteredFrames.AtRandom(frames, _numberOfStates, random);
        var start = new GaussianMixtureEmissionStart(_covarianceType, _regularization, _numberOfThreads, _cancellationToken);
        GaussianMixtureModel[] single = OneGaussianEach(frames, clusters);
        if (_numberOfComponents == 1)
            return new GaussianMixtureEmission(single, _numberOfStates);

        GaussianMixtureModel?[] fitted = start.Fit(frames, clusters, _numberOfStates, _numberOfComponents, random);
        GaussianMixtureModel[] scattered = Array.ConvertAll(single, state => GaussianMixtureEmissionStart.Scatter(state.Components[0], _numberOfComponents, _covarianceType, random));
        // One M-step more on the clusters, because the fits know neither the floor of all frames nor the prior.
        GaussianMixtureModel[] refined = MaximizeOnClusters([.. scattered.Select((fallback, k) => fitted[k] ?? fallback)], frames, clusters);
        return new GaussianMixtureEmission([.. scattered.Select((fallback, k) => fitted[k] is null ? fallback : refined[k])], _numberOfStates);
    }

    public override EmissionStatistics CreateStatistics(HmmEmission current) =>
        new GaussianMixtureEmissionStatistics(((GaussianMixtureEmission)current).States, _moments, _structure.IsDiagonal);

    public override HmmEmission Maximize(EmissionStatistics statistics, HmmEmission current) =>
        new GaussianMixtureEmission(Maximize((GaussianMixtureEmissionStatistics)statistics, ((GaussianMixtureEmission)current).States), _numberOfStates);

    public override double LogPrior(HmmEmission emission) =>
        ((GaussianMixtureEmission)emission).States.Sum(state => Categorical.LogPrior([.. state.Weights], _concentration) + state.Components.Sum(_prior.LogDensity));

    public override IEnumerable<string> DescribeDegeneracy(HmmEmission emission)
    {
        GaussianMixtureModel[] states = ((GaussianMixtureEmission)emission).States;
        double[] floors = _floor.At(_moments.Mean);
        for (int i = 0; i < _weights.Length; i++)
        {
            (int k, int m) = (i / _numberOfComponents, i % _numberOfComponents);
            if (ThinCovariance.IsThin(states[k].Components[m].Covariance, _moments, floors))
                yield return string.Create(CultureInfo.InvariantCulture, $"Component {m + 1} of state {k + 1} is degenerate: in some direction its variance is less than {ThinCovariance.SmallestShareOfData} of the data's. Fewer components or states, a simpler covariance type or a prior avoid it.");
            if (_weights[i] < (emission.Dimension + 1) * (1 - 1e-9))
                yield return string.Create(CultureInfo.InvariantCulture, $"Component {m + 1} of state {k + 1} is degenerate: it holds {_weights[i]:g4} frames; {emission.Dimension} features need at least {emission.Dimension + 1}.");
        }
    }

    public override IEnumerable<string> DescribeNotes()
    {
        int floored = _floored.Count(raised => raised);
        if (floored > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"The covariances of {floored} of {_floored.Length} components are held up by the floor of {CovarianceFloor.Relative} of the data's variance.");
    }

    private GaussianMixtureModel[] Maximize(GaussianMixtureEmissionStatistics statistics, GaussianMixtureModel[] current)
    {
        var learned = new GaussianMixtureModel[current.Length];
        for (int k = 0; k < current.Length; k++)
        {
            int components = current[k].NumberOfComponents;
            Span<double> weights = _weights.AsSpan(k * components, components);
            for (int m = 0; m < components; m++)
                weights[m] = statistics.States[k][m].Weight;
            learned[k] = Maximize(statistics.States[k], statistics.References[k], current[k], weights, _floored.AsSpan(k * components, components));
        }
        return learned;
    }

    private GaussianMixtureModel Maximize(GaussianStatistics[] sums, double[][] references, GaussianMixtureModel current, ReadOnlySpan<double> weights, Span<bool> floored)
    {
        var counts = new double[sums.Length];
        var scatters = new WeightedScatter[sums.Length];
        for (int m = 0; m < sums.Length; m++)
        {
            bool isEmpty = !(weights[m] > EmptyShare * _smallestWeight);
            counts[m] = isEmpty ? 0 : weights[m];
            scatters[m] = isEmpty ? KeepCurrent(current.Components[m]) : _prior.AddTo(sums[m].Center(references[m]), _structure.IsDiagonal);
        }
        if (_prior.IsFlat && !counts.AsSpan().ContainsAnyExcept(0.0))
        {
            floored.Clear();
            return current;
        }

        CovarianceFactorization[] covariances = _structure.Maximize(
            scatters, _regularization, _floor, floored, Array.ConvertAll(current.Components, component => component.Covariance));
        var components = new Gaussian[sums.Length];
        for (int m = 0; m < components.Length; m++)
        {
            bool keepsCovariance = counts[m] == 0 && !_structure.IsShared && !_prior.IsOfCovariances;
            components[m] = new Gaussian(scatters[m].Mean, keepsCovariance ? current.Components[m].Covariance : covariances[m]);
            floored[m] &= !keepsCovariance;
        }
        double[] shares = [.. current.Weights];
        Categorical.TryMode(counts, _concentration, shares);
        return new GaussianMixtureModel(shares, components, _covarianceType);
    }

    // So light that it says nothing in what the components share; what the prior says still counts.
    private WeightedScatter KeepCurrent(Gaussian component)
    {
        double weight = EmptyShare * _smallestWeight;
        return _prior.AddTo(new WeightedScatter(weight, component.Mean, component.Covariance.Times(weight, _structure.IsDiagonal)), _structure.IsDiagonal);
    }

    /// <summary>For each state the Gaussian of its cluster; that of all frames if it has none.</summary>
    private GaussianMixtureModel[] OneGaussianEach(WeightedRows frames, int[] clusters)
    {
        double[] spread = _structure.IsDiagonal ? _moments.Variances : _moments.Covariance!;
        var floored = new bool[1];
        Gaussian everywhere = new(_moments.Mean, _structure.Maximize([new WeightedScatter(1, _moments.Mean, spread)], _regularization, _floor, floored)[0]);
        var same = new GaussianMixtureModel[_numberOfStates];
        Array.Fill(same, new GaussianMixtureModel([1], [everywhere], _covarianceType));
        return MaximizeOnClusters(same, frames, clusters);
    }

    private GaussianMixtureModel[] MaximizeOnClusters(GaussianMixtureModel[] current, WeightedRows frames, int[] clusters)
    {
        var statistics = new GaussianMixtureEmissionStatistics(current, _moments, _structure.IsDiagonal);
        ClusteredFrames.AddTo(statistics, frames, clusters, _numberOfStates);
        return Maximize(statistics, current);
    }
}
