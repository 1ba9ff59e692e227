namespace MLNet.Generative;

/// <summary>
/// Σ_k = D Λ_k Dᵀ: variances of each component's own along axes D that all components share, the common principal components of Flury (1984) (Celeux and Govaert 1995, model
/// [λ_k DA_k Dᵀ]; Browne and McNicholas 2014). Given D, Λ_k = diag(DᵀS_k D), so that D itself minimises Σ_k N_k log |diag(DᵀS_k D)|.
/// </summary>
internal sealed class VVE() : CovarianceStructure(CovarianceType.VVE)
{
    protected override CovarianceFactorization[] Maximize(
        ComponentScatters scatters, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current) =>
        CommonAxes.Maximize(scatters, floor, floored, current, hasEqualVolumes: false);
}
