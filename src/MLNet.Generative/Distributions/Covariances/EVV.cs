namespace MLNet.Generative;

/// <summary>
/// Σ_k = λ C_k with |C_k| = 1: covariances of equal determinant. C_k = S_k / |S_k|^(1/D) and λ = Σ_k N_k |S_k|^(1/D) / N (Celeux and Govaert 1995, model [λC_k]).
/// </summary>
internal sealed class EVV() : CovarianceStructure(CovarianceType.EVV)
{
    // In units of the floors: below this share of the variance along another axis, one along an axis is what rounding makes of nothing.
    private const double ShareOfRounding = 1e-12;

    // What such an axis is given: enough for its variance to be seen in the matrix.
    private const double SmallestShare = 1e-8;

    protected override CovarianceFactorization[] Maximize(
        ComponentScatters scatters, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current)
    {
        double[] floors = floor.At(scatters.Means);
        double[][] covariances = AboveFloor(scatters, floors) ?? AtFloor(scatters, floors, floored);
        return Array.ConvertAll(covariances, covariance => StructuredCovariance.Full(covariance, scatters.Dimension));
    }

    private static double[][]? AboveFloor(ComponentScatters scatters, double[] floors)
    {
        int dimension = scatters.Dimension;
        var volumes = new double[scatters.Count];
        double mean = 0;
        for (int k = 0; k < volumes.Length; k++)
        {
            double[] factor = (double[])scatters.Matrices[k].Clone();
            double largest = floors.Select((value, j) => factor[j * dimension + j] / value).Max();
            if (!CovarianceFloor.IsAbove(factor, Array.ConvertAll(floors, value => value * largest * ShareOfRounding)) || !CholeskyFactor.TryFactor(factor, dimension))
                return null;
            volumes[k] = Math.Exp(CholeskyFactor.LogDeterminant(factor, dimension) / dimension);
            mean += scatters.Weights[k] / scatters.TotalWeight * volumes[k];
        }

        double[][] covariances = [.. scatters.Matrices.Select((matrix, k) => Array.ConvertAll(matrix, value => value * (mean / volumes[k])))];
        return Array.TrueForAll(covariances, covariance => CovarianceFloor.IsAbove(covariance, floors)) ? covariances : null;
    }

    // In units of the floors, which an affine map of the features makes equal, and which leaves determinants equal.
    private static double[][] AtFloor(ComponentScatters scatters, double[] floors, Span<bool> floored)
    {
        int dimension = scatters.Dimension;
        double[] units = Array.ConvertAll(floors, Math.Sqrt);
        double[] ones = [.. Enumerable.Repeat(1.0, dimension)];
        PrincipalAxes[] axes = Array.ConvertAll(scatters.Matrices, matrix => PrincipalAxes.Of(CovarianceFloor.InUnits(matrix, units), dimension));
        double[][] variances = EqualVolumeVariances.Solve(scatters.Weights, Array.ConvertAll(axes, own => own.Variances), ones, SmallestShare);
        StructuredCovariance.MarkAtFloor(variances, ones, floored);
        return [.. axes.Select((own, k) => CovarianceFloor.OfUnits(own.Compose(variances[k]), units))];
    }
}
