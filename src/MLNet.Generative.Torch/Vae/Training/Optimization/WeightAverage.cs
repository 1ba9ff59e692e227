namespace MLNet.Generative;

/// <summary>
/// The average of the weights along the training, in which about the last tenth of the steps counts, and never more than some ten thousand: it takes out the noise of the last steps, as a falling learning rate
/// would, but needs no plan of how long training will last. Polynomial-decay averaging (Shamir and Zhang 2013, section 4.2) with η = 9; Kingma and Ba (2014, section
/// 7.2) note that averaging often helps with Adam.
/// </summary>
/// <param name="parameters">The weights before the first step.</param>
internal sealed class WeightAverage(ParameterSet parameters) : IDisposable
{
    private const double Eta = 9;

    // Smaller steps of the average would be lost to rounding in 32 bits.
    private const double SmallestShare = 1e-4;

    private const long LongestStride = 8;

    // So that about the last tenth of the steps is at least some 25 looks.
    private const long StepsPerStride = 256;

    /// <summary>The averages.</summary>
    public ParameterSet Parameters { get; } = parameters.Copy();

    /// <summary>
    /// The share of the weights after a step in the average, which moves by that share of the way from where it is; 0 after most steps of a long training, whose neighbours are
    /// much alike: to look at one in up to <see cref="LongestStride"/> saves memory traffic and changes next to nothing.
    /// </summary>
    /// <param name="step">The number of the step, from 1.</param>
    public static float ShareOf(long step)
    {
        long stride = Math.Clamp(step / StepsPerStride, 1, LongestStride);
        return step % stride == 0 ? (float)Math.Clamp(stride * (Eta + 1) / (step + Eta), stride * SmallestShare, 1) : 0;
    }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();
}
