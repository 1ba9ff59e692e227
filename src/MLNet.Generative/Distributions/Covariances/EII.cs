using System.Numerics.Tensors;

namespace MLNet.Generative;

/// <summary>Σ_k = σ² I with σ² = Σ_k N_k tr(S_k) / (D N) (Celeux and Govaert 1995, model [λI]).</summary>
internal sealed class EII() : CovarianceStructure(CovarianceType.EII)
{
    protected override CovarianceFactorization[] Maximize(
        ComponentScatters scatters, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current)
    {
        double variance = TensorPrimitives.Sum<double>(scatters.Pooled()) / scatters.Dimension;
        // One variance for all features: it must pass the floor of the feature that asks for most.
        double lowest = TensorPrimitives.Max<double>(floor.At(scatters.Means));
        floored.Fill(variance < lowest);

        var variances = new double[scatters.Dimension];
        Array.Fill(variances, Math.Max(variance, lowest));
        return StructuredCovariance.Shared(StructuredCovariance.Diagonal(variances), scatters.Count);
    }
}
