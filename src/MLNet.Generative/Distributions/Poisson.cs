using System.Globalization;

namespace MLNet.Generative;

/// <summary>A Poisson distribution of counts, p(x) = λˣ e^(−λ) / x!, of rate λ. With rate 0 the count is 0.</summary>
/// <remarks>Counts are doubles, because 32-bit integers are too small for some; up to 2⁵³ each is exact.</remarks>
internal static class Poisson
{
    /// <summary>The largest count and the largest rate.</summary>
    public const double Largest = 1L << 53;

    // Below it draws invert the distribution function, above it they reject.
    private const double SmallestRateToReject = 10;

    /// <summary>Whether a number is a count: whole, not negative, at most <see cref="Largest"/>.</summary>
    public static bool IsCount(double value) => value >= 0 && value <= Largest && Math.Floor(value) == value;

    /// <summary>Whether a number is a rate.</summary>
    public static bool IsRate(double value) => value >= 0 && value <= Largest;

    /// <summary>Says which value of a frame is no count, without a full stop; <see langword="null"/> if each is one or missing.</summary>
    /// <param name="frame">The values.</param>
    /// <param name="firstFeature">The number of the first.</param>
    /// <param name="kind">What they should be, for example "a Poisson count".</param>
    public static string? FindProblem(ReadOnlySpan<double> frame, int firstFeature, string kind)
    {
        for (int j = 0; j < frame.Length; j++)
        {
            if (!double.IsNaN(frame[j]) && !IsCount(frame[j]))
                return string.Create(CultureInfo.InvariantCulture, $"Feature {firstFeature + j} is {frame[j]}, but {kind} is a whole number that is not negative{(frame[j] > Largest ? ", at most 2^53" : "")}");
        }
        return null;
    }

    /// <summary>log p(x).</summary>
    /// <remarks>
    /// Large counts by Loader's saddle-point expansion (2000): x log λ − λ − log x! would cancel, to errors of whole nats at 10¹⁵.
    /// </remarks>
    /// <param name="count">x.</param>
    /// <param name="rate">λ.</param>
    /// <param name="logRate">log λ.</param>
    public static double LogProbability(double count, double rate, double logRate)
    {
        if (rate == 0)
            return count == 0 ? 0 : double.NegativeInfinity;
        if (count < LogFactorial.TableLength)
            return count * logRate - rate - LogFactorial.Of(count);
        return -0.5 * Math.Log(2 * Math.PI * count) - LogFactorial.StirlingError(count) - Deviance(count, rate, logRate);
    }

    /// <summary>Draws a count: by inversion, or for large rates by transformed rejection (Hörmann 1993, algorithm PTRS).</summary>
    public static double Sample(double rate, Random random) =>
        Math.Min(Largest, rate < SmallestRateToReject ? Invert(rate, random) : Reject(rate, random));

    private static double Invert(double rate, Random random)
    {
        double remaining = random.NextDouble();
        double probability = Math.Exp(-rate);
        double count = 0;
        while (remaining >= probability && probability > 0)
        {
            remaining -= probability;
            count++;
            probability *= rate / count;
        }
        return count;
    }

    private static double Reject(double rate, Random random)
    {
        double logRate = Math.Log(rate);
        double b = 0.931 + 2.53 * Math.Sqrt(rate);
        double a = -0.059 + 0.02483 * b;
        double inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
        double accepted = 0.9277 - 3.6224 / (b - 2);
        while (true)
        {
            double u = random.NextDouble() - 0.5;
            double v = 1 - random.NextDouble();
            double us = 0.5 - Math.Abs(u);
            double count = Math.Floor((2 * a / us + b) * u + rate + 0.43);
            if (us >= 0.07 && v <= accepted)
                return count;
            if (!(count >= 0) || double.IsInfinity(count) || (us < 0.013 && v > us))
                continue;
            if (Math.Log(v * inverseAlpha / (a / (us * us) + b)) <= LogProbability(count, rate, logRate))
                return count;
        }
    }

    // x log(x/λ) + λ − x, without cancellation where x and λ are close.
    private static double Deviance(double count, double rate, double logRate)
    {
        double difference = count - rate;
        if (Math.Abs(difference) >= 0.1 * (count + rate))
            return count * (Math.Log(count) - logRate) + rate - count;

        double v = difference / (count + rate);
        double sum = difference * v;
        double term = 2 * count * v;
        for (int i = 3; ; i += 2)
        {
            term *= v * v;
            double next = sum + term / i;
            if (next == sum)
                return sum;
            sum = next;
        }
    }
}
