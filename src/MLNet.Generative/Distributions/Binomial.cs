using MathNet.Numerics;

namespace MLNet.Generative;

/// <summary>Draws from a binomial distribution in a time that does not grow with the number of trials.</summary>
internal static class Binomial
{
    // Below this mean draws invert the distribution function, above it they reject.
    private const double SmallestMeanToReject = 10;

    /// <summary>Draws the number of successes: by inversion, or for large means by transformed rejection (Hörmann 1993, algorithm BTRS).</summary>
    /// <param name="trials">The number of trials, whole, at most 2⁵³.</param>
    /// <param name="probability">The probability of success, from 0 to 1.</param>
    /// <param name="random">The source of randomness.</param>
    public static double Sample(double trials, double probability, Random random)
    {
        if (probability > 0.5)
            return trials - Sample(trials, 1 - probability, random);
        return trials * probability < SmallestMeanToReject ? Invert(trials, probability, random) : Reject(trials, probability, random);
    }

    private static double Invert(double trials, double probability, Random random)
    {
        double odds = probability / (1 - probability);
        double remaining = random.NextDouble();
        double term = Math.Exp(trials * SpecialFunctions.Log1p(-probability));
        double successes = 0;
        while (remaining >= term && term > 0 && successes < trials)
        {
            remaining -= term;
            term *= (trials - successes) / (successes + 1) * odds;
            successes++;
        }
        return successes;
    }

    private static double Reject(double trials, double probability, Random random)
    {
        double deviation = Math.Sqrt(trials * probability * (1 - probability));
        double b = 1.15 + 2.53 * deviation;
        double a = -0.0873 + 0.0248 * b + 0.01 * probability;
        double alpha = (2.83 + 5.1 / b) * deviation;
        double accepted = 0.92 - 4.2 / b;
        double mode = Math.Floor((trials + 1) * probability);
        double atMode = LogWeight(mode, trials, probability);
        while (true)
        {
            double u = random.NextDouble() - 0.5;
            double v = 1 - random.NextDouble();
            double us = 0.5 - Math.Abs(u);
            double successes = Math.Floor((2 * a / us + b) * u + trials * probability + 0.5);
            if (!(successes >= 0 && successes <= trials))
                continue;
            if (us >= 0.07 && v <= accepted)
                return successes;
            if (Math.Log(v * alpha / (a / (us * us) + b)) <= LogWeight(successes, trials, probability) - atMode)
                return successes;
        }
    }

    // The log-probability but for a constant: as of two Poisson counts with a given sum, because logarithms of large factorials would cancel.
    private static double LogWeight(double successes, double trials, double probability)
    {
        double rate = trials * probability, other = trials * (1 - probability);
        return Poisson.LogProbability(successes, rate, Math.Log(rate)) + Poisson.LogProbability(trials - successes, other, Math.Log(other));
    }
}
