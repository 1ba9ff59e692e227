using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace MLNet.Generative;

/// <summary>A Gaussian N(x | μ_k, Σ_k) in each state (Rabiner 1989, section IV.A, with one component).</summary>
public sealed class GaussianEmission : HmmEmission
{
    private readonly Gaussian[] _states;

    /// <summary>Makes emissions from their parameters.</summary>
    /// <param name="means">μ, the mean of each state: K vectors of D numbers.</param>
    /// <param name="covariances">Σ, the covariance of each state: K symmetric positive definite D × D matrices.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The sizes do not agree, a number is not finite, or a covariance is not symmetric positive definite.</exception>
    public GaussianEmission(IReadOnlyList<Vector<double>> means, IReadOnlyList<Matrix<double>> covariances)
        : this(MakeStates(means, covariances), CovarianceType.Full)
    {
    }

    internal GaussianEmission(Gaussian[] states, CovarianceType covarianceType)
        : base(states.Length, states[0].Dimension)
    {
        _states = states;
        CovarianceType = covarianceType;
    }

    /// <inheritdoc/>
    public override EmissionType Type => EmissionType.Gaussian;

    /// <summary>What the covariances have in common; <see cref="CovarianceType.Full"/> for a model made from its parameters.</summary>
    public CovarianceType CovarianceType { get; }

    /// <summary>μ, the mean of each state: K vectors of D numbers. Copies: changing one does not change the model.</summary>
    public IReadOnlyList<Vector<double>> Means => Array.ConvertAll(_states, state => (Vector<double>)DenseVector.OfArray(state.Mean));

    /// <summary>Σ, the covariance of each state: K matrices of D × D. Copies: changing one does not change the model.</summary>
    public IReadOnlyList<Matrix<double>> Covariances =>
        Array.ConvertAll(_states, state => (Matrix<double>)DenseMatrix.Create(Dimension, Dimension, (i, j) => state.Covariance[i, j]));

    /// <inheritdoc/>
    public override int NumberOfParameters =>
        NumberOfStates * Dimension + CovarianceStructure.Of(CovarianceType).CountParameters(NumberOfStates, Dimension);

    internal Gaussian[] States => _states;

    internal static GaussianEmission Create(int numberOfStates, IReadOnlyList<Vector<double>> means, IReadOnlyList<Matrix<double>> covariances)
    {
        Gaussian[] states = MakeStates(means, covariances);
        EmissionParameters.CheckNumberOfStates(states.Length, numberOfStates, "vectors", nameof(means));
        return new GaussianEmission(states, CovarianceType.Full);
    }

    internal override string? FindProblem(ReadOnlySpan<double> frame, int firstFeature = 0) => FindInfinity(frame, firstFeature);

    /// <summary>Says which feature is infinite; <see langword="null"/> if none is.</summary>
    internal static string? FindInfinity(ReadOnlySpan<double> frame, int firstFeature)
    {
        for (int j = 0; j < frame.Length; j++)
        {
            if (double.IsInfinity(frame[j]))
                return $"Feature {firstFeature + j} is {frame[j]}, but a Gaussian emits finite numbers";
        }
        return null;
    }

    internal override void ComputeLogLikelihoods(ReadOnlySpan<double> frame, Span<double> logLikelihoods)
    {
        Span<int> observed = Dimension <= 256 ? stackalloc int[Dimension] : new int[Dimension];
        int count = 0;
        for (int j = 0; j < frame.Length; j++)
        {
            if (!double.IsNaN(frame[j]))
                observed[count++] = j;
        }
        observed = observed[..count];

        bool isComplete = count == Dimension;
        int length = isComplete ? Dimension : count * (count + 1);
        Span<double> scratch = length <= 512 ? stackalloc double[length] : new double[length];
        for (int k = 0; k < logLikelihoods.Length; k++)
        {
            logLikelihoods[k] = count == 0
                ? 0
                : isComplete ? _states[k].LogDensity(frame, scratch) : _states[k].MarginalLogDensity(frame, observed, scratch);
        }
    }

    internal override void ComputeLogLikelihoods(RowTile tile, int count, Span<double> logLikelihoods)
    {
        for (int k = 0; k < _states.Length; k++)
        {
            Span<double> line = logLikelihoods.Slice(k * RowTile.Rows, RowTile.Rows);
            _states[k].Covariance.Distances(tile, _states[k].Mean, line);
            LogSumExp.FromDistances(line, _states[k].Covariance.LogNormalizer);
        }
    }

    private protected override void Draw(int state, Random random, Span<double> frame) => _states[state].Sample(random, frame);

    // *** Binary format ***
    // int: covariance type
    // Gaussian[K]: states
    internal override void Write(BinaryWriter writer)
    {
        writer.Write((int)CovarianceType);
        foreach (Gaussian state in _states)
            GaussianFormat.Write(writer, state);
    }

    internal static GaussianEmission Read(BlockReader reader, int numberOfStates, int dimension)
    {
        CovarianceType type = reader.ReadEnum<CovarianceType>("the covariance type");
        var states = new Gaussian[numberOfStates];
        for (int k = 0; k < states.Length; k++)
            states[k] = GaussianFormat.Read(reader, dimension);
        return new GaussianEmission(states, type);
    }

    private static Gaussian[] MakeStates(IReadOnlyList<Vector<double>> means, IReadOnlyList<Matrix<double>> covariances)
    {
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(covariances);
        if (means.Count == 0 || means[0] is { Count: 0 })
            throw new ArgumentException("There are no means, or they are empty. Give one for each state.", nameof(means));
        if (covariances.Count != means.Count)
            throw new ArgumentException($"There are {means.Count} means but {covariances.Count} covariances. Give one of both for each state.", nameof(covariances));
        return MixtureParameters.MakeComponents(means.Count, means, covariances);
    }
}
