namespace MLNet.Generative;

/// <summary>A multinomial distribution of D counts with a given total n, p(x) = n! / Π x_j! · Π p_j^x_j (Bishop 2006, eq. 2.34).</summary>
internal static class Multinomial
{
    /// <summary>log(n! / Π x_j!), as <see cref="LogProbability"/> needs it: 0 where it does without.</summary>
    public static double LogCoefficient(ReadOnlySpan<double> counts, double total)
    {
        if (total >= LogFactorial.TableLength)
            return 0;
        double sum = LogFactorial.Of(total);
        foreach (double count in counts)
            sum -= LogFactorial.Of(count);
        return sum;
    }

    /// <summary>log p(x).</summary>
    /// <remarks>
    /// With a large total as what independent Poisson counts of rates n·p_j are, given their sum: logarithms of large factorials would cancel.
    /// </remarks>
    /// <param name="counts">x, D counts.</param>
    /// <param name="total">n, their sum.</param>
    /// <param name="logCoefficient">From <see cref="LogCoefficient"/>.</param>
    /// <param name="probabilities">p.</param>
    /// <param name="logProbabilities">log p.</param>
    public static double LogProbability(
        ReadOnlySpan<double> counts, double total, double logCoefficient, ReadOnlySpan<double> probabilities, ReadOnlySpan<double> logProbabilities)
    {
        double sum = logCoefficient;
        if (total < LogFactorial.TableLength)
        {
            for (int j = 0; j < counts.Length; j++)
                sum += counts[j] == 0 ? 0 : counts[j] * logProbabilities[j];
            return sum;
        }

        double logTotal = Math.Log(total);
        for (int j = 0; j < counts.Length; j++)
            sum += Poisson.LogProbability(counts[j], total * probabilities[j], logTotal + logProbabilities[j]);
        return sum - Poisson.LogProbability(total, total, logTotal);
    }

    /// <summary>Draws counts with a total of n: of each feature in turn a binomial share of what the features before it have left.</summary>
    public static void Sample(ReadOnlySpan<double> probabilities, double trials, Random random, Span<double> counts)
    {
        // First what each feature and those after it have together, summed from the end: the share of the last is then exactly 1.
        double rest = 0;
        for (int j = probabilities.Length - 1; j >= 0; j--)
            counts[j] = rest += probabilities[j];
        for (int j = 0; j < counts.Length; j++)
        {
            counts[j] = probabilities[j] == 0 ? 0 : Binomial.Sample(trials, probabilities[j] / counts[j], random);
            trials -= counts[j];
        }
    }
}
