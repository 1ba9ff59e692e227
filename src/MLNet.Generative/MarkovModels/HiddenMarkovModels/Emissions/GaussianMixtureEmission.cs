using System.Buffers;

namespace MLNet.Generative;

/// <summary>
/// A mixture of M Gaussians in each state, p(x | k) = Σ_m w_km N(x | μ_km, Σ_km) (Rabiner 1989, eq. 49). A frame is D finite numbers.
/// </summary>
public sealed class GaussianMixtureEmission : HmmEmission
{
    private readonly GaussianMixtureModel[] _mixtures;

    /// <summary>Makes emissions from the mixtures of the states.</summary>
    /// <param name="mixtures">A mixture for each state, all with the same numbers of components and features.</param>
    /// <exception cref="ArgumentNullException"><paramref name="mixtures"/> is null.</exception>
    /// <exception cref="ArgumentException">There is none, one is null, or the sizes do not agree.</exception>
    public GaussianMixtureEmission(IReadOnlyList<GaussianMixtureModel> mixtures)
        : this(Check(mixtures), mixtures.Count)
    {
    }

    internal GaussianMixtureEmission(GaussianMixtureModel[] mixtures, int numberOfStates)
        : base(numberOfStates, mixtures[0].Dimension)
    {
        _mixtures = mixtures;
        Mixtures = Array.AsReadOnly(mixtures);
    }

    /// <inheritdoc/>
    public override EmissionType Type => EmissionType.GaussianMixture;

    /// <summary>The mixture of each state.</summary>
    public IReadOnlyList<GaussianMixtureModel> Mixtures { get; }

    /// <summary>M, the number of components in each state.</summary>
    public int NumberOfComponents => _mixtures[0].NumberOfComponents;

    /// <inheritdoc/>
    public override int NumberOfParameters => _mixtures.Sum(mixture => mixture.NumberOfParameters);

    internal GaussianMixtureModel[] States => _mixtures;

    internal static GaussianMixtureEmission Create(int numberOfStates, IReadOnlyList<GaussianMixtureModel> mixtures)
    {
        GaussianMixtureModel[] states = Check(mixtures);
        EmissionParameters.CheckNumberOfStates(states.Length, numberOfStates, "mixtures", nameof(mixtures));
        return new GaussianMixtureEmission(states, numberOfStates);
    }

    internal override string? FindProblem(ReadOnlySpan<double> frame, int firstFeature = 0) => GaussianEmission.FindInfinity(frame, firstFeature);

    internal override void ComputeLogLikelihoods(ReadOnlySpan<double> frame, Span<double> logLikelihoods)
    {
        for (int k = 0; k < logLikelihoods.Length; k++)
            logLikelihoods[k] = _mixtures[k].LogDensity(frame);
    }

    internal override void ComputeLogLikelihoods(RowTile tile, int count, Span<double> logLikelihoods)
    {
        double[] joint = ArrayPool<double>.Shared.Rent(NumberOfComponents * RowTile.Rows);
        for (int k = 0; k < _mixtures.Length; k++)
        {
            MixtureExpectation.JointLogDensities(_mixtures[k], tile, joint);
            LogSumExp.OverComponents(joint, NumberOfComponents, logLikelihoods.Slice(k * RowTile.Rows, RowTile.Rows));
        }
        ArrayPool<double>.Shared.Return(joint);
    }

    private protected override void Draw(int state, Random random, Span<double> frame) => _mixtures[state].Sample(random, frame);

    // *** Binary format ***
    // GaussianMixture[K]: mixtures
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
            reader.Check(mixtures[k].Dimension == dimension, $"the mixture of state {k} has {mixtures[k].Dimension} features");
            reader.Check(mixtures[k].NumberOfComponents == mixtures[0].NumberOfComponents, $"the mixture of state {k} has {mixtures[k].NumberOfComponents} components");
            reader.Check(Categorical.FindProblem([.. mixtures[k].Weights]) is null, $"the weights of state {k} do not sum to 1");
        }
        return new GaussianMixtureEmission(mixtures, numberOfStates);
    }

    private static GaussianMixtureModel[] Check(IReadOnlyList<GaussianMixtureModel> mixtures)
    {
        ArgumentNullException.ThrowIfNull(mixtures);
        if (mixtures.Count == 0)
            throw new ArgumentException("There are no mixtures. Give one for each state.", nameof(mixtures));
        GaussianMixtureModel[] states = [.. mixtures];
        for (int k = 0; k < states.Length; k++)
        {
            if (states[k] is null)
                throw new ArgumentException($"Mixture {k} is null.", nameof(mixtures));
            if (states[k].Dimension != states[0].Dimension || states[k].NumberOfComponents != states[0].NumberOfComponents)
                throw new ArgumentException($"Mixture {k} has {states[k].NumberOfComponents} components of {states[k].Dimension} features; mixture 0 has {states[0].NumberOfComponents} of {states[0].Dimension}. All states need the same.", nameof(mixtures));
        }
        return states;
    }
}
