using Microsoft.ML;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Mixtures of every structure through a file.</summary>
public sealed class StructureFileTests
{
    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void A_saved_mixture_scores_as_before(CovarianceType type)
    {
        IDataView iris = IrisData.View(isSingle: true);
        GaussianMixtureTransformer model = new MLContext(seed: 1).Clustering.Trainers.GaussianMixture(numberOfComponents: 3, covarianceType: type).Fit(iris);
        ITransformer loaded = ModelFile.Save(model, iris.Schema).Load();

        RowTable.Read(model.Transform(iris)).AssertSame(RowTable.Read(loaded.Transform(iris)), type.ToLetters(4));
        GaussianMixtureModel mixture = ((GaussianMixtureTransformer)loaded.FindGenerative()).Model;
        Assert.Equal(type, mixture.CovarianceType);
        Assert.Equal(model.Model.NumberOfParameters, mixture.NumberOfParameters);
        Assert.Equal(model.Model.Covariances, mixture.Covariances);
        Assert.StartsWith(type.ToLetters(4), mixture.ToString(), StringComparison.Ordinal);
    }
}
