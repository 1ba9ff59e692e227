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
    public static HmmModel Gaussian(double[] pi, double[,] a, IReadOnlyList<Vector<double>> means, IReadOnlyList<Matrix<double>> covariances)
    {
        double[] initial = Probabilities.Check(pi, nameof(pi));
        return Create(initial, a, new GaussianEmission(MixtureParameters.MakeComponents(initial.Length, means, covariances), CovarianceType.Full));
    }

    private static HmmModel Create(double[] initial, double[,] a, HmmEmission emissions)
    {
        if (emissions.NumberOfStates != initial.Length)
            throw new ArgumentException($"There are {initial.Length} initial probabilities, but emissions of {emissions.NumberOfStates} states.", nameof(emissions));
        double[] transitions = Probabilities.CheckRows(a, initial.Length, nameof(a));
        if (a.GetLength(1) != initial.Length)
            throw new ArgumentException($"a is {a.GetLength(0)} × {a.GetLength(1)}; it has a row and a column for each of the {initial.Length} states.", nameof(a));
        return new HmmModel(initial, transitions, emissions);
    }
}
