using System.Globalization;

namespace MLNet.Generative.Acceptance;

/// <summary>A figure that was measured, and the bounds that it must keep.</summary>
/// <param name="Name">What was measured, with its unit.</param>
/// <param name="Value">The figure.</param>
/// <param name="Lowest">The least that will do; −∞ for no such bound.</param>
/// <param name="Highest">The most that will do; ∞ for no such bound.</param>
public sealed record AcceptanceFigure(string Name, double Value, double Lowest = double.NegativeInfinity, double Highest = double.PositiveInfinity)
{
    /// <summary>Whether it was measured to be judged, not only to be known.</summary>
    public bool IsBounded => !double.IsNegativeInfinity(Lowest) || !double.IsPositiveInfinity(Highest);

    /// <summary>Whether it keeps its bounds. What is not a number keeps none.</summary>
    public bool Passes => Value >= Lowest && Value <= Highest;

    /// <summary>PASS, FAIL, or a dash for a figure that is only to be known.</summary>
    public string Verdict => !Passes ? "FAIL" : IsBounded ? "PASS" : "-";

    /// <summary>The bounds as text.</summary>
    public string Bounds => (double.IsNegativeInfinity(Lowest), double.IsPositiveInfinity(Highest)) switch
    {
        (true, true) => "",
        (true, false) => string.Create(CultureInfo.InvariantCulture, $"<= {Highest}"),
        (false, true) => string.Create(CultureInfo.InvariantCulture, $">= {Lowest}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Lowest} to {Highest}"),
    };
}
