namespace MLNet.Generative;

/// <summary>Σ_k = λ B_k with B_k diagonal and |B_k| = 1: variances of equal product (Celeux and Govaert 1995, model [λB_k]).</summary>
internal sealed class EVI() : CovarianceStructure(CovarianceType.EVI)
{
    protected override CovarianceFactorization[] Maximize(
        ComponentScatters scatters, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current)
    {
        double[] floors = floor.At(scatters.Means);
        double[][] variances = EqualVolumeVariances.Solve(scatters.Weights, scatters.Matrices, floors);
        StructuredCovariance.MarkAtFloor(variances, floors, floored);
        return Array.ConvertAll(variances, StructuredCovariance.Diagonal);
    }
}
