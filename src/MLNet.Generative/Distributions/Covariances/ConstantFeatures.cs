namespace MLNet.Generative;

/// <summary>
/// Features that have one value in all rows lie outside a structure: their variances are at the floor in every component, and the structure is that of the others. A constant
/// column then adds the same to the log-likelihood of every structure, and leaves everything else as it would be without it.
/// </summary>
internal static class ConstantFeatures
{
    /// <summary>The M-step of a structure.</summary>
    /// <param name="structure">The structure.</param>
    /// <param name="scatters">The scatters of all features.</param>
    /// <param name="regularization">Added to every variance.</param>
    /// <param name="floor">The floor of all features.</param>
    /// <param name="floored">Set for each component: all have variances at the floor.</param>
    /// <param name="current">The covariances so far.</param>
    public static CovarianceFactorization[] Maximize(
        CovarianceStructure structure,
        IReadOnlyList<WeightedScatter> scatters,
        double regularization,
        CovarianceFloor floor,
        Span<bool> floored,
        IReadOnlyList<CovarianceFactorization>? current)
    {
        int[] varying = floor.VaryingFeatures;
        int dimension = scatters[0].Mean.Length;
        CovarianceFactorization[]? parts = varying.Length == 0
            ? null
            : structure.Maximize(
                [.. scatters.Select(scatter => PartOf(scatter, varying, structure.IsDiagonal))],
                regularization,
                floor.Of(varying),
                floored,
                current?.Select(covariance => covariance.Part(varying)).ToArray());

        var covariances = new CovarianceFactorization[scatters.Count];
        double[]? before = null;
        for (int k = 0; k < covariances.Length; k++)
        {
            double[] variances = Variances(scatters[k], regularization, floor, structure.IsDiagonal);
            // What components share stays one object.
            bool isSame = k > 0 && parts?[k] == parts?[k - 1] && variances.AsSpan().SequenceEqual(before);
            covariances[k] = isSame ? covariances[k - 1] : Join(parts?[k], varying, variances, dimension, structure.IsDiagonal);
            before = variances;
        }
        floored.Fill(true);
        return covariances;
    }

    /// <summary>The variance of every feature; those of constant ones are what the floor, the regularisation or a prior makes of nothing.</summary>
    private static double[] Variances(WeightedScatter scatter, double regularization, CovarianceFloor floor, bool isDiagonal)
    {
        double[] variances = floor.At(scatter.Mean);
        for (int j = 0; j < variances.Length; j++)
            variances[j] = Math.Max(variances[j], scatter.Matrix[isDiagonal ? j : j * variances.Length + j] / scatter.Weight + regularization);
        return variances;
    }

    private static WeightedScatter PartOf(WeightedScatter scatter, int[] features, bool isDiagonal)
    {
        int dimension = scatter.Mean.Length;
        double[] mean = Array.ConvertAll(features, j => scatter.Mean[j]);
        double[] matrix = isDiagonal
            ? Array.ConvertAll(features, j => scatter.Matrix[j])
            : [.. features.SelectMany(i => features, (i, j) => scatter.Matrix[i * dimension + j])];
        return new WeightedScatter(scatter.Weight, mean, matrix);
    }

    private static CovarianceFactorization Join(CovarianceFactorization? part, int[] varying, double[] variances, int dimension, bool isDiagonal)
    {
        if (isDiagonal)
        {
            for (int i = 0; i < varying.Length; i++)
                variances[varying[i]] = part![i, i];
            return StructuredCovariance.Diagonal(variances);
        }

        var covariance = new double[dimension * dimension];
        for (int j = 0; j < dimension; j++)
            covariance[j * dimension + j] = variances[j];
        for (int i = 0; i < varying.Length; i++)
        {
            for (int j = 0; j < varying.Length; j++)
                covariance[varying[i] * dimension + varying[j]] = part![i, j];
        }
        CovarianceFactorization joined = StructuredCovariance.Full(covariance, dimension);
        return part?.Axes is { } axes ? joined.WithAxes(axes) : joined;
    }
}
