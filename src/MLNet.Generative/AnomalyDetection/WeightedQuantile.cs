namespace MLNet.Generative;

/// <summary>The quantile of weighted numbers. Integer weights count as repeated numbers.</summary>
internal static class WeightedQuantile
{
    /// <summary>
    /// The quantile at <paramref name="probability"/> p, by linear interpolation between the order statistics around rank (W − 1) p, where W is the total weight
    /// (type 7 of Hyndman and Fan 1996).
    /// </summary>
    public static float Of(List<(float Value, double Weight)> numbers, double probability)
    {
        numbers.Sort((a, b) => a.Value.CompareTo(b.Value));
        double rank = Math.Max(0, (numbers.Sum(number => number.Weight) - 1) * probability);
        double below = AtRank(numbers, Math.Floor(rank));
        double above = AtRank(numbers, Math.Floor(rank) + 1);
        return (float)(below + (above - below) * (rank - Math.Floor(rank)));
    }

    private static double AtRank(List<(float Value, double Weight)> sorted, double rank)
    {
        double cumulated = 0;
        foreach ((float value, double weight) in sorted)
        {
            cumulated += weight;
            if (cumulated > rank)
                return value;
        }
        return sorted[^1].Value;
    }
}
