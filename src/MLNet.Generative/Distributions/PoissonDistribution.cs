using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace MLNet.Generative;

/// <summary>The Poisson distribution of counts, p(x) = e^−λ λ^x / x!.</summary>
internal static class PoissonDistribution
{
    /// <summary>Counts above this are no longer whole numbers that differ from their neighbours.</summary>
    public const double LargestCount = 9_007_199_254_740_992;

    // From here on, λ^x and x! are so large that their difference would be rounding.
    private const double ManyCounts = 16;

    // From here on a normal distribution is the same for every use, and counts leave the integers of the sampler.
    private const double LargestSampledRate = 1e9;

    private static readonly double[] LogFactorials = [.. Enumerable.Range(0, 256).Select(SpecialFunctions.FactorialLn)];

    /// <summary>log x!.</summary>
    public static double LogFactorial(double count) =>
        count < LogFactorials.Length ? LogFactorials[(int)count] : SpecialFunctions.GammaLn(count + 1);

    /// <summary>log p(x). With a rate of 0 only the count 0 is possible.</summary>
    /// <param name="count">x: a whole number, not negative.</param>
    /// <param name="rate">λ: finite, not negative.</param>
    /// <param name="logRate">log λ.</param>
    /// <remarks>Large counts take the saddle-point form, which does not cancel (Loader 2000): −½ log 2πx − δ(x) − λ D(x/λ) with D(ε) = ε log ε + 1 − ε.</remarks>
    public static double LogProbability(double count, double rate, double logRate)
    {
        if (count == 0)
            return -rate;
        if (rate == 0)
            return double.NegativeInfinity;
        if (count < ManyCounts)
            return count * logRate - rate - LogFactorials[(int)count];
        return -0.5 * Math.Log(2 * Math.PI * count) - StirlingError(count) - Deviance(count, rate);
    }

    /// <summary>Draws a count.</summary>
    public static double Sample(Random random, double rate)
    {
        if (rate == 0)
            return 0;
        return rate < LargestSampledRate ? Poisson.Sample(random, rate) : Math.Clamp(Math.Round(Normal.Sample(random, rate, Math.Sqrt(rate))), 0, LargestCount);
    }

    /// <summary>Says what is wrong with a count; <see langword="null"/> if nothing is. A missing one is fine.</summary>
    public static string? FindProblem(double count, int feature, string family) =>
        double.IsNaN(count) || (count >= 0 && count <= LargestCount && Math.Floor(count) == count)
            ? null
            : $"Feature {feature} is {count.ToString(System.Globalization.CultureInfo.InvariantCulture)}, but a {family} count is a whole number, not negative";

    /// <summary>δ(x) = log x! − log(√(2πx) (x/e)^x), by its asymptotic series.</summary>
    private static double StirlingError(double x)
    {
        double square = x * x;
        return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / square) / square) / square) / square) / x;
    }

    /// <summary>x log(x/λ) + λ − x.</summary>
    private static double Deviance(double count, double rate)
    {
        if (!(Math.Abs(count - rate) < 0.1 * (count + rate)))
            return count * Math.Log(count / rate) + rate - count;

        // With v = (x − λ)/(x + λ): the logarithm is 2 Σ v^(2i+1)/(2i+1), and x v·2 − (x − λ) = (x − λ) v.
        double v = (count - rate) / (count + rate);
        double sum = (count - rate) * v;
        double term = 2 * count * v;
        for (int i = 3; ; i += 2)
        {
            term *= v * v;
            double next = sum + term / i;
            if (next == sum)
                return next;
            sum = next;
        }
    }
}
