namespace MLNet.Generative;

/// <summary>Σ_k = diag(Σ_k N_k S_k) / N: one variance for each feature (Celeux and Govaert 1995, model [λB]).</summary>
internal sealed class EEI() : CovarianceStructure(CovarianceType.EEI)
{
    protected override CovarianceFactorization[] Maximize(
        ComponentScatters scatters, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current)
    {
        double[] variances = scatters.Pooled();
        floored.Fill(CovarianceFloor.RaiseDiagonal(variances, floor.At(scatters.Means)));
        return StructuredCovariance.Shared(StructuredCovariance.Diagonal(variances), scatters.Count);
    }
}
