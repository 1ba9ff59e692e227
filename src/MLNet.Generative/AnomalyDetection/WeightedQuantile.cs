namespace MLNet.Generative;

/// <summary>The quantile of weighted numbers. Integer weights count as repeated numbers.</summary>
internal static class WeightedQuantile
{
    private const double Rounding = 1e-9;

    /// <summary>
    /// The quantile at <paramref name="probability"/> p, by linear interpolation between the order statistics around rank (n − 1) p (type 7 of Hyndman and Fan 1996).
    /// A number of weight w counts as w / u numbers, where the unit u is 1, or the smallest weight if that is smaller; n is their total.
    /// </summary>
    public static float Of(List<(float Value, double Weight)> numbers, double probability)
    {
        numbers.Sort((a, b) => a.Value.CompareTo(b.Value));
        double unit = Math.Min(1, numbers.Min(number => number.Weight));
        double rank = Math.Max(0, (numbers.Sum(number => number.Weight) / unit - 1) * probability);
        // A rank that misses a whole number by rounding is that number.
        double whole = Math.Floor(rank + Rounding * (1 + rank));
        double below = AtRank(numbers, unit, whole);
        double above = AtRank(numbers, unit, whole + 1);
        return (float)(below + (above - below) * Math.Max(0, rank - whole));
    }

    private static double AtRank(List<(float Value, double Weight)> sorted, double unit, double rank)
    {
        double cumulated = 0;
        foreach ((float value, double weight) in sorted)
        {
            cumulated += weight / unit;
            if (cumulated > rank + Rounding * (1 + rank))
                return value;
        }
        return sorted[^1].Value;
    }
}
