namespace MLNet.Generative;

/// <summary>Learns Poisson emissions: λ_kj = (Σ γ_k x_j + a − 1) / (Σ γ_k + b), the mode under a prior Gamma(a, b); with a = 1 and b = 0 the maximum of the likelihood.</summary>
internal sealed class PoissonEmissionLearner(int numberOfStates, WeightedRows frames, HmmPrior prior) : EmissionLearner
{
    private readonly int _dimension = frames.Dimension;
    private readonly double[] _meanFrame = FeatureSums.MeanFrame(frames, needsWholeFrames: false);
    private readonly double _smallestWeight = frames.SmallestPositiveWeight;
    private readonly double _shape = prior.RateShape;
    private readonly double _inverseScale = prior.RateInverseScale;

    public override string? FindProblem(ReadOnlySpan<double> frame, int firstFeature = 0) => Poisson.FindProblem(frame, firstFeature, "a Poisson count");

    public override HmmEmission Start(WeightedRows frames, int[]? clusters, Random random)
    {
        var sums = new FeatureSums(numberOfStates, _dimension, needsWholeFrames: false);
        ClusteredFrames.AddTo(sums, frames, clusters ?? ClusteredFrames.AtRandom(frames, numberOfStates, random), numberOfStates);
        sums.AddFrame(_meanFrame, frames.TotalWeight / frames.Count);
        var ones = new double[numberOfStates * _dimension];
        Array.Fill(ones, 1);
        return Maximize(sums, new PoissonEmission(ones, numberOfStates));
    }

    public override EmissionStatistics CreateStatistics(HmmEmission current) => new FeatureSums(numberOfStates, _dimension, needsWholeFrames: false);

    public override HmmEmission Maximize(EmissionStatistics statistics, HmmEmission current)
    {
        var sums = (FeatureSums)statistics;
        var rates = (double[])((PoissonEmission)current).RateRows.Clone();
        for (int i = 0; i < rates.Length; i++)
        {
            if (sums.Weights[i] > EmptyShare * _smallestWeight || _inverseScale > 0)
                rates[i] = Math.Min((sums.Sums[i] + (_shape - 1)) / (sums.Weights[i] + _inverseScale), Poisson.Largest);
        }
        return new PoissonEmission(rates, numberOfStates);
    }

    public override double LogPrior(HmmEmission emission)
    {
        double sum = 0;
        foreach (double rate in ((PoissonEmission)emission).RateRows)
            sum += (_shape == 1 ? 0 : (_shape - 1) * Math.Log(rate)) - _inverseScale * rate;
        return sum;
    }
}
