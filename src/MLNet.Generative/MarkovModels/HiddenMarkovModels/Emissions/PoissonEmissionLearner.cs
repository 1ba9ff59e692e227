namespace MLNet.Generative;

/// <summary>Learns Poisson emissions (Zucchini and MacDonald 2009, section 4.2): λ_k = Σ γ_k x / Σ γ_k, or the mode (Σ γ_k x + a − 1) / (Σ γ_k + b) with a Gamma prior.</summary>
internal sealed class PoissonEmissionLearner(int numberOfStates, DataMoments moments, HmmPrior prior) : EmissionLearner
{
    private readonly double _count = prior.RateShape - 1;
    private readonly double _weight = prior.RateInverseScale;

    public override string? FindProblem(ReadOnlySpan<double> frame) => PoissonEmission.FindProblemIn(frame);

    public override HmmEmission Start(WeightedRows frames, int[]? clusters, Random random) =>
        Maximize(FeatureSums.OfClusters(frames, clusters, moments, numberOfStates, random), new double[numberOfStates * frames.Dimension], frames.Dimension);

    public override EmissionStatistics CreateStatistics(HmmEmission current) => new FeatureSums(numberOfStates, current.Dimension);

    public override HmmEmission Maximize(EmissionStatistics statistics, HmmEmission current) =>
        Maximize((FeatureSums)statistics, ((PoissonEmission)current).Values.ToArray(), current.Dimension);

    public override double LogPrior(HmmEmission emission)
    {
        double sum = 0;
        foreach (double rate in ((PoissonEmission)emission).Values)
            sum += (_count == 0 ? 0 : _count * Math.Log(rate)) - _weight * rate;
        return sum;
    }

    private PoissonEmission Maximize(FeatureSums sums, double[] rates, int dimension)
    {
        for (int place = 0; place < rates.Length; place++)
        {
            double weight = sums.Weights[place / dimension] + _weight;
            if (weight > 0)
                rates[place] = (sums.Sums[place] + _count) / weight;
        }
        return new PoissonEmission(rates, numberOfStates);
    }
}
