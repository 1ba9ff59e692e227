using System.Numerics.Tensors;

namespace MLNet.Generative;

/// <summary>Σ_k = σ_k² I with σ_k² = tr(S_k) / D (Celeux and Govaert 1995, model [λ_k I]).</summary>
internal sealed class VII() : CovarianceStructure(CovarianceType.VII)
{
    protected override CovarianceFactorization[] Maximize(
        ComponentScatters scatters, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current)
    {
        var covariances = new CovarianceFactorization[scatters.Count];
        for (int k = 0; k < covariances.Length; k++)
        {
            double variance = TensorPrimitives.Sum<double>(scatters.Matrices[k]) / scatters.Dimension;
            // One variance for all features: it must pass the floor of the feature that asks for most.
            double lowest = TensorPrimitives.Max<double>(floor.At(scatters.Means[k]));
            floored[k] = variance < lowest;

            var variances = new double[scatters.Dimension];
            Array.Fill(variances, Math.Max(variance, lowest));
            covariances[k] = StructuredCovariance.Diagonal(variances);
        }
        return covariances;
    }
}
