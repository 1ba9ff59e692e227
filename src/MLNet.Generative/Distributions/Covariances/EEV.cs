namespace MLNet.Generative;

/// <summary>
/// Σ_k = λ D_k A D_kᵀ: the same variances along axes of each component's own. D_k are the eigenvectors of S_k, λA = Σ_k N_k Ω_k / N, with Ω_k its eigenvalues in
/// decreasing order (Celeux and Govaert 1995, model [λD_k A D_kᵀ]).
/// </summary>
internal sealed class EEV() : CovarianceStructure(CovarianceType.EEV)
{
    protected override CovarianceFactorization[] Maximize(
        ComponentScatters scatters, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current)
    {
        PrincipalAxes[] axes = Array.ConvertAll(scatters.Matrices, matrix => PrincipalAxes.Of(matrix, scatters.Dimension));
        var variances = new double[scatters.Dimension];
        for (int k = 0; k < axes.Length; k++)
        {
            for (int j = 0; j < variances.Length; j++)
                variances[j] += scatters.Weights[k] / scatters.TotalWeight * axes[k].Variances[j];
        }
        double[] floors = floor.AlongAnyAxis(scatters.Means);
        floored.Fill(CovarianceFloor.RaiseDiagonal(variances, floors));
        return Array.ConvertAll(axes, own => StructuredCovariance.Full(own.Compose(variances), scatters.Dimension));
    }
}
