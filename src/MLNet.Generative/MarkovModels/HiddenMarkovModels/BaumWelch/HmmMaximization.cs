namespace MLNet.Generative;

/// <summary>
/// The M-step of Baum-Welch (Rabiner 1989, eq. 40): π_i and a_ij in proportion to their expected counts, plus the pseudo-counts of a Dirichlet prior; and the emissions' own.
/// Without a prior a zero stays exactly 0; a state that is never left keeps its row of A.
/// </summary>
internal sealed class HmmMaximization(EmissionLearner emissions, HmmPrior prior)
{
    private readonly double _initialCount = prior.InitialConcentration - 1;
    private readonly double _transitionCount = prior.TransitionConcentration - 1;
    private readonly double _selfCount = prior.SelfTransitionCount;

    /// <summary>The model that maximises the expected log-likelihood plus the logarithm of the prior.</summary>
    public HmmModel Run(HmmStatistics statistics, HmmModel current)
    {
        int states = current.NumberOfStates;
        int stride = current.Chain.Stride;
        double[] initial = [.. current.InitialProbabilities];
        Normalize(statistics.Initial.AsSpan(0, states), _ => _initialCount, initial);

        double[] transitions = (double[])current.Transitions.Clone();
        for (int i = 0; i < states; i++)
        {
            int from = i;
            Normalize(statistics.Transitions.AsSpan(i * stride, states), to => _transitionCount + (to == from ? _selfCount : 0), transitions.AsSpan(i * states, states));
        }
        return new HmmModel(initial, transitions, emissions.Maximize(statistics.Emissions, current.Emissions));
    }

    /// <summary>The logarithm of the prior density of a model, but for constants; 0 without a prior.</summary>
    public double LogPrior(HmmModel model)
    {
        double sum = emissions.LogPrior(model.Emissions);
        for (int i = 0; i < model.NumberOfStates; i++)
        {
            sum += Term(_initialCount, model.InitialProbabilities[i]);
            for (int j = 0; j < model.NumberOfStates; j++)
                sum += Term(_transitionCount + (i == j ? _selfCount : 0), model.Chain.TransitionAt(i, j));
        }
        return sum;
    }

    private static void Normalize(ReadOnlySpan<double> counts, Func<int, double> pseudoCount, Span<double> probabilities)
    {
        double unit = 1, total = Sum(counts, pseudoCount, unit);
        if (double.IsInfinity(total))
        {
            unit = 1.0 / (1 << 30) / probabilities.Length;
            total = Sum(counts, pseudoCount, unit);
        }
        if (!(total > 0))
            return;
        for (int k = 0; k < probabilities.Length; k++)
            probabilities[k] = unit * Count(counts, pseudoCount, k) / total;
    }

    private static double Sum(ReadOnlySpan<double> counts, Func<int, double> pseudoCount, double unit)
    {
        double total = 0;
        for (int k = 0; k < counts.Length; k++)
            total += unit * Count(counts, pseudoCount, k);
        return total;
    }

    private static double Count(ReadOnlySpan<double> counts, Func<int, double> pseudoCount, int place) => Math.Min(counts[place] + pseudoCount(place), double.MaxValue);

    private static double Term(double pseudoCount, double probability) => pseudoCount == 0 ? 0 : pseudoCount * Math.Log(probability);
}
