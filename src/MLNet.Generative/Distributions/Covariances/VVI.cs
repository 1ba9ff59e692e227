namespace MLNet.Generative;

/// <summary>Σ_k = diag(S_k) (Celeux and Govaert 1995, model [λ_k B_k]).</summary>
internal sealed class VVI() : CovarianceStructure(CovarianceType.VVI)
{
    protected override CovarianceFactorization[] Maximize(
        ComponentScatters scatters, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current)
    {
        var covariances = new CovarianceFactorization[scatters.Count];
        for (int k = 0; k < covariances.Length; k++)
        {
            floored[k] = CovarianceFloor.RaiseDiagonal(scatters.Matrices[k], floor.At(scatters.Means[k]));
            covariances[k] = StructuredCovariance.Diagonal(scatters.Matrices[k]);
        }
        return covariances;
    }
}
