namespace MLNet.Generative;

/// <summary>Learns multinomial emissions: p_kj = Σ γ_k x_j / Σ γ_k n, or the mode under a Dirichlet prior. Frames may have different totals n.</summary>
internal sealed class MultinomialEmissionLearner : EmissionLearner
{
    private readonly int _numberOfStates;
    private readonly int _dimension;
    private readonly double[] _meanFrame;
    private readonly double _smallestWeight;
    private readonly double _concentration;
    private readonly long _trials;
    private readonly bool _hasVaryingTrials;

    public MultinomialEmissionLearner(int numberOfStates, WeightedRows frames, HmmPrior prior)
    {
        _numberOfStates = numberOfStates;
        _dimension = frames.Dimension;
        _meanFrame = FeatureSums.MeanFrame(frames, needsWholeFrames: true);
        _smallestWeight = frames.SmallestPositiveWeight;
        _concentration = prior.SymbolConcentration;
        (_trials, _hasVaryingTrials) = FindTrials(frames);
    }

    public override string? FindProblem(ReadOnlySpan<double> frame, int firstFeature = 0) => MultinomialEmission.FindProblemOfAnyTotal(frame, firstFeature);

    public override HmmEmission Start(WeightedRows frames, int[]? clusters, Random random)
    {
        var sums = new FeatureSums(_numberOfStates, _dimension, needsWholeFrames: true);
        ClusteredFrames.AddTo(sums, frames, clusters ?? ClusteredFrames.AtRandom(frames, _numberOfStates, random), _numberOfStates);
        sums.AddFrame(_meanFrame, frames.TotalWeight / frames.Count);
        var uniform = new double[_numberOfStates * _dimension];
        Array.Fill(uniform, 1.0 / _dimension);
        return Maximize(sums, OfProbabilities(uniform));
    }

    public override EmissionStatistics CreateStatistics(HmmEmission current) => new FeatureSums(_numberOfStates, _dimension, needsWholeFrames: true);

    public override HmmEmission Maximize(EmissionStatistics statistics, HmmEmission current)
    {
        var sums = (FeatureSums)statistics;
        var probabilities = (double[])((MultinomialEmission)current).ProbabilityRows.Clone();
        for (int k = 0; k < _numberOfStates; k++)
        {
            int first = k * _dimension;
            if (sums.Weights[first] > EmptyShare * _smallestWeight || _concentration > 1)
                Categorical.TryMode(sums.Sums.AsSpan(first, _dimension), _concentration, probabilities.AsSpan(first, _dimension));
        }
        return OfProbabilities(probabilities);
    }

    public override double LogPrior(HmmEmission emission) => Categorical.LogPrior(((MultinomialEmission)emission).ProbabilityRows, _concentration);

    private MultinomialEmission OfProbabilities(double[] probabilities) => new(probabilities, _numberOfStates, _trials, _hasVaryingTrials);

    private static (long Trials, bool Vary) FindTrials(WeightedRows frames)
    {
        double weight = 0, sum = 0, lowest = double.PositiveInfinity, highest = 0;
        for (int n = 0; n < frames.Count; n++)
        {
            double total = MultinomialEmission.Total(frames.Row(n));
            if (double.IsNaN(total))
                continue;
            (lowest, highest) = (Math.Min(lowest, total), Math.Max(highest, total));
            weight += frames.Weight(n);
            sum += frames.Weight(n) * total;
        }
        if (lowest == highest)
            return ((long)Math.Clamp(highest, 0, Poisson.Largest), false);
        return ((long)Math.Clamp(weight > 0 ? Math.Round(sum / weight) : 0, 0, Poisson.Largest), true);
    }
}
