using System.Buffers;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace MLNet.Generative;

/// <summary>
/// A mixture of K Gaussian distributions of D features, p(x) = Σ_k π_k N(x | μ_k, Σ_k) (Bishop 2006, eq. 9.7). With one component it is a single Gaussian.
/// </summary>
/// <remarks>
/// Immutable and safe for use by several threads at once; needs no <c>MLContext</c>. A row is a span of D numbers. A missing feature is
/// <see cref="double.NaN"/> and is integrated out: the density is then that of the features present, and for a row with none it is 1.
/// </remarks>
public sealed class GaussianMixtureModel
{
    private const int StackLimit = 512;

    private readonly double[] _weights;
    private readonly double[] _logWeights;
    private readonly Gaussian[] _components;

    /// <summary>Makes a mixture from its parameters.</summary>
    /// <param name="weights">π, the probability of each component: K numbers, not negative, with sum 1.</param>
    /// <param name="means">μ, the mean of each component: K vectors of D numbers.</param>
    /// <param name="covariances">Σ, the covariance of each component: K symmetric positive definite D × D matrices.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The sizes do not agree, a number is not finite, the weights do not sum to 1, or a covariance is not symmetric positive definite.</exception>
    public GaussianMixtureModel(double[] weights, IReadOnlyList<Vector<double>> means, IReadOnlyList<Matrix<double>> covariances)
        : this(MixtureParameters.CheckWeights(weights), MixtureParameters.MakeComponents(weights.Length, means, covariances), CovarianceType.Full)
    {
    }

    internal GaussianMixtureModel(double[] weights, Gaussian[] components, CovarianceType covarianceType)
    {
        _weights = weights;
        _logWeights = Array.ConvertAll(weights, Math.Log);
        _components = components;
        Weights = Array.AsReadOnly(_weights);
        CovarianceType = covarianceType;
    }

    /// <summary>π, the probability of each component: K numbers with sum 1.</summary>
    public IReadOnlyList<double> Weights { get; }

    /// <summary>μ, the mean of each component: K vectors of D numbers. Copies: changing one does not change the model.</summary>
    public IReadOnlyList<Vector<double>> Means =>
        Array.ConvertAll(_components, component => (Vector<double>)DenseVector.OfArray(component.Mean));

    /// <summary>Σ, the covariance of each component: K matrices of D × D. Copies: changing one does not change the model.</summary>
    public IReadOnlyList<Matrix<double>> Covariances =>
        Array.ConvertAll(_components, component => (Matrix<double>)DenseMatrix.Create(Dimension, Dimension, (i, j) => component.Covariance[i, j]));

    /// <summary>K.</summary>
    public int NumberOfComponents => _components.Length;

    /// <summary>D, the number of features.</summary>
    public int Dimension => _components[0].Dimension;

    /// <summary>What the covariances have in common; <see cref="CovarianceType.Full"/> for a model made from its parameters.</summary>
    public CovarianceType CovarianceType { get; }

    /// <summary>The number of free parameters: K − 1 weights, K·D means, and those of the covariances.</summary>
    public int NumberOfParameters =>
        NumberOfComponents - 1 + NumberOfComponents * Dimension + CovarianceStructure.Of(CovarianceType).CountParameters(NumberOfComponents, Dimension);

    internal Gaussian[] Components => _components;

    /// <summary>log π_k; −∞ for a component of weight 0.</summary>
    internal ReadOnlySpan<double> LogWeights => _logWeights;

    /// <summary>log p(x), in nats.</summary>
    /// <param name="row">D numbers; NaN where a feature is missing.</param>
    /// <returns>Always finite: a row with an infinite feature, or so far out that its density underflows even on the log scale, gets a very large negative number.</returns>
    /// <exception cref="ArgumentException">The row does not have D numbers.</exception>
    public double LogDensity(ReadOnlySpan<double> row)
    {
        double[]? rented = null;
        Span<double> joint = NumberOfComponents <= StackLimit ? stackalloc double[NumberOfComponents] : (rented = ArrayPool<double>.Shared.Rent(NumberOfComponents)).AsSpan(0, NumberOfComponents);
        double logDensity = Evaluate(row, joint, joint);
        if (rented is not null)
            ArrayPool<double>.Shared.Return(rented);
        return logDensity;
    }

