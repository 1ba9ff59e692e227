namespace MLNet.Generative;

/// <summary>The name of a criterion in tables and messages.</summary>
internal static class InformationCriterionExtensions
{
    /// <summary>The letters that statistics has for it.</summary>
    public static string ToLetters(this InformationCriterion criterion) => criterion switch
    {
        InformationCriterion.Aicc => "AICc",
        _ => criterion.ToString().ToUpperInvariant(),
    };
}
