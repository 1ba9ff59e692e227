namespace MLNet.Generative;

/// <summary>
/// What the M-step needs of the frames for a mixture in each state: the statistics of component m of state k with responsibilities γ_k r_km, where
/// r_km = w_km N_km(x) / Σ_l w_kl N_kl(x) under the current mixtures (Rabiner 1989, eq. 54a).
/// </summary>
internal sealed class GaussianMixtureEmissionStatistics : EmissionStatistics
{
    private readonly GaussianMixtureModel[] _mixtures;
    private readonly double[] _joint;

    /// <param name="mixtures">The current mixtures.</param>
    /// <param name="moments">The moments of all frames.</param>
    /// <param name="isDiagonal">Whether scatters are diagonal.</param>
    public GaussianMixtureEmissionStatistics(GaussianMixtureModel[] mixtures, DataMoments moments, bool isDiagonal)
    {
        _mixtures = mixtures;
        _joint = new double[mixtures[0].NumberOfComponents * RowTile.Rows];
        References = Array.ConvertAll(mixtures, mixture => Array.ConvertAll(mixture.Components, component => moments.ReferenceFor(component.Mean)));
        States = Array.ConvertAll(mixtures, mixture => Array.ConvertAll(mixture.Components, component => new GaussianStatistics(component.Dimension, isDiagonal)));
    }

    /// <summary>The point about which the sums of each component of each state are taken.</summary>
    public double[][][] References { get; }

    /// <summary>The statistics of each component of each state.</summary>
    public GaussianStatistics[][] States { get; }

    /// <inheritdoc/>
    public override void Add(RowTile tile, int count, ReadOnlySpan<double> responsibilities)
    {
        for (int k = 0; k < _mixtures.Length; k++)
        {
            ReadOnlySpan<double> ofState = responsibilities.Slice(k * RowTile.Rows, RowTile.Rows);
            if (!ofState.ContainsAnyExcept(0.0))
                continue;
            MixtureExpectation.JointLogDensities(_mixtures[k], tile, _joint);
            LogSumExp.Normalize(_joint, States[k].Length, ofState);
            for (int m = 0; m < States[k].Length; m++)
                States[k][m].Add(tile, References[k][m], _joint.AsSpan(m * RowTile.Rows, RowTile.Rows));
        }
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        foreach (GaussianStatistics component in States.SelectMany(state => state))
            component.Clear();
    }

    /// <inheritdoc/>
    public override void Merge(EmissionStatistics other)
    {
        var statistics = (GaussianMixtureEmissionStatistics)other;
        for (int k = 0; k < States.Length; k++)
        {
            for (int m = 0; m < States[k].Length; m++)
                States[k][m].Merge(statistics.States[k][m]);
        }
    }
}
