namespace MLNet.Generative;

/// <summary>The type that the numbers were measured in: differences below its resolution are noise of the storage, not of the data.</summary>
internal enum InputPrecision
{
    /// <summary>64-bit numbers.</summary>
    Double,

    /// <summary>32-bit numbers, held in 64 bits.</summary>
    Single,
}

internal static class InputPrecisionExtensions
{
    /// <summary>The distance from <paramref name="value"/> to the next larger number of the type; 0 at 0, where numbers lie as close as they may.</summary>
    public static double ResolutionAt(this InputPrecision precision, double value)
    {
        double magnitude = Math.Abs(value);
        if (magnitude == 0)
            return 0;
        if (precision == InputPrecision.Double)
            return Math.BitIncrement(magnitude) - magnitude;
        float single = Math.Min((float)magnitude, MathF.BitDecrement(float.MaxValue));
        return (double)MathF.BitIncrement(single) - single;
    }
}
