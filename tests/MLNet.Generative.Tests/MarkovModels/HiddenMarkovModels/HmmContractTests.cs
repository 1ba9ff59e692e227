using Microsoft.ML;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

public sealed class HmmContractTests
{
    private const double Missing = double.NaN;

    private static readonly Dictionary<string, EstimatorContract> Contracts = new()
    {
        ["Gaussian, Single, two features"] = Numbers(
            context => context.Transforms.Hmm("Sequence", numberOfStates: 2), 2, isSingle: true, RandomSequences.Draw(1, 2, 2, Lengths(30, 8)), [1, 2, double.PositiveInfinity, 3]),
        ["Gaussian, Double, one feature, weights"] = Numbers(
            context => context.Transforms.Hmm(Weighted(EmissionType.Gaussian)), 1, isSingle: false, RandomSequences.Draw(2, 2, 1, Lengths(30, 8)), [1, double.NegativeInfinity]),
        ["Poisson, Single"] = Numbers(
            context => context.Transforms.Hmm("Sequence", emission: EmissionType.Poisson), 1, isSingle: true, Counts(1), [1, 2.5]),
        ["Poisson, Double, two features"] = Numbers(
            context => context.Transforms.Hmm("Sequence", emission: EmissionType.Poisson), 2, isSingle: false, Counts(2), [1, 2, -1, 4]),
        ["Categorical keys"] = Keys(context => context.Transforms.Hmm("Sequence", emission: EmissionType.Categorical)),
        ["Gaussian mixture, Single, two features"] = Numbers(
            context => context.Transforms.Hmm(emission: EmissionType.GaussianMixture), 2, isSingle: true, RandomSequences.Draw(6, 2, 2, Lengths(30, 8)), [1, 2, double.PositiveInfinity, 3]),
        ["Multinomial, Single, two features"] = Numbers(
            context => context.Transforms.Hmm(emission: EmissionType.Multinomial), 2, isSingle: true, Counts(2), [1, 2, -1, 4]),
        ["Detector, Gaussian"] = Numbers(
            context => context.AnomalyDetection.Trainers.Hmm("Sequence", contamination: 0.1f), 2, isSingle: true, RandomSequences.Draw(1, 2, 2, Lengths(30, 8)), [1, 2, double.PositiveInfinity, 3]),
        ["Detector, Gaussian, weights"] = Numbers(
            context => context.AnomalyDetection.Trainers.Hmm(Weighted(EmissionType.Gaussian)), 1, isSingle: false, RandomSequences.Draw(2, 2, 1, Lengths(30, 8)), [1, double.NegativeInfinity]),
        ["Detector, categorical keys"] = Keys(context => context.AnomalyDetection.Trainers.Hmm("Sequence", emission: EmissionType.Categorical)),
    };

    public static TheoryData<string, string> Cases { get; } = EstimatorContract.Cases(Contracts);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Hidden_Markov_model_keeps_the_contract(string model, string check) => Contracts[model].Run(check);

    private static EstimatorContract Numbers(Func<MLContext, IEstimator<ITransformer>> create, int dimension, bool isSingle, double[][] data, double[] impossible) => new()
    {
        Estimator = create(new MLContext(seed: 1)),
        FitInput = SequenceViews.Of(data, dimension, isSingle, [.. data.Select((_, n) => n % 7 == 0 ? 0 : 0.5f + (n % 3))]),
        TransformInput = SequenceViews.Of(
            [
                [],
                [.. data[0].Append(1)],
                [.. Enumerable.Repeat(Missing, 3 * dimension)],
                impossible,
                [.. data[1].Select((value, i) => i % 3 == 0 ? Missing : value)],
                .. data, .. data, .. data, .. data,
                [1000, 1000],
            ],
            dimension,
            isSingle),
        InvalidInputs = [.. SequenceViews.Invalid, SequenceViews.OfKeys([[1, 2]], 4)],
        FitOnlyInput = SequenceViews.Of([.. data.Select(sequence => sequence.SelectMany(value => new[] { value, value + 1 }).ToArray())], 2 * dimension, isSingle, [.. data.Select(_ => 1f)]),
    };

    private static EstimatorContract Keys(Func<MLContext, IEstimator<ITransformer>> create)
    {
        var random = new Random(3);
        HmmModel model = HmmModel.Categorical([.5, .5], new[,] { { .8, .2 }, { .3, .7 } }, new[,] { { .4, .3, .2, .1 }, { .1, .1, .4, .4 } });
        double[][] data = [.. Lengths(30, 8).Select(length => model.Sample(length, random).Sequence)];
        return new()
        {
            Estimator = create(new MLContext(seed: 1)),
            FitInput = SequenceViews.OfKeys(data, 4),
            TransformInput = SequenceViews.OfKeys([[], [1, Missing, 3], [Missing, Missing], .. data, .. data, .. data, .. data], 4),
            InvalidInputs = SequenceViews.Invalid,
            FitOnlyInput = SequenceViews.OfKeys(data, 6),
        };
    }

    private static HmmEstimator.Options Weighted(EmissionType emission) => new() { ExampleWeightColumnName = "Weight", Emission = emission };

    private static int[] Lengths(int count, int longest) => [.. Enumerable.Range(0, count).Select(n => 1 + (5 * n % longest))];

    private static double[][] Counts(int dimension)
    {
        var random = new Random(5);
        double[] rates = [.. Enumerable.Range(0, dimension).Select(j => 2.0 + j)];
        var emission = new PoissonEmission(Matrix(rates));
        HmmModel model = HmmModel.Product([.5, .5], new[,] { { .9, .1 }, { .2, .8 } }, emission);
        return [.. Lengths(30, 8).Select(length => model.Sample(length, random).Sequence)];

        static double[,] Matrix(double[] rates)
        {
            var matrix = new double[2, rates.Length];
            for (int j = 0; j < rates.Length; j++)
                (matrix[0, j], matrix[1, j]) = (rates[j], 4 * rates[j]);
            return matrix;
        }
    }
}
