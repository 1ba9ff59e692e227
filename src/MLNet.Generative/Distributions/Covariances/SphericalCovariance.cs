using System.Numerics.Tensors;

namespace MLNet.Generative;

/// <summary>VII: Σ_k = σ_k² I with σ_k² = tr(S_k) / (D N_k) (Celeux and Govaert 1995, model [λ_k I]).</summary>
internal sealed class SphericalCovariance : CovarianceStructure
{
    public static readonly SphericalCovariance Instance = new();

    public override bool IsDiagonal => true;

    public override string Letters => "VII";

    public override string LetterForOneFeature => "V";

    public override int CountParameters(int numberOfComponents, int dimension) => numberOfComponents;

    public override CovarianceFactorization[] Maximize(
        IReadOnlyList<WeightedScatter> scatters, double regularization, CovarianceFloor floor, Span<bool> floored)
    {
        var covariances = new CovarianceFactorization[scatters.Count];
        for (int k = 0; k < covariances.Length; k++)
        {
            (double weight, double[] mean, double[] scatter) = scatters[k];
            double variance = TensorPrimitives.Sum<double>(scatter) / (mean.Length * weight) + regularization;

            // One variance for all features: it must pass the floor of the feature that asks for most.
            double lowest = TensorPrimitives.Max<double>(floor.At(mean));
            floored[k] = variance < lowest;
            var variances = new double[mean.Length];
            Array.Fill(variances, Math.Max(variance, lowest));
            covariances[k] = Factor(variances, mean.Length, isDiagonal: true);
        }
        return covariances;
    }
}