    /// <summary>The probability p(k | x) of each component given a row: its responsibilities (Bishop 2006, eq. 9.13).</summary>
    /// <param name="row">D numbers; NaN where a feature is missing.</param>
    /// <param name="posterior">Receives K numbers with sum 1; uniform for a row with an infinite feature.</param>
    /// <returns>log p(x), as from <see cref="LogDensity"/>.</returns>
    /// <exception cref="ArgumentException">The row does not have D numbers, or the posterior does not have room for exactly K.</exception>
    public double Posterior(ReadOnlySpan<double> row, Span<double> posterior)
    {
        if (posterior.Length != NumberOfComponents)
            throw new ArgumentException($"The posterior has {posterior.Length} places; the mixture has {NumberOfComponents} components.", nameof(posterior));
        return Evaluate(row, posterior, posterior);
    }

    /// <summary>Draws a row: a component by its weight, then the row from its Gaussian.</summary>
    /// <param name="random">The source of randomness; the same state gives the same row.</param>
    /// <param name="row">Receives D numbers.</param>
    /// <returns>The component that was drawn, from 0.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="random"/> is null.</exception>
    /// <exception cref="ArgumentException">The row does not have room for exactly D numbers.</exception>
    public int Sample(Random random, Span<double> row)
    {
        ArgumentNullException.ThrowIfNull(random);
        CheckLength(row.Length, nameof(row));

        double remaining = random.NextDouble();
        int component = 0;
        int last = Array.FindLastIndex(_weights, weight => weight > 0);
        while (component < last && remaining >= _weights[component])
            remaining -= _weights[component++];
        _components[component].Sample(random, row);
        return component;
    }

    /// <summary>E[x] = Σ_k π_k μ_k.</summary>
    public Vector<double> Mean()
    {
        Vector<double> mean = new DenseVector(Dimension);
        for (int k = 0; k < NumberOfComponents; k++)
            mean += _weights[k] * DenseVector.OfArray(_components[k].Mean);
        return mean;
    }

    /// <summary>cov[x] = Σ_k π_k (Σ_k + (μ_k − E[x])(μ_k − E[x])ᵀ).</summary>
    public Matrix<double> Covariance()
    {
        Vector<double> mean = Mean();
        Matrix<double> covariance = new DenseMatrix(Dimension, Dimension);
        IReadOnlyList<Matrix<double>> covariances = Covariances;
        for (int k = 0; k < NumberOfComponents; k++)
        {
            Vector<double> difference = DenseVector.OfArray(_components[k].Mean) - mean;
            covariance += _weights[k] * (covariances[k] + difference.OuterProduct(difference));
        }
        return covariance;
    }

    /// <summary>The distribution of some of the features, the others integrated out.</summary>
    /// <param name="kept">The features to keep, from 0, each at most once; they come in this order.</param>
    /// <exception cref="ArgumentNullException"><paramref name="kept"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="kept"/> is empty, names a feature twice, or one that does not exist.</exception>
    public GaussianMixtureModel Marginal(params int[] kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        CheckFeatures(kept, nameof(kept));
        return new GaussianMixtureModel(_weights, Array.ConvertAll(_components, component => component.Marginal(kept)), CovarianceStructure.Of(CovarianceType).OfPart);
    }

