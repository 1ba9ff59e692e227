using System.Globalization;

namespace MLNet.Generative;

/// <summary>
/// Finds components that sit on a few rows or in a thin sheet of the data. Their likelihood can be made as large as the floor allows, so that it says nothing
/// about how well the mixture describes the data.
/// </summary>
internal static class Degeneracy
{
    /// <summary>A component is degenerate if in some direction its variance is less than this share of the data's.</summary>
    public const double SmallestShareOfData = 1e-4;

    /// <summary>With more features than this, diagonal covariances are compared feature by feature: a full covariance of the data would cost more than the fit.</summary>
    public const int LargestDimensionWithCovariance = 256;

    /// <summary>Says for each degenerate component what is wrong; empty if none is.</summary>
    /// <remarks>
    /// The smallest generalised eigenvalue of (Σ_k, Σ_data) is at least t exactly if Σ_k − t Σ_data is positive definite. The floor is added to Σ_data: where the
    /// data themselves have no spread, a component at the floor is fine.
    /// </remarks>
    public static List<string> Describe(GaussianMixtureModel model, double totalWeight, DataMoments moments, CovarianceFloor floor)
    {
        int dimension = model.Dimension;
        double[] floors = floor.At(moments.Mean);
        var notes = new List<string>();
        for (int k = 0; k < model.NumberOfComponents; k++)
        {
            if (IsThin(model.Components[k].Covariance, moments, floors))
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"Component {k + 1} is degenerate: in some direction its variance is less than {SmallestShareOfData} of the data's. Fewer components or a simpler covariance type avoid it."));

            double weight = model.Weights[k] * totalWeight;
            if (weight < (dimension + 1) * (1 - 1e-9))
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"Component {k + 1} is degenerate: it holds {weight:g4} rows; {dimension} features need at least {dimension + 1}."));
        }
        return notes;
    }

    private static bool IsThin(CovarianceFactorization covariance, DataMoments moments, double[] floors)
    {
        int dimension = floors.Length;
        if (moments.Covariance is not { } data)
            return Enumerable.Range(0, dimension).Any(j => covariance[j, j] <= SmallestShareOfData * (moments.Variances[j] + floors[j]));

        var difference = new double[dimension * dimension];
        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j < dimension; j++)
                difference[i * dimension + j] = covariance[i, j] - SmallestShareOfData * (data[i * dimension + j] + (i == j ? floors[i] : 0));
        }
        return !CholeskyFactor.TryFactor(difference, dimension);
    }
}
