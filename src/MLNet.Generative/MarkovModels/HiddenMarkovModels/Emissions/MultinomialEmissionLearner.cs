namespace MLNet.Generative;

/// <summary>Learns multinomial emissions: p_k(j) in proportion to Σ γ_k x_j plus the pseudo-counts of a Dirichlet prior.</summary>
internal sealed class MultinomialEmissionLearner : EmissionLearner
{
    private readonly int _numberOfStates;
    private readonly int _dimension;
    private readonly DataMoments _moments;
    private readonly double _pseudoCount;
    private readonly int _trials;
    private readonly bool _hasVaryingTrials;

    public MultinomialEmissionLearner(int numberOfStates, WeightedRows frames, DataMoments moments, HmmPrior prior)
    {
        _numberOfStates = numberOfStates;
        _dimension = frames.Dimension;
        _moments = moments;
        _pseudoCount = prior.SymbolConcentration - 1;

        double first = double.NaN;
        double mean = moments.Mean.Sum();
        for (int n = 0; n < frames.Count; n++)
        {
            double total = 0;
            foreach (double count in frames.Row(n))
                total += count;
            first = n == 0 ? total : first;
            _hasVaryingTrials |= total != first;
        }
        _trials = (int)Math.Clamp(Math.Round(_hasVaryingTrials ? mean : first), 0, int.MaxValue);
    }

    public override string? FindProblem(ReadOnlySpan<double> frame) => MultinomialEmission.FindProblemIn(frame);

    public override HmmEmission Start(WeightedRows frames, int[]? clusters, Random random)
    {
        var uniform = new double[_numberOfStates * _dimension];
        Array.Fill(uniform, 1.0 / _dimension);
        return Maximize(FeatureSums.OfClusters(frames, clusters, _moments, _numberOfStates, random), uniform);
    }

    public override EmissionStatistics CreateStatistics(HmmEmission current) => new FeatureSums(_numberOfStates, _dimension);

    public override HmmEmission Maximize(EmissionStatistics statistics, HmmEmission current) =>
        Maximize((FeatureSums)statistics, ((MultinomialEmission)current).Values.ToArray());

    public override double LogPrior(HmmEmission emission) => SymbolDistribution.LogPrior(((MultinomialEmission)emission).Values, _pseudoCount);

    private MultinomialEmission Maximize(FeatureSums sums, double[] probabilities)
    {
        for (int k = 0; k < _numberOfStates; k++)
            SymbolDistribution.Maximize(sums.Sums.AsSpan(k * _dimension, _dimension), _pseudoCount, probabilities.AsSpan(k * _dimension, _dimension));
        return new MultinomialEmission(probabilities, _numberOfStates, _trials, _hasVaryingTrials);
    }
}
