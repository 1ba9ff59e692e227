namespace MLNet.Generative;

/// <summary>Learns Bernoulli emissions: p_kj = Σ γ_k x_j / Σ γ_k (Bishop 2006, eq. 9.59), or the mode under a Beta prior.</summary>
internal sealed class BernoulliEmissionLearner(int numberOfStates, WeightedRows frames, HmmPrior prior) : EmissionLearner
{
    private readonly int _dimension = frames.Dimension;
    private readonly double[] _meanFrame = FeatureSums.MeanFrame(frames, needsWholeFrames: false);
    private readonly double _smallestWeight = frames.SmallestPositiveWeight;
    private readonly double _concentration = prior.SymbolConcentration;

    public override string? FindProblem(ReadOnlySpan<double> frame, int firstFeature = 0) => Bernoulli.FindProblem(frame, firstFeature);

    public override HmmEmission Start(WeightedRows frames, int[]? clusters, Random random)
    {
        var sums = new FeatureSums(numberOfStates, _dimension, needsWholeFrames: false);
        ClusteredFrames.AddTo(sums, frames, clusters ?? ClusteredFrames.AtRandom(frames, numberOfStates, random), numberOfStates);
        sums.AddFrame(_meanFrame, frames.TotalWeight / frames.Count);
        var halves = new double[numberOfStates * _dimension];
        Array.Fill(halves, 0.5);
        return Maximize(sums, new BernoulliEmission(halves, numberOfStates));
    }

    public override EmissionStatistics CreateStatistics(HmmEmission current) => new FeatureSums(numberOfStates, _dimension, needsWholeFrames: false);

    public override HmmEmission Maximize(EmissionStatistics statistics, HmmEmission current)
    {
        var sums = (FeatureSums)statistics;
        var probabilities = (double[])((BernoulliEmission)current).ProbabilityRows.Clone();
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (sums.Weights[i] > EmptyShare * _smallestWeight || _concentration > 1)
                probabilities[i] = Math.Min(1, Bernoulli.Mode(sums.Sums[i], sums.Weights[i], _concentration));
        }
        return new BernoulliEmission(probabilities, numberOfStates);
    }

    public override double LogPrior(HmmEmission emission) =>
        ((BernoulliEmission)emission).ProbabilityRows.Sum(probability => Bernoulli.LogPrior(probability, _concentration));
}
