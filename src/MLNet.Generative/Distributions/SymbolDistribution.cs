using System.Globalization;

namespace MLNet.Generative;

/// <summary>Distributions over M symbols or categories, as rows of a matrix: what categorical and multinomial emissions and the like have in common.</summary>
internal static class SymbolDistribution
{
    /// <summary>Draws a symbol, from 0, by its probability.</summary>
    /// <param name="probabilities">M numbers, not negative; at least one is positive.</param>
    /// <param name="random">The source of randomness.</param>
    public static int Sample(ReadOnlySpan<double> probabilities, Random random)
    {
        double total = 0;
        foreach (double probability in probabilities)
            total += probability;
        double remaining = random.NextDouble() * total;
        int last = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] <= 0)
                continue;
            last = i;
            if (remaining < probabilities[i])
                break;
            remaining -= probabilities[i];
        }
        return last;
    }

    /// <summary>The mode of a Dirichlet posterior: probabilities in proportion to counts plus pseudo-counts.</summary>
    /// <param name="counts">The counts.</param>
    /// <param name="pseudoCount">Added to each: the prior's concentration less 1.</param>
    /// <param name="probabilities">Receives them.</param>
    /// <returns>Whether there was anything to count; if not, the probabilities are as they were.</returns>
    public static bool Maximize(ReadOnlySpan<double> counts, double pseudoCount, Span<double> probabilities)
    {
        double total = 0;
        foreach (double count in counts)
            total += count + pseudoCount;
        if (!(total > 0))
            return false;
        for (int i = 0; i < counts.Length; i++)
            probabilities[i] = (counts[i] + pseudoCount) / total;
        return true;
    }

    /// <summary>The logarithm of a symmetric Dirichlet density, but for constants: (a − 1) Σ log p.</summary>
    public static double LogPrior(ReadOnlySpan<double> probabilities, double pseudoCount)
    {
        double sum = 0;
        foreach (double probability in probabilities)
            sum += pseudoCount == 0 ? 0 : pseudoCount * Math.Log(probability);
        return sum;
    }

    /// <summary>Says what is wrong with a symbol; <see langword="null"/> if nothing is. A missing one is fine.</summary>
    public static string? FindProblem(double symbol, int feature, int numberOfSymbols) =>
        double.IsNaN(symbol) || (symbol >= 0 && symbol < numberOfSymbols && Math.Floor(symbol) == symbol)
            ? null
            : $"Feature {feature} is {symbol.ToString(CultureInfo.InvariantCulture)}, but symbols are whole numbers from 0 to {numberOfSymbols - 1}";
}
