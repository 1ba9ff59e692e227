namespace MLNet.Generative;

/// <summary>What random numbers are for: each use of one seed has a sequence of its own.</summary>
internal static class RandomStream
{
    /// <summary>Initial weights, and the rows that are kept for validation.</summary>
    public const int Start = 0;

    /// <summary>Noise of training.</summary>
    public const int Noise = 1;

    /// <summary>Noise of validation.</summary>
    public const int Validation = 2;

    /// <summary>Codes drawn from the prior.</summary>
    public const int Prior = 3;

    /// <summary>Rows drawn given their codes.</summary>
    public const int Draws = 4;

    /// <summary>Importance samples.</summary>
    public const int Importance = 5;

    /// <summary>The order of rows in an epoch.</summary>
    public const int Order = 6;

    /// <summary>Codes of rows to which a mixture is fitted.</summary>
    public const int Codes = 7;
}
