namespace MLNet.Generative;

/// <summary>What Akaike's information criterion lacks when there are few data.</summary>
internal static class SmallSampleCorrection
{
    /// <summary>2 p (p + 1) / (n − p − 1) (Hurvich and Tsai 1989); +∞ where n ≤ p + 1.</summary>
    /// <param name="numberOfParameters">p.</param>
    /// <param name="numberOfObservations">n.</param>
    public static double Of(double numberOfParameters, double numberOfObservations)
    {
        double remaining = numberOfObservations - numberOfParameters - 1;
        return remaining > 0 ? 2 * numberOfParameters * (numberOfParameters + 1) / remaining : double.PositiveInfinity;
    }
}