    /// <summary>
    /// The distribution of the other features, in their order, given the values of some: again a mixture, with weights p(k | known values). This is
    /// Gaussian mixture regression (Ghahramani and Jordan 1994); <see cref="Mean"/> and <see cref="Covariance"/> of the result are the prediction and its variance.
    /// </summary>
    /// <param name="known">The features that are known, from 0, each at most once; not all of them.</param>
    /// <param name="values">Their values, finite.</param>
    /// <exception cref="ArgumentException">The features or values are not as described.</exception>
    public GaussianMixtureModel Condition(ReadOnlySpan<int> known, ReadOnlySpan<double> values)
    {
        CheckFeatures(known, nameof(known));
        if (values.Length != known.Length)
            throw new ArgumentException($"There are {known.Length} known features but {values.Length} values.", nameof(values));
        if (known.Length == Dimension)
            throw new ArgumentException($"All {Dimension} features are known; nothing is left to describe.", nameof(known));

        var row = new double[Dimension];
        Array.Fill(row, double.NaN);
        for (int i = 0; i < known.Length; i++)
        {
            if (!double.IsFinite(values[i]))
                throw new ArgumentException($"The value of feature {known[i]} is {values[i]}; a known value is finite.", nameof(values));
            row[known[i]] = values[i];
        }

        var posterior = new double[NumberOfComponents];
        Posterior(row, posterior);
        int[] free = FeaturesWhere(row, double.IsNaN);
        var components = new Gaussian[NumberOfComponents];
        for (int k = 0; k < components.Length; k++)
            components[k] = _components[k].Condition(known, values, free);
        return new GaussianMixtureModel(posterior, components, CovarianceStructure.Of(CovarianceType).OfPart);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{CovarianceType.ToLetters(Dimension)} mixture of {NumberOfComponents} Gaussians of {Dimension} features";

    /// <summary>All that is known of a row, in one evaluation.</summary>
    /// <param name="row">D numbers; NaN where a feature is missing.</param>
    /// <param name="joint">Receives log π_k + log N_k(x) for every component.</param>
    /// <param name="posterior">Receives the probabilities of the components; may be the same place as <paramref name="joint"/>, if only they are wanted.</param>
    /// <returns>log p(x).</returns>
    internal double Evaluate(ReadOnlySpan<double> row, Span<double> joint, Span<double> posterior)
    {
        CheckLength(row.Length, nameof(row));
        int missing = 0;
        foreach (double value in row)
        {
            if (double.IsInfinity(value))
            {
                joint.Fill(double.MinValue);
                posterior.Fill(1.0 / posterior.Length);
                return double.MinValue;
            }
            missing += double.IsNaN(value) ? 1 : 0;
        }

        if (missing == 0)
            CompleteRow(row, joint);
        else if (missing < row.Length)
            IncompleteRow(row, row.Length - missing, joint);
        else
            _logWeights.CopyTo(joint);
        joint.CopyTo(posterior);
        double logDensity = Softmax.InPlace(posterior);
        return missing < row.Length ? logDensity : 0;
    }

    private void CompleteRow(ReadOnlySpan<double> row, Span<double> joint)
    {
        double[]? rented = null;
        Span<double> scratch = row.Length <= StackLimit ? stackalloc double[row.Length] : (rented = ArrayPool<double>.Shared.Rent(row.Length));
        for (int k = 0; k < joint.Length; k++)
            joint[k] = _logWeights[k] + _components[k].LogDensity(row, scratch);
        if (rented is not null)
            ArrayPool<double>.Shared.Return(rented);
    }

    private void IncompleteRow(ReadOnlySpan<double> row, int numberObserved, Span<double> joint)
    {
        int length = numberObserved * (numberObserved + 1);
        double[] scratch = ArrayPool<double>.Shared.Rent(length);
        int[] features = ArrayPool<int>.Shared.Rent(numberObserved);
        Span<int> observed = features.AsSpan(0, numberObserved);
        for (int j = 0, i = 0; j < row.Length; j++)
        {
            if (!double.IsNaN(row[j]))
                observed[i++] = j;
        }
        for (int k = 0; k < joint.Length; k++)
            joint[k] = _logWeights[k] + _components[k].MarginalLogDensity(row, observed, scratch);
        ArrayPool<int>.Shared.Return(features);
        ArrayPool<double>.Shared.Return(scratch);
    }

    private static int[] FeaturesWhere(double[] row, Predicate<double> condition) =>
        [.. Enumerable.Range(0, row.Length).Where(j => condition(row[j]))];

    private void CheckLength(int length, string name)
    {
        if (length != Dimension)
            throw new ArgumentException($"The row has {length} numbers; the mixture has {Dimension} features.", name);
    }

    private void CheckFeatures(ReadOnlySpan<int> features, string name)
    {
        if (features.IsEmpty)
            throw new ArgumentException("Name at least one feature.", name);
        var seen = new HashSet<int>();
        foreach (int feature in features)
        {
            if (feature < 0 || feature >= Dimension)
                throw new ArgumentException($"There is no feature {feature}; the mixture has features 0 to {Dimension - 1}.", name);
            if (!seen.Add(feature))
                throw new ArgumentException($"Feature {feature} is named twice.", name);
        }
    }
}
