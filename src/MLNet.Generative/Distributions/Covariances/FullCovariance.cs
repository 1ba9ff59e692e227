namespace MLNet.Generative;

/// <summary>VVV: Σ_k = S_k / N_k (Bishop 2006, eq. 9.25).</summary>
internal sealed class FullCovariance : CovarianceStructure
{
    public static readonly FullCovariance Instance = new();

    public override bool IsDiagonal => false;

    public override string Letters => "VVV";

    public override string LetterForOneFeature => "V";

    public override int CountParameters(int numberOfComponents, int dimension) => numberOfComponents * dimension * (dimension + 1) / 2;

    public override CovarianceFactorization[] Maximize(
        IReadOnlyList<WeightedScatter> scatters, double regularization, CovarianceFloor floor, Span<bool> floored)
    {
        var covariances = new CovarianceFactorization[scatters.Count];
        for (int k = 0; k < covariances.Length; k++)
        {
            (double weight, double[] mean, double[] scatter) = scatters[k];
            var covariance = new double[scatter.Length];
            for (int i = 0; i < covariance.Length; i++)
                covariance[i] = scatter[i] / weight;
            for (int j = 0; j < mean.Length; j++)
                covariance[j * mean.Length + j] += regularization;
            floored[k] = CovarianceFloor.RaiseFull(covariance, floor.At(mean));
            covariances[k] = Factor(covariance, mean.Length, isDiagonal: false);
        }
        return covariances;
    }
}
