namespace MLNet.Generative;

/// <summary>
/// Σ_k = λ D A_k Dᵀ with |A_k| = 1: variances of equal product along axes D that all components share (Celeux and Govaert 1995, model [λDA_k Dᵀ]; Browne and McNicholas 2014).
/// Given D, they are the equal-volume fit to the diagonals of DᵀS_k D, so that D itself minimises Σ_k N_k |diag(DᵀS_k D)|^(1/D).
/// </summary>
internal sealed class EVE() : CovarianceStructure(CovarianceType.EVE)
{
    protected override CovarianceFactorization[] Maximize(
        ComponentScatters scatters, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current) =>
        CommonAxes.Maximize(scatters, floor, floored, current, hasEqualVolumes: true);
}
