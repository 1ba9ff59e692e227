using Microsoft.ML;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.AnomalyDetection;

public sealed class AnomalyContractTests
{
    private static readonly Dictionary<string, EstimatorContract> Contracts = new()
    {
        ["Shorthand, Single"] = Contract(
            context => context.AnomalyDetection.Trainers.GaussianMixture(numberOfComponents: 3, contamination: 0.1f), isSingle: true),
        ["FromDensity, Double, weights"] = Contract(
            context => context.AnomalyDetection.Trainers.FromDensity(
                context.Clustering.Trainers.GaussianMixture(exampleWeightColumnName: "Weight", numberOfComponents: 3),
                new AnomalyEstimator.Options { Contamination = 0.05f, PredictedLabelColumnName = "IsAnomaly", ScoreColumnName = "Strangeness" }),
            isSingle: false),
    };

    public static TheoryData<string, string> Cases { get; } = EstimatorContract.Cases(Contracts);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Detector_keeps_the_contract(string detector, string check) => Contracts[detector].Run(check);

    private static EstimatorContract Contract(Func<MLContext, AnomalyEstimator> create, bool isSingle) => new()
    {
        Estimator = create(new MLContext(seed: 1)),
        FitInput = IrisData.View(isSingle, hasWeights: true),
        TransformInput = IrisData.ViewToScore(isSingle),
        InvalidInputs = IrisData.InvalidViews,
        FitOnlyInput = IrisData.ViewOfTwoFeatures(isSingle, hasWeights: true),
    };
}
