namespace MLNet.Generative;

/// <summary>Checks of options, made when an estimator is made: each error names the option, says what was found and what is allowed.</summary>
internal static class OptionChecks
{
    public static void AtLeastOne(int value, string name)
    {
        if (value < 1)
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be at least 1.");
    }

    public static void FiniteAndNotNegative(double value, string name)
    {
        if (!(value >= 0) || double.IsInfinity(value))
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be finite and not negative.");
    }

    public static void InRange(double value, double lowest, double highest, string name)
    {
        if (!(value >= lowest && value <= highest))
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must lie between {lowest} and {highest}.");
    }

    public static void Defined<TEnum>(TEnum value, string name)
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}, which is not one of the values of {typeof(TEnum).Name}.");
    }

    public static void ColumnName(string? value, string name)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw new ArgumentException($"{name} is empty; it must name a column.", name);
    }

    public static void DistinctColumnNames(params ReadOnlySpan<(string? Value, string Name)> columns)
    {
        var seen = new Dictionary<string, string>();
        foreach ((string? value, string name) in columns)
        {
            ColumnName(value, name);
            if (!seen.TryAdd(value!, name))
                throw new ArgumentException($"{seen[value!]} and {name} are both '{value}'; output columns need different names.", name);
        }
    }
}
