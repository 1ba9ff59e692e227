using System.ComponentModel;

namespace MLNet.Generative;

/// <summary>
/// Checks of options, made when an estimator is made: each error names the option, says what was found and what is allowed. For the authors of estimators in this family
/// of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class OptionChecks
{
    /// <summary>Throws unless a number is at least 1.</summary>
    /// <param name="value">The number.</param>
    /// <param name="name">The option's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is smaller.</exception>
    public static void AtLeastOne(int value, string name)
    {
        if (value < 1)
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be at least 1.");
    }

    /// <summary>Throws unless a number is finite and at least 0.</summary>
    /// <param name="value">The number.</param>
    /// <param name="name">The option's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static void FiniteAndNotNegative(double value, string name)
    {
        if (!(value >= 0) || double.IsInfinity(value))
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be finite and not negative.");
    }

    /// <summary>Throws unless a number is finite and greater than 0.</summary>
    /// <param name="value">The number.</param>
    /// <param name="name">The option's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static void FiniteAndPositive(double value, string name)
    {
        if (!(value > 0) || double.IsInfinity(value))
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be finite and positive.");
    }

    /// <summary>Throws unless a number is finite and at least 1.</summary>
    /// <param name="value">The number.</param>
    /// <param name="name">The option's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static void FiniteAndAtLeastOne(double value, string name)
    {
        if (!(value >= 1) || double.IsInfinity(value))
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must be finite and at least 1.");
    }

    /// <summary>Throws unless a number lies between two others, which are allowed themselves.</summary>
    /// <param name="value">The number.</param>
    /// <param name="lowest">The lowest that is allowed.</param>
    /// <param name="highest">The highest that is allowed.</param>
    /// <param name="name">The option's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">It does not.</exception>
    public static void InRange(double value, double lowest, double highest, string name)
    {
        if (!(value >= lowest && value <= highest))
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; it must lie between {lowest} and {highest}.");
    }

    /// <summary>Throws unless a value is one of those of its enumeration.</summary>
    /// <param name="value">The value.</param>
    /// <param name="name">The option's name.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static void Defined<TEnum>(TEnum value, string name)
        where TEnum : struct, Enum
    {
        if (!Enum.IsDefined(value))
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}, which is not one of the values of {typeof(TEnum).Name}.");
    }

    /// <summary>Throws unless a text can name a column.</summary>
    /// <param name="value">The text.</param>
    /// <param name="name">The option's name.</param>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public static void ColumnName(string? value, string name)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw new ArgumentException($"{name} is empty; it must name a column.", name);
    }

    /// <summary>Throws unless texts can name columns, each another one.</summary>
    /// <param name="columns">The texts and the names of their options.</param>
    /// <exception cref="ArgumentException">One is empty, or two are the same.</exception>
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
