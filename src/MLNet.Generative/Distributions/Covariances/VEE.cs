namespace MLNet.Generative;

/// <summary>
/// Σ_k = λ_k C with |C| = 1: proportional covariances. Alternates between λ_k = tr(S_k C⁻¹) / D and C ∝ Σ_k N_k S_k / λ_k, of which each is the best given the other
/// (Celeux and Govaert 1995, model [λ_k DADᵀ]). There is one optimum: the objective is convex along geodesics (Wiesel 2012).
/// </summary>
internal sealed class VEE() : CovarianceStructure(CovarianceType.VEE)
{
    private const int MaximumNumberOfSteps = 1000;
    private const double RelativeTolerance = 1e-13;

    protected override CovarianceFactorization[] Maximize(
        ComponentScatters scatters, CovarianceFloor floor, Span<bool> floored, IReadOnlyList<CovarianceFactorization>? current)
    {
        int dimension = scatters.Dimension;
        double[] floors = floor.At(scatters.Means);
        double[] volumes = StructuredCovariance.Volumes(current) ?? [.. Enumerable.Repeat(1.0, scatters.Count)];
        double[] common = [];
        for (int step = 0; step < MaximumNumberOfSteps; step++)
        {
            common = Common(scatters, volumes, floors, floored);
            double[] next = BestVolumes(scatters, common, floors, floored);
            double change = 0;
            for (int k = 0; k < volumes.Length; k++)
                change = Math.Max(change, Math.Abs(next[k] / volumes[k] - 1));
            volumes = next;
            if (change <= RelativeTolerance)
                break;
        }
        return Array.ConvertAll(volumes, volume => StructuredCovariance.Full(Array.ConvertAll(common, value => value * volume), dimension));
    }

    /// <summary>C, up to a factor.</summary>
    private static double[] Common(ComponentScatters scatters, double[] volumes, double[] floors, Span<bool> floored)
    {
        var common = new double[scatters.Matrices[0].Length];
        for (int k = 0; k < volumes.Length; k++)
        {
            double factor = scatters.Weights[k] / scatters.TotalWeight / volumes[k];
            for (int i = 0; i < common.Length; i++)
                common[i] += factor * scatters.Matrices[k][i];
        }
        double smallest = volumes.Min();
        floored.Fill(CovarianceFloor.RaiseFull(common, Array.ConvertAll(floors, value => value / smallest)));
        return common;
    }

    private static double[] BestVolumes(ComponentScatters scatters, double[] common, double[] floors, Span<bool> floored)
    {
        int dimension = scatters.Dimension;
        double[] inverse = StructuredCovariance.Full(common, dimension).Inverse();
        double? lowest = null;
        var volumes = new double[scatters.Count];
        for (int k = 0; k < volumes.Length; k++)
        {
            double volume = System.Numerics.Tensors.TensorPrimitives.Dot(scatters.Matrices[k], inverse) / dimension;
            if (!CovarianceFloor.IsAbove(Array.ConvertAll(common, value => value * volume), floors))
            {
                lowest ??= 1 / CovarianceFloor.SmallestEigenvalue(common, floors);
                floored[k] |= volume < lowest;
                volume = Math.Max(volume, lowest.Value);
            }
            volumes[k] = volume;
        }
        return volumes;
    }
}
