using System.Globalization;

namespace MLNet.Generative;

/// <summary>A Bernoulli distribution of a value 0 or 1 (Bishop 2006, eq. 2.2), and its conjugate prior.</summary>
internal static class Bernoulli
{
    /// <summary>Whether a number is a probability.</summary>
    public static bool IsProbability(double value) => value is >= 0 and <= 1;

    /// <summary>Says which value of a frame is neither 0 nor 1, without a full stop; <see langword="null"/> if each is one of them or missing.</summary>
    public static string? FindProblem(ReadOnlySpan<double> frame, int firstFeature)
    {
        for (int j = 0; j < frame.Length; j++)
        {
            if (!double.IsNaN(frame[j]) && frame[j] != 0 && frame[j] != 1)
                return string.Create(CultureInfo.InvariantCulture, $"Feature {firstFeature + j} is {frame[j]}, but a Bernoulli value is 0 or 1");
        }
        return null;
    }

    /// <summary>Draws 1 with the given probability, else 0.</summary>
    public static double Sample(double probability, Random random) => random.NextDouble() < probability ? 1 : 0;

    /// <summary>The mode of the posterior under a prior Beta(a, a): (s + a − 1) / (n + 2 (a − 1)) (Bishop 2006, eq. 2.18).</summary>
    /// <param name="ones">s, how often the value was 1.</param>
    /// <param name="total">n, how often there was a value: positive.</param>
    /// <param name="concentration">a, at least 1.</param>
    public static double Mode(double ones, double total, double concentration) =>
        // Halves, because twice the largest concentration would overflow.
        (0.5 * ones + 0.5 * (concentration - 1)) / (0.5 * total + (concentration - 1));

    /// <summary>The logarithm of the density of that prior, but for constants: (a − 1) (log p + log(1 − p)).</summary>
    public static double LogPrior(double probability, double concentration) =>
        concentration == 1 ? 0 : (concentration - 1) * (Math.Log(probability) + Math.Log(1 - probability));
}
