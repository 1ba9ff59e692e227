namespace MLNet.Generative;

/// <summary>VVI: Σ_k = diag(S_k) / N_k (Celeux and Govaert 1995, model [λ_k B_k]).</summary>
internal sealed class DiagonalCovariance : CovarianceStructure
{
    public static readonly DiagonalCovariance Instance = new();

    public override bool IsDiagonal => true;

    public override string Letters => "VVI";

    public override string LetterForOneFeature => "V";

    public override int CountParameters(int numberOfComponents, int dimension) => numberOfComponents * dimension;

    public override CovarianceFactorization[] Maximize(
        IReadOnlyList<WeightedScatter> scatters, double regularization, CovarianceFloor floor, Span<bool> floored)
    {
        var covariances = new CovarianceFactorization[scatters.Count];
        for (int k = 0; k < covariances.Length; k++)
        {
            (double weight, double[] mean, double[] scatter) = scatters[k];
            var variances = new double[mean.Length];
            for (int j = 0; j < variances.Length; j++)
                variances[j] = scatter[j] / weight + regularization;
            floored[k] = CovarianceFloor.RaiseDiagonal(variances, floor.At(mean));
            covariances[k] = Factor(variances, mean.Length, isDiagonal: true);
        }
        return covariances;
    }
}
