namespace MLNet.Generative;

/// <summary>Names of columns that ML.NET does not know.</summary>
internal static class ColumnNames
{
    /// <summary>The column of log p(x).</summary>
    public const string LogDensity = "LogDensity";

    /// <summary>The column of sequences.</summary>
    public const string Sequence = "Sequence";
}
