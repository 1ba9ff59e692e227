using Microsoft.ML;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.Pipelines;

/// <summary>A step that scores blocks of rows keeps the contract of an estimator, alone and inside a detector.</summary>
public sealed class BlockScoringContractTests
{
    private static readonly Dictionary<string, EstimatorContract> Contracts = new()
    {
        ["Blocks of 7, Single"] = Contract((context, options) => new IndependentNormalsEstimator(context, options), isSingle: true),
        ["Blocks of 7, Double"] = Contract((context, options) => new IndependentNormalsEstimator(context, options), isSingle: false),
        ["Blocks of 1,000"] = Contract((context, options) => new IndependentNormalsEstimator(context, options with { RowsPerBlock = 1000 }), isSingle: true),
        ["Detector on blocks"] = Contract((context, options) => context.AnomalyDetection.Trainers.FromDensity(new IndependentNormalsEstimator(context, options)), isSingle: true),
        ["Detector on blocks without a log-density"] = Contract(
            (context, options) => context.AnomalyDetection.Trainers.FromDensity(new IndependentNormalsEstimator(context, options with { HasLogDensity = false })), isSingle: true),
    };

    public static TheoryData<string, string> Cases { get; } = EstimatorContract.Cases(Contracts);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Blocks_keep_the_contract(string step, string check) => Contracts[step].Run(check);

    private static EstimatorContract Contract(Func<MLContext, IndependentNormalsEstimator.Options, IEstimator<ITransformer>> create, bool isSingle) => new()
    {
        Estimator = create(new MLContext(seed: 1), new IndependentNormalsEstimator.Options()),
        FitInput = IrisData.View(isSingle),
        TransformInput = IrisData.ViewToScore(isSingle),
        InvalidInputs = IrisData.InvalidViews,
        FitOnlyInput = IrisData.ViewOfTwoFeatures(isSingle),
    };
}
