namespace MLNet.Generative;

/// <summary>Σ_k = λ_k B with B diagonal and |B| = 1: variances proportional between components (Celeux and Govaert 1995, model [λ_k B]).</summary>
internal sealed class VEI() : CovarianceStructure(CovarianceType.VEI)
{
    protected override CovarianceFactorization[] Maximize(
        ComponentScatters scatters, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current)
    {
        double[] floors = floor.At(scatters.Means);
        double[][] variances = ProportionalVariances.Solve(scatters.Weights, scatters.Matrices, floors, StructuredCovariance.Volumes(current));
        StructuredCovariance.MarkAtFloor(variances, floors, floored);
        return Array.ConvertAll(variances, StructuredCovariance.Diagonal);
    }
}
