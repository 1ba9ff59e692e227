using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels.MarkovChains;

public sealed class MarkovChainContractTests
{
    // Missing keys, and an empty sequence.
    private static readonly int[][] Odd = [[0, -1, 1], [], [-1], [2, 2, 2, 0]];

    private static readonly Dictionary<string, EstimatorContract> Contracts = new()
    {
        ["Keys with texts"] = new()
        {
            Estimator = new MLContext(seed: 1).Transforms.MarkovChain(),
            FitInput = SymbolData.Keys(SymbolData.Random(50), texts: SymbolData.Texts),
            TransformInput = SymbolData.Keys([.. Odd, .. SymbolData.Random(110, seed: 2)], texts: SymbolData.Texts),
            InvalidInputs = InvalidInputs(),
            FitOnlyInput = SymbolData.Keys(SymbolData.Random(50, symbols: 4), keyCount: 4, ["a", "b", "c", "d"]),
        },
        ["Order 3, back-off, smoothing, weights, scores"] = new()
        {
            Estimator = new MLContext(seed: 1).Transforms.MarkovChain(new MarkovChainEstimator.Options
            {
                Order = 3,
                BackOff = true,
                MinimumCount = 2,
                Smoothing = 0.5,
                SampleLength = 12,
                ExampleWeightColumnName = "Weight",
                ScoreColumnName = "Score",
            }),
            FitInput = SymbolData.Keys(SymbolData.Random(50), hasWeights: true),
            TransformInput = SymbolData.Keys([.. Odd, .. SymbolData.Random(110, seed: 2)]),
            InvalidInputs = InvalidInputs(),
            FitOnlyInput = SymbolData.Keys(SymbolData.Random(50, symbols: 2), keyCount: 2, hasWeights: true),
        },
        ["Numbers, order 0"] = new()
        {
            Estimator = new MLContext(seed: 1).Transforms.MarkovChain(order: 0),
            FitInput = SymbolData.Singles(SymbolData.Random(50)),
            TransformInput = SymbolData.Of<float>([[0.5f], [float.NaN, 1], [3], [float.PositiveInfinity], [-1], .. SymbolData.Random(110, seed: 2).Select(row => Array.ConvertAll(row, s => (float)s))], new VectorDataViewType(NumberDataViewType.Single)),
            InvalidInputs = InvalidInputs(),
            FitOnlyInput = SymbolData.Keys(SymbolData.Random(50)),
        },
    };

    public static TheoryData<string, string> Cases { get; } = EstimatorContract.Cases(Contracts);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Chain_keeps_the_contract(string chain, string check) => Contracts[chain].Run(check);

    [Fact]
    public void Steps_of_several_values_are_refused()
    {
        IDataView pairs = SymbolData.Of<float>([[0, 1, 1, 0]], new VectorDataViewType(NumberDataViewType.Single, 0, 2));
        Assert.Contains("one value per step", Assert.Throws<ArgumentOutOfRangeException>(() => new MLContext().Transforms.MarkovChain().Fit(pairs)).Message, StringComparison.Ordinal);
    }

    private static IDataView[] InvalidInputs() =>
    [
        SymbolData.Of<float>([[1, 2], [2, 1]], new VectorDataViewType(NumberDataViewType.Single, 2)),
        SymbolData.Of<int>([[1, 2], [2, 1]], new VectorDataViewType(NumberDataViewType.Int32)),
        SymbolData.Of<string>([["a", "b"], ["b", "a"]], new VectorDataViewType(TextDataViewType.Instance)),
        new MLContext().Transforms.CopyColumns("Other", "Sequence").Append(new MLContext().Transforms.DropColumns("Sequence")).Fit(SymbolData.Singles([[0, 1]])).Transform(SymbolData.Singles([[0, 1]])),
    ];
}
