using Microsoft.ML;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.GaussianMixtures;

public sealed class GaussianMixtureContractTests
{
    private static readonly string[] IrisNames = ["SepalLength", "SepalWidth", "PetalLength", "PetalWidth"];

    private static readonly Dictionary<string, EstimatorContract> Contracts = new()
    {
        ["Full, Single"] = Contract(CovarianceType.Full, isSingle: true),
        ["Tied, Double, weights, slot names"] = Contract(CovarianceType.Tied, isSingle: false, hasWeights: true, IrisNames),
        ["Diagonal, Single, weights"] = Contract(CovarianceType.Diagonal, isSingle: true, hasWeights: true),
        ["Spherical, Double, slot names"] = Contract(CovarianceType.Spherical, isSingle: false, slotNames: IrisNames),
        ["VEV, Single, weights"] = Contract(CovarianceType.VEV, isSingle: true, hasWeights: true),
        ["EVE, Double"] = Contract(CovarianceType.EVE, isSingle: false),
        ["VEE, Single, slot names"] = Contract(CovarianceType.VEE, isSingle: true, slotNames: IrisNames),
    };

    public static TheoryData<string, string> Cases { get; } = EstimatorContract.Cases(Contracts);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Mixture_keeps_the_contract(string mixture, string check) => Contracts[mixture].Run(check);

    [Fact]
    public void Weight_column_of_text_is_refused()
    {
        var estimator = new MLContext(seed: 1).Clustering.Trainers.GaussianMixture(exampleWeightColumnName: "Note", numberOfComponents: 2);
        IDataView data = IrisData.View(isSingle: true);
        Assert.Contains("'Note'", Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(data)).Message, StringComparison.Ordinal);
        Assert.Contains("'Note'", Assert.Throws<ArgumentOutOfRangeException>(() => estimator.GetOutputSchema(data.Schema.ToShape())).Message, StringComparison.Ordinal);
    }

    private static EstimatorContract Contract(CovarianceType type, bool isSingle, bool hasWeights = false, string[]? slotNames = null) => new()
    {
        Estimator = new MLContext(seed: 1).Clustering.Trainers.GaussianMixture(exampleWeightColumnName: hasWeights ? "Weight" : null, numberOfComponents: 3, covarianceType: type),
        FitInput = IrisData.View(isSingle, hasWeights, slotNames),
        TransformInput = IrisData.ViewToScore(isSingle, slotNames),
        InvalidInputs = IrisData.InvalidViews,
        FitOnlyInput = IrisData.ViewOfTwoFeatures(isSingle, hasWeights),
    };
}
