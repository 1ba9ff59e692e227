namespace MLNet.Generative;

/// <summary>
/// What an E-step learns from rows under a mixture: each component's statistics about its current mean, and the log-likelihood of the rows.
/// Enough for an M-step; rows are not needed any more.
/// </summary>
internal sealed class MixtureStatistics : IBlockStatistics<MixtureStatistics>
{
    public MixtureStatistics(int numberOfComponents, int dimension, bool isDiagonal)
    {
        Components = new GaussianStatistics[numberOfComponents];
        for (int k = 0; k < numberOfComponents; k++)
            Components[k] = new GaussianStatistics(dimension, isDiagonal);
    }

    /// <summary>The statistics of each component.</summary>
    public GaussianStatistics[] Components { get; }

    /// <summary>Σ_n w_n log p(x_n).</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>Σ_n w_n log max_k r_nk.</summary>
    public double Classification { get; private set; }

    /// <summary>Adds to the log-likelihoods.</summary>
    public void AddLogLikelihood(double logLikelihood, double classification)
    {
        LogLikelihood += logLikelihood;
        Classification += classification;
    }

    /// <inheritdoc/>
    public void Clear()
    {
        LogLikelihood = 0;
        Classification = 0;
        foreach (GaussianStatistics component in Components)
            component.Clear();
    }

    /// <inheritdoc/>
    public void Merge(MixtureStatistics other)
    {
        LogLikelihood += other.LogLikelihood;
        Classification += other.Classification;
        for (int k = 0; k < Components.Length; k++)
            Components[k].Merge(other.Components[k]);
    }

    /// <summary>Writes all sums.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(LogLikelihood);
        writer.Write(Classification);
        foreach (GaussianStatistics component in Components)
            component.Write(writer);
    }

    /// <summary>Reads what <see cref="Write"/> wrote of statistics of the same shape.</summary>
    public void Read(BinaryReader reader)
    {
        LogLikelihood = reader.ReadDouble();
        Classification = reader.ReadDouble();
        foreach (GaussianStatistics component in Components)
            component.Read(reader);
    }
}
