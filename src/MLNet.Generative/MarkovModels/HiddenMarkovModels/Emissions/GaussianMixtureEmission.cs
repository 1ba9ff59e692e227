namespace MLNet.Generative;

/// <summary>A mixture of Gaussians in each state: p(x | k) = Σ_m c_km N(x | μ_km, Σ_km) (Rabiner 1989, eq. 50).</summary>
public sealed class GaussianMixtureEmission : HmmEmission
{
    private readonly GaussianMixtureModel[] _mixtures;

    /// <summary>Makes emissions from a mixture for each state.</summary>
    /// <param name="mixtures">K mixtures, all with the same number of features and of components.</param>
    /// <exception cref="ArgumentNullException"><paramref name="mixtures"/> is null.</exception>
    /// <exception cref="ArgumentException">There is none, one is null, or they have different numbers of features or components.</exception>
    public GaussianMixtureEmission(IReadOnlyList<GaussianMixtureModel> mixtures)
        : this(Check(mixtures))
    {
    }

    internal GaussianMixtureEmission(GaussianMixtureModel[] mixtures)
        : base(mixtures.Length, mixtures[0].Dimension)
    {
        _mixtures = mixtures;
        Mixtures = Array.AsReadOnly(mixtures);
    }

    /// <inheritdoc/>
    public override EmissionType Type => EmissionType.GaussianMixture;

    /// <summary>The mixture of each state.</summary>
    public IReadOnlyList<GaussianMixtureModel> Mixtures { get; }

    /// <inheritdoc/>
    public override int NumberOfParameters => _mixtures.Sum(mixture => mixture.NumberOfParameters);

    internal override string? FindProblem(ReadOnlySpan<double> frame) => GaussianEmission.FindInfinity(frame);

    internal override void ComputeLogLikelihoods(ReadOnlySpan<double> frame, Span<double> logLikelihoods)
    {
        for (int k = 0; k < logLikelihoods.Length; k++)
            logLikelihoods[k] = _mixtures[k].LogDensity(frame);
    }

    internal override void ComputeLogLikelihoods(RowTile tile, int count, Span<double> logLikelihoods)
    {
        int components = _mixtures[0].NumberOfComponents;
        var joint = new double[components * RowTile.Rows];
        for (int k = 0; k < _mixtures.Length; k++)
        {
            MixtureExpectation.JointLogDensities(_mixtures[k], tile, joint);
            LogSumExp.OfLines(joint, components, logLikelihoods.Slice(k * RowTile.Rows, RowTile.Rows));
        }
    }

    private protected override void Draw(int state, Random random, Span<double> frame) => _mixtures[state].Sample(random, frame);

    // *** Binary format ***
    // GaussianMixtureModel[K]: mixtures
    internal override void Write(BinaryWriter writer)
    {
        foreach (GaussianMixtureModel mixture in _mixtures)
            GaussianMixtureFormat.Write(writer, mixture);
    }

    internal static GaussianMixtureEmission Read(BlockReader reader, int numberOfStates, int dimension)
    {
        var mixtures = new GaussianMixtureModel[numberOfStates];
        for (int k = 0; k < mixtures.Length; k++)
        {
            mixtures[k] = GaussianMixtureFormat.Read(reader);
            reader.Check(mixtures[k].Dimension == dimension && mixtures[k].NumberOfComponents == mixtures[0].NumberOfComponents, "the mixtures of the states differ in size");
        }
        return new GaussianMixtureEmission(mixtures);
    }

    private static GaussianMixtureModel[] Check(IReadOnlyList<GaussianMixtureModel> mixtures)
    {
        ArgumentNullException.ThrowIfNull(mixtures);
        if (mixtures.Count == 0)
            throw new ArgumentException("There are no mixtures; there is one for each state.", nameof(mixtures));
        for (int k = 0; k < mixtures.Count; k++)
        {
            if (mixtures[k] is not { } mixture)
                throw new ArgumentException($"Mixture {k} is null.", nameof(mixtures));
            if (mixture.Dimension != mixtures[0].Dimension || mixture.NumberOfComponents != mixtures[0].NumberOfComponents)
                throw new ArgumentException($"Mixture {k} has {mixture.NumberOfComponents} components of {mixture.Dimension} features; the first has {mixtures[0].NumberOfComponents} of {mixtures[0].Dimension}.", nameof(mixtures));
        }
        return [.. mixtures];
    }
}
