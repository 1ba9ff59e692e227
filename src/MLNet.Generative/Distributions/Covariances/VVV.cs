namespace MLNet.Generative;

/// <summary>Σ_k = S_k (Bishop 2006, eq. 9.25; Celeux and Govaert 1995, model [λ_k D_k A_k D_kᵀ]).</summary>
internal sealed class VVV() : CovarianceStructure(CovarianceType.VVV)
{
    protected override CovarianceFactorization[] Maximize(
        ComponentScatters scatters, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current)
    {
        var covariances = new CovarianceFactorization[scatters.Count];
        for (int k = 0; k < covariances.Length; k++)
        {
            floored[k] = CovarianceFloor.RaiseFull(scatters.Matrices[k], floor.At(scatters.Means[k]));
            covariances[k] = StructuredCovariance.Full(scatters.Matrices[k], scatters.Dimension);
        }
        return covariances;
    }
}
