using MathNet.Numerics;

namespace MLNet.Generative;

/// <summary>log n! of whole numbers that may be large.</summary>
internal static class LogFactorial
{
    /// <summary>Below this, log n! comes from a table.</summary>
    public const int TableLength = 1024;

    private static readonly double[] Table = [.. Enumerable.Range(0, TableLength).Select(n => SpecialFunctions.FactorialLn(n))];

    /// <summary>log n!</summary>
    /// <param name="n">A whole number, not negative.</param>
    public static double Of(double n) =>
        n < TableLength ? Table[(int)n] : (n + 0.5) * Math.Log(n) - n + 0.5 * Math.Log(2 * Math.PI) + StirlingError(n);

    /// <summary>log n! − log(√(2πn) (n/e)ⁿ), the error of Stirling's formula, of an n beyond the table.</summary>
    public static double StirlingError(double n) => (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / (n * n)) / (n * n)) / n;
}
