namespace MLNet.Generative;

/// <summary>Sums the parts of the objective over the batches of one pass through the rows.</summary>
/// <param name="latentDimension">L, the number of latent dimensions.</param>
internal sealed class EpochStatistics(int latentDimension)
{
    private readonly double[] _kl = new double[latentDimension];
    private readonly ActiveUnits _active = new(latentDimension);
    private double _objective;
    private double _reconstruction;
    private long _rows;

    /// <summary>Whether the objective of every batch was finite, and all that training goes on from.</summary>
    public bool IsFinite { get; private set; } = true;

    /// <summary>The mean objective per row.</summary>
    public double Objective => _objective / _rows;

    /// <summary>The mean of E_q[log p(x|z)] per row.</summary>
    public double Reconstruction => _reconstruction / _rows;

    /// <summary>The mean KL divergence per row of each latent dimension.</summary>
    public double[] KlPerDimension => Array.ConvertAll(_kl, sum => sum / _rows);

    /// <summary>The number of latent dimensions whose posterior mean varies over the rows.</summary>
    public int NumberOfActiveUnits => _active.Count();

    /// <summary>Something that training goes on from is no longer a number.</summary>
    public void Fail() => IsFinite = false;

    /// <summary>Adds a batch.</summary>
    /// <returns>Whether its objective is finite.</returns>
    public bool Add(EvidenceLowerBoundTerms terms)
    {
        if (!double.IsFinite(terms.Objective))
            return IsFinite = false;

        int rows = terms.Means.Length / latentDimension;
        _objective += terms.Objective * rows;
        _reconstruction += terms.Reconstruction * rows;
        for (int l = 0; l < latentDimension; l++)
            _kl[l] += terms.KlPerDimension[l] * rows;
        _active.Add(terms.Means);
        _rows += rows;
        return true;
    }
}
