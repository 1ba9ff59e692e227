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

    /// <summary>Says for each degenerate component what is wrong; empty if none is.</summary>
    /// <remarks>
    /// The smallest generalised eigenvalue of (Σ_k, Σ_data) is at least t exactly if Σ_k − t Σ_data is positive definite. Where the data themselves
    /// have no spread, both are at the floor and the component is fine.
    /// </remarks>
    public static List<string> Describe(GaussianMixtureModel model, double totalWeight, DataMoments moments, CovarianceFloor floor)
    {
        int dimension = model.Dimension;
        double[] data = (double[])moments.Covariance!.Clone();
        CovarianceFloor.RaiseFull(data, floor.At(moments.Mean));

        var notes = new List<string>();
        for (int k = 0; k < model.NumberOfComponents; k++)
        {
            CovarianceFactorization covariance = model.Components[k].Covariance;
            var difference = new double[dimension * dimension];
            for (int i = 0; i < dimension; i++)
            {
                for (int j = 0; j < dimension; j++)
                    difference[i * dimension + j] = covariance[i, j] - SmallestShareOfData * data[i * dimension + j];
            }
            if (!CholeskyFactor.TryFactor(difference, dimension))
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"Component {k + 1} is degenerate: in some direction its variance is less than {SmallestShareOfData} of the data's. Fewer components or a simpler covariance type avoid it."));

            double weight = model.Weights[k] * totalWeight;
            if (weight < dimension + 1)
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"Component {k + 1} is degenerate: it holds {weight:g4} rows; {dimension} features need at least {dimension + 1}."));
        }
        return notes;
    }
}
