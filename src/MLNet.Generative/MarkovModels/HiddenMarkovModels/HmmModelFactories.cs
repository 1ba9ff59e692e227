using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative;

public sealed partial class HmmModel
{
    /// <summary>A model whose states emit Gaussians.</summary>
    /// <param name="pi">π, the probability of each state at the first step: K numbers, not negative, with sum 1.</param>
    /// <param name="a">A, K × K: a row holds the probabilities of each state after the row's state, not negative, with sum 1.</param>
    /// <param name="means">μ, the mean of each state: K vectors of D numbers.</param>
    /// <param name="covariances">Σ, the covariance of each state: K symmetric positive definite D × D matrices.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The sizes do not agree, a number is not finite, probabilities are none, or a covariance is not symmetric positive definite.</exception>
    public static HmmModel Gaussian(double[] pi, double[,] a, IReadOnlyList<Vector<double>> means, IReadOnlyList<Matrix<double>> covariances) =>
        Create(pi, a, states => GaussianEmission.Create(states, means, covariances));

    /// <summary>A model whose states emit one of M symbols.</summary>
    /// <param name="pi">π, the probability of each state at the first step: K numbers, not negative, with sum 1.</param>
    /// <param name="a">A, K × K: a row holds the probabilities of each state after the row's state, not negative, with sum 1.</param>
    /// <param name="b">B, K × M: a row holds the probabilities of the symbols in a state, not negative, with sum 1. Symbols count from 0.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The sizes do not agree, or probabilities are none.</exception>
    public static HmmModel Categorical(double[] pi, double[,] a, double[,] b) => Create(pi, a, states => CategoricalEmission.Create(states, b));

    /// <summary>A model whose states emit a count.</summary>
    /// <param name="pi">π, the probability of each state at the first step: K numbers, not negative, with sum 1.</param>
    /// <param name="a">A, K × K: a row holds the probabilities of each state after the row's state, not negative, with sum 1.</param>
    /// <param name="rates">λ, the mean count of each state: K numbers, finite, not negative.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The sizes do not agree, a rate is negative or not finite, or probabilities are none.</exception>
    public static HmmModel Poisson(double[] pi, double[,] a, double[] rates) => Create(pi, a, states => PoissonEmission.Create(states, rates));

    /// <summary>A model whose states emit D values from a mixture of Gaussians.</summary>
    /// <param name="pi">π, the probability of each state at the first step: K numbers, not negative, with sum 1.</param>
    /// <param name="a">A, K × K: a row holds the probabilities of each state after the row's state, not negative, with sum 1.</param>
    /// <param name="mixtures">The mixture of each state: K of them, all with the same number of features and of components.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The sizes do not agree, or probabilities are none.</exception>
    public static HmmModel GaussianMixture(double[] pi, double[,] a, IReadOnlyList<GaussianMixtureModel> mixtures) =>
        Create(pi, a, states => GaussianMixtureEmission.Create(states, mixtures));

    /// <summary>A model whose states share out a number of trials over D categories.</summary>
    /// <param name="pi">π, the probability of each state at the first step: K numbers, not negative, with sum 1.</param>
    /// <param name="a">A, K × K: a row holds the probabilities of each state after the row's state, not negative, with sum 1.</param>
    /// <param name="b">B, K × D: a row holds the probabilities of the categories in a state, not negative, with sum 1.</param>
    /// <param name="trials">The number of trials of a step, which its D counts add up to: at least 1.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The sizes do not agree, probabilities are none, or <paramref name="trials"/> is less than 1.</exception>
    public static HmmModel Multinomial(double[] pi, double[,] a, double[,] b, int trials) =>
        Create(pi, a, states => MultinomialEmission.Create(states, b, trials));

    /// <summary>A model whose states emit D values of 0 or 1.</summary>
    /// <param name="pi">π, the probability of each state at the first step: K numbers, not negative, with sum 1.</param>
    /// <param name="a">A, K × K: a row holds the probabilities of each state after the row's state, not negative, with sum 1.</param>
    /// <param name="b">B, K × D: the probability of a 1 for each value in each state, from 0 to 1.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The sizes do not agree, or probabilities are none.</exception>
    public static HmmModel Bernoulli(double[] pi, double[,] a, double[,] b) => Create(pi, a, states => BernoulliEmission.Create(states, b));

    /// <summary>A model whose states emit parts from several families, independent given the state: the first values of a step from the first part, and so on.</summary>
    /// <param name="pi">π, the probability of each state at the first step: K numbers, not negative, with sum 1.</param>
    /// <param name="a">A, K × K: a row holds the probabilities of each state after the row's state, not negative, with sum 1.</param>
    /// <param name="parts">The parts: emissions with the same K.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The sizes do not agree, there are no parts, or probabilities are none.</exception>
    public static HmmModel Product(double[] pi, double[,] a, params IReadOnlyList<HmmEmission> parts) => Create(pi, a, states => ProductEmission.Create(states, parts));

    private static HmmModel Create(double[] pi, double[,] a, Func<int, HmmEmission> createEmissions)
    {
        double[] initial = ProbabilityChecks.Distribution(pi, nameof(pi));
        return new HmmModel(initial, CheckTransitions(a, initial.Length), createEmissions(initial.Length));
    }

    private static double[] CheckTransitions(double[,] a, int numberOfStates)
    {
        double[] transitions = ProbabilityChecks.Rows(a, nameof(a));
        if (a.GetLength(0) != numberOfStates || a.GetLength(1) != numberOfStates)
            throw new ArgumentException($"a is {a.GetLength(0)} × {a.GetLength(1)}; it needs a row and a column for each of the {numberOfStates} states of pi.", nameof(a));
        return transitions;
    }

    private static HmmEmission CheckEmissions(HmmEmission emissions, int numberOfStates)
    {
        ArgumentNullException.ThrowIfNull(emissions);
        if (emissions.NumberOfStates != numberOfStates)
            throw new ArgumentException($"emissions have {emissions.NumberOfStates} states; pi has {numberOfStates}. Give both the same number.", nameof(emissions));
        return emissions;
    }
}
