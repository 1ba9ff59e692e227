namespace MLNet.Generative;

/// <summary>Σ_k = Σ_k N_k S_k / N: one covariance for all components (Celeux and Govaert 1995, model [λDADᵀ]).</summary>
internal sealed class EEE() : CovarianceStructure(CovarianceType.EEE)
{
    protected override CovarianceFactorization[] Maximize(
        ComponentScatters scatters, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current)
    {
        double[] covariance = scatters.Pooled();
        floored.Fill(CovarianceFloor.RaiseFull(covariance, floor.At(scatters.Means)));
        return StructuredCovariance.Shared(StructuredCovariance.Full(covariance, scatters.Dimension), scatters.Count);
    }
}
