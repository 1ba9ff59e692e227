using System.Globalization;

namespace MLNet.Generative;

/// <summary>A categorical distribution of the symbols 0 to M − 1, given by M probabilities (Bishop 2006, eq. 2.26), and its conjugate prior.</summary>
internal static class Categorical
{
    private const double SumTolerance = 1e-9;

    /// <summary>Says why numbers are not the probabilities of all symbols, as the end of a sentence without a full stop; <see langword="null"/> if they are.</summary>
    public static string? FindProblem(ReadOnlySpan<double> probabilities)
    {
        double sum = 0;
        for (int m = 0; m < probabilities.Length; m++)
        {
            if (!(probabilities[m] >= 0) || double.IsInfinity(probabilities[m]))
                return string.Create(CultureInfo.InvariantCulture, $"contains {probabilities[m]} at place {m}. Probabilities are finite and not negative");
            sum += probabilities[m];
        }
        return Math.Abs(sum - 1) <= SumTolerance ? null : string.Create(CultureInfo.InvariantCulture, $"sums to {sum}, not 1. Divide each of its numbers by the sum");
    }

    /// <summary>Draws a symbol; never one of probability 0.</summary>
    public static int Sample(ReadOnlySpan<double> probabilities, Random random)
    {
        double remaining = random.NextDouble();
        int last = probabilities.Length - 1;
        while (last > 0 && probabilities[last] == 0)
            last--;
        int symbol = 0;
        while (symbol < last && remaining >= probabilities[symbol])
            remaining -= probabilities[symbol++];
        return symbol;
    }

    /// <summary>
    /// The mode of the posterior under a symmetric Dirichlet prior, (c_m + a − 1) / Σ (c + a − 1) (Bishop 2006, eq. 2.41); with a = 1 the maximum of the likelihood.
    /// </summary>
    /// <param name="counts">c, not negative.</param>
    /// <param name="concentration">a, at least 1.</param>
    /// <param name="probabilities">Receives the mode, unless there is none.</param>
    /// <returns>Whether there is one: not if everything is 0.</returns>
    public static bool TryMode(ReadOnlySpan<double> counts, double concentration, Span<double> probabilities)
    {
        double largest = 0;
        foreach (double count in counts)
            largest = Math.Max(largest, count + (concentration - 1));
        if (!(largest > 0))
            return false;

        // In units of the largest, whose sum cannot overflow.
        double sum = 0;
        for (int m = 0; m < counts.Length; m++)
            sum += probabilities[m] = (counts[m] + (concentration - 1)) / largest;
        for (int m = 0; m < counts.Length; m++)
            probabilities[m] /= sum;
        return true;
    }

    /// <summary>The logarithm of the density of that prior, but for constants: (a − 1) Σ log p.</summary>
    public static double LogPrior(ReadOnlySpan<double> probabilities, double concentration)
    {
        if (concentration == 1)
            return 0;
        double sum = 0;
        foreach (double probability in probabilities)
            sum += Math.Log(probability);
        return (concentration - 1) * sum;
    }
}
