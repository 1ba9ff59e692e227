using Microsoft.ML;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.Vae;

[Collection(nameof(ProcessWideState))]
public sealed class VaeContractTests
{
    // Enough rows for several blocks.
    private const int Repetitions = 8;

    private static readonly string[] IrisNames = ["SepalLength", "SepalWidth", "PetalLength", "PetalWidth"];

    private static readonly Dictionary<string, EstimatorContract> Contracts = new()
    {
        ["Gaussian, Single, all columns, slot names"] = Contract(isSingle: true, IrisNames, options =>
        {
            options.StandardDeviationColumnName = "Deviation";
            options.ReconstructionColumnName = "Reconstruction";
            options.LogDensityColumnName = "LogDensity";
            options.ImputationColumnName = "Completed";
            options.ImputationSamples = 50;
        }),
        ["Shared variance, Double, all columns"] = Contract(isSingle: false, null, options =>
        {
            options.Likelihood = VaeLikelihood.GaussianSharedVariance;
            options.HiddenLayers = [];
            options.StandardDeviationColumnName = "Deviation";
            options.ReconstructionColumnName = "Reconstruction";
            options.LogDensityColumnName = "LogDensity";
            options.ImputationColumnName = "Completed";
            options.ImputationSamples = 50;
        }),
        ["Fixed variance, Double, latent column only, slot names"] = Contract(isSingle: false, IrisNames, options =>
        {
            options.Likelihood = VaeLikelihood.GaussianFixedVariance;
            options.FixedStandardDeviation = 0.3;
            options.Activation = VaeActivation.Tanh;
        }),
        ["Importance-weighted scores, Single"] = Contract(isSingle: true, null, options =>
        {
            options.LogDensityColumnName = "LogDensity";
            options.ScoringSamples = 5;
        }),
        ["detector, Single"] = new EstimatorContract
        {
            Estimator = new MLContext(seed: 1).AnomalyDetection.Trainers.Vae(Options(_ => { }), contamination: 0.1f),
            FitInput = IrisData.View(isSingle: true),
            TransformInput = IrisData.ViewToScore(isSingle: true, repetitions: Repetitions),
            InvalidInputs = IrisData.InvalidViews,
            FitOnlyInput = IrisData.ViewOfTwoFeatures(isSingle: true),
        },
    };

    public static TheoryData<string, string> Cases { get; } = EstimatorContract.Cases(Contracts);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Autoencoder_keeps_the_contract(string autoencoder, string check) => Contracts[autoencoder].Run(check);

    [Fact]
    public void Data_of_the_contracts_are_longer_than_two_blocks() =>
        Assert.All(Contracts.Values, contract => Assert.True(contract.TransformInput.GetRowCount() > 2 * ((GenerativeTransformerBase)contract.Fitted).RowsPerBlock));

    private static EstimatorContract Contract(bool isSingle, string[]? slotNames, Action<VaeEstimator.Options> set) => new()
    {
        Estimator = new MLContext(seed: 1).Transforms.Vae(Options(set)),
        FitInput = IrisData.View(isSingle, slotNames: slotNames),
        TransformInput = IrisData.ViewToScore(isSingle, slotNames, Repetitions),
        InvalidInputs = IrisData.InvalidViews,
        FitOnlyInput = IrisData.ViewOfTwoFeatures(isSingle),
    };

    private static VaeEstimator.Options Options(Action<VaeEstimator.Options> set)
    {
        var options = new VaeEstimator.Options { LatentDimension = 2, HiddenLayers = [8], NumberOfEpochs = 3, NumberOfThreads = 1 };
        set(options);
        return options;
    }
}
