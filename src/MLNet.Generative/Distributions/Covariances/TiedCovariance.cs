namespace MLNet.Generative;

/// <summary>EEE: one covariance Σ = Σ_k S_k / Σ_k N_k for all components (Celeux and Govaert 1995, model [λDADᵀ]).</summary>
internal sealed class TiedCovariance : CovarianceStructure
{
    public static readonly TiedCovariance Instance = new();

    public override bool IsDiagonal => false;

    public override string Letters => "EEE";

    public override string LetterForOneFeature => "E";

    public override int CountParameters(int numberOfComponents, int dimension) => dimension * (dimension + 1) / 2;

    public override CovarianceFactorization[] Maximize(
        IReadOnlyList<WeightedScatter> scatters, double regularization, CovarianceFloor floor, Span<bool> floored)
    {
        int dimension = scatters[0].Mean.Length;
        var covariance = new double[dimension * dimension];
        double total = 0;
        foreach (WeightedScatter scatter in scatters)
        {
            total += scatter.Weight;
            for (int i = 0; i < covariance.Length; i++)
                covariance[i] += scatter.Matrix[i];
        }
        for (int i = 0; i < covariance.Length; i++)
            covariance[i] /= total;
        for (int j = 0; j < dimension; j++)
            covariance[j * dimension + j] += regularization;

        floored.Fill(CovarianceFloor.RaiseFull(covariance, floor.At(scatters.Select(s => s.Mean))));
        var covariances = new CovarianceFactorization[scatters.Count];
        Array.Fill(covariances, Factor(covariance, dimension, isDiagonal: false));
        return covariances;
    }
}
