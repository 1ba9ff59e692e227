namespace MLNet.Generative;

/// <summary>
/// How the covariances of several Gaussian components are tied together: the M-step for the covariances, and the number of parameters.
/// One file per structure.
/// </summary>
internal abstract class CovarianceStructure
{
    /// <summary>Whether covariances are diagonal, so that scatter matrices are needed on their diagonals only.</summary>
    public abstract bool IsDiagonal { get; }

    /// <summary>The three letters with several features.</summary>
    public abstract string Letters { get; }

    /// <summary>The one letter with one feature.</summary>
    public abstract string LetterForOneFeature { get; }

    /// <summary>The structure of that name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such structure.</exception>
    public static CovarianceStructure Of(CovarianceType type) => type switch
    {
        CovarianceType.Full => FullCovariance.Instance,
        CovarianceType.Tied => TiedCovariance.Instance,
        CovarianceType.Diagonal => DiagonalCovariance.Instance,
        CovarianceType.Spherical => SphericalCovariance.Instance,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, $"{(int)type} is not a covariance type. Use one of the values of {nameof(CovarianceType)}."),
    };

    /// <summary>The number of free parameters in the covariances of K components of D features.</summary>
    public abstract int CountParameters(int numberOfComponents, int dimension);

    /// <summary>The maximum likelihood covariances under this structure.</summary>
    /// <param name="scatters">For each component, the scatter of its rows about its mean; every weight is positive.</param>
    /// <param name="regularization">Added to every variance.</param>
    /// <param name="floor">What no covariance falls below.</param>
    /// <param name="floored">Set for each component whose covariance the floor has raised.</param>
    public abstract CovarianceFactorization[] Maximize(
        IReadOnlyList<WeightedScatter> scatters, double regularization, CovarianceFloor floor, Span<bool> floored);

    /// <summary>Factors a covariance that the floor has passed.</summary>
    protected static CovarianceFactorization Factor(double[] covariance, int dimension, bool isDiagonal) =>
        (isDiagonal ? CovarianceFactorization.Diagonal(covariance) : CovarianceFactorization.Full(covariance, dimension) ?? CovarianceFactorization.FullRaised(covariance, dimension))
        ?? throw new InvalidOperationException("A variance is not a finite positive number although the floor has passed it. Rescale the features, for example with NormalizeMeanVariance.");
}
