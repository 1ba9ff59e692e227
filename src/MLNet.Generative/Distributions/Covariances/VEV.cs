namespace MLNet.Generative;

/// <summary>
/// Σ_k = λ_k D_k A D_kᵀ: proportional variances along axes of each component's own. D_k are the eigenvectors of S_k; λ_k A is the best fit of proportional variances to its
/// eigenvalues in decreasing order (Celeux and Govaert 1995, model [λ_k D_k A D_kᵀ]).
/// </summary>
internal sealed class VEV() : CovarianceStructure(CovarianceType.VEV)
{
    protected override CovarianceFactorization[] Maximize(
        ComponentScatters scatters, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current)
    {
        PrincipalAxes[] axes = Array.ConvertAll(scatters.Matrices, matrix => PrincipalAxes.Of(matrix, scatters.Dimension));
        double[] floors = floor.AlongAnyAxis(scatters.Means);
        double[][] variances = ProportionalVariances.Solve(
            scatters.Weights, Array.ConvertAll(axes, own => own.Variances), floors, StructuredCovariance.Volumes(current));
        StructuredCovariance.MarkAtFloor(variances, floors, floored);
        return [.. axes.Select((own, k) => StructuredCovariance.Full(own.Compose(variances[k]), scatters.Dimension))];
    }
}
