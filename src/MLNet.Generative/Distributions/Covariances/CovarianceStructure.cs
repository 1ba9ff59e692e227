namespace MLNet.Generative;

/// <summary>
/// How the covariances Σ_k = λ_k D_k A_k D_kᵀ of several Gaussian components are tied together: their volume λ = |Σ|^(1/D), their shape A, diagonal with |A| = 1, and
/// their orientation D, each Equal in all components, Variable, or (shape and orientation) the Identity (Banfield and Raftery 1993; Celeux and Govaert 1995).
/// One file per structure: the M-step for the covariances.
/// </summary>
/// <remarks>
/// An M-step minimises Σ_k N_k (log |Σ_k| + tr(S_k Σ_k⁻¹)) under the structure and above the floor; S_k is the mean square of the component's rows about its mean.
/// </remarks>
internal abstract class CovarianceStructure(CovarianceType type)
{
    private const string LettersByFreedom = "IEV";

    /// <summary>All structures, the most constrained first within each orientation.</summary>
    public static IReadOnlyList<CovarianceStructure> All { get; } =
        [new EII(), new VII(), new EEI(), new VEI(), new EVI(), new VVI(), new EEE(), new VEE(), new EVE(), new VVE(), new EEV(), new VEV(), new EVV(), new VVV()];

    /// <summary>Its name for users.</summary>
    public CovarianceType Type { get; } = type;

    /// <summary>The three letters of volume, shape and orientation; each class is named by its own.</summary>
    public string Letters => GetType().Name;

    /// <summary>The one letter with one feature: only volumes are left.</summary>
    public string LetterForOneFeature => Letters[..1];

    /// <summary>Whether covariances are diagonal, so that scatter matrices are needed on their diagonals only.</summary>
    public bool IsDiagonal => Letters[2] == 'I';

    /// <summary>Whether components have something in common, so that the covariance of one depends on the rows of others.</summary>
    public bool IsShared => Letters.Contains('E', StringComparison.Ordinal);

    /// <summary>The structures that are special cases of this one, in the order of <see cref="All"/>; not itself.</summary>
    public IEnumerable<CovarianceStructure> Nested => All.Where(other => other != this && IsNested(other));

    /// <summary>What is left of the structure when features are integrated out or known.</summary>
    public CovarianceType OfPart => Letters switch
    {
        "EVI" => CovarianceType.VVI,
        "EVE" or "VVE" or "EEV" or "VEV" or "EVV" => CovarianceType.VVV,
        _ => Type,
    };

    /// <summary>The structure of that name.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No such structure.</exception>
    public static CovarianceStructure Of(CovarianceType type) =>
        All.FirstOrDefault(structure => structure.Type == type)
        ?? throw new ArgumentOutOfRangeException(nameof(type), type, $"{(int)type} is not a covariance type. Use one of the values of {nameof(CovarianceType)}.");

    /// <summary>The number of free parameters in the covariances of K components of D features.</summary>
    public int CountParameters(int numberOfComponents, int dimension) =>
        Free(Letters[0], 1, numberOfComponents)
        + Free(Letters[1], dimension - 1, numberOfComponents)
        + Free(Letters[2], dimension * (dimension - 1) / 2, numberOfComponents);

    /// <summary>The maximum likelihood covariances under this structure.</summary>
    /// <param name="scatters">For each component, the scatter of its rows about its mean; every weight is positive.</param>
    /// <param name="regularization">Added to every variance of every component before the structure is imposed.</param>
    /// <param name="floor">What no covariance falls below.</param>
    /// <param name="floored">Set for each component whose covariance the floor has raised.</param>
    /// <param name="current">
    /// The covariances so far, if they have this structure: a step that is itself iterative goes on from them, and never ends below them. <see langword="null"/> for a fresh
    /// start.
    /// </param>
    public CovarianceFactorization[] Maximize(
        IReadOnlyList<WeightedScatter> scatters, double regularization, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current = null)
    {
        floored.Clear();
        // A sphere has one variance for all features, constant or not.
        bool isSpherical = Letters[1] == 'I';
        if (!isSpherical && floor.VaryingFeatures.Length < scatters[0].Mean.Length)
            return ConstantFeatures.Maximize(this, scatters, regularization, floor, floored, current);
        return Maximize(new ComponentScatters(scatters, regularization, IsDiagonal), floor, floored, current);
    }

    protected abstract CovarianceFactorization[] Maximize(
        ComponentScatters scatters, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current);

    private bool IsNested(CovarianceStructure other) =>
        Enumerable.Range(0, 3).All(i => LettersByFreedom.IndexOf(other.Letters[i], StringComparison.Ordinal) <= LettersByFreedom.IndexOf(Letters[i], StringComparison.Ordinal));

    private static int Free(char letter, int each, int numberOfComponents) => letter switch
    {
        'I' => 0,
        'E' => each,
        _ => each * numberOfComponents,
    };
}
