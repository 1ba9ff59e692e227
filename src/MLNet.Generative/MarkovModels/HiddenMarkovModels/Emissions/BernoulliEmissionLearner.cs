namespace MLNet.Generative;

/// <summary>Learns Bernoulli emissions: p_k = Σ γ_k x / Σ γ_k, or the mode (Σ γ_k x + a − 1) / (Σ γ_k + 2 (a − 1)) with a Beta prior.</summary>
internal sealed class BernoulliEmissionLearner(int numberOfStates, DataMoments moments, HmmPrior prior) : EmissionLearner
{
    private readonly double _pseudoCount = prior.SymbolConcentration - 1;

    public override string? FindProblem(ReadOnlySpan<double> frame) => BernoulliEmission.FindProblemIn(frame);

    public override HmmEmission Start(WeightedRows frames, int[]? clusters, Random random) =>
        Maximize(FeatureSums.OfClusters(frames, clusters, moments, numberOfStates, random), new double[numberOfStates * frames.Dimension], frames.Dimension);

    public override EmissionStatistics CreateStatistics(HmmEmission current) => new FeatureSums(numberOfStates, current.Dimension);

    public override HmmEmission Maximize(EmissionStatistics statistics, HmmEmission current) =>
        Maximize((FeatureSums)statistics, ((BernoulliEmission)current).Values.ToArray(), current.Dimension);

    public override double LogPrior(HmmEmission emission)
    {
        double sum = 0;
        foreach (double probability in ((BernoulliEmission)emission).Values)
            sum += _pseudoCount == 0 ? 0 : _pseudoCount * (Math.Log(probability) + Math.Log(1 - probability));
        return sum;
    }

    private BernoulliEmission Maximize(FeatureSums sums, double[] probabilities, int dimension)
    {
        for (int place = 0; place < probabilities.Length; place++)
        {
            double weight = sums.Weights[place / dimension] + 2 * _pseudoCount;
            // Sums of the same terms in another order may differ in the last bit.
            if (weight > 0)
                probabilities[place] = Math.Min(1, (sums.Sums[place] + _pseudoCount) / weight);
        }
        return new BernoulliEmission(probabilities, numberOfStates);
    }
}
