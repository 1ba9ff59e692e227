using System.Globalization;

namespace MLNet.Generative;

/// <summary>
/// Finds components that sit on a few rows or in a thin sheet of the data. Their likelihood can be made as large as the floor allows, so that it says nothing
/// about how well the mixture describes the data.
/// </summary>
internal static class Degeneracy
{
    /// <summary>Says for each degenerate component what is wrong; empty if none is.</summary>
    public static List<string> Describe(GaussianMixtureModel model, double totalWeight, DataMoments moments, CovarianceFloor floor)
    {
        int dimension = model.Dimension;
        double[] floors = floor.At(moments.Mean);
        var notes = new List<string>();
        for (int k = 0; k < model.NumberOfComponents; k++)
        {
            if (ThinCovariance.IsThin(model.Components[k].Covariance, moments, floors))
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"Component {k + 1} is degenerate: in some direction its variance is less than {ThinCovariance.SmallestShareOfData} of the data's. Fewer components or a simpler covariance type avoid it."));

            double weight = model.Weights[k] * totalWeight;
            if (weight < (dimension + 1) * (1 - 1e-9))
                notes.Add(string.Create(CultureInfo.InvariantCulture, $"Component {k + 1} is degenerate: it holds {weight:g4} rows; {dimension} features need at least {dimension + 1}."));
        }
        return notes;
    }
}
