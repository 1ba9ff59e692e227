using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>One model of each family of emissions, with two states, and how to learn one like it.</summary>
internal sealed record HmmFamily(HmmModel Model, HmmEstimator.Options Options, double[] Impossible, string Problem)
{
    private static readonly double[] Pi = [.6, .4];
    private static readonly double[,] A = { { .8, .2 }, { .3, .7 } };

    /// <summary>The names of the families.</summary>
    public static string[] Names { get; } = [.. Enum.GetNames<EmissionType>()];

    /// <summary>D.</summary>
    public int Dimension => Model.Dimension;

    /// <summary>The family of a name.</summary>
    public static HmmFamily Of(string name) => Enum.Parse<EmissionType>(name) switch
    {
        EmissionType.Gaussian => Make(RandomSequences.Model(new Random(3), 2, 2), [1, double.PositiveInfinity], "Feature 1 is "),
        EmissionType.Categorical => Make(HmmModel.Categorical(Pi, A, new[,] { { .7, .2, .05, .05 }, { .05, .05, .2, .7 } }), [1.5], "Feature 0 is 1.5"),
        EmissionType.Poisson => Make(new HmmModel(Pi, [.8, .2, .3, .7], new PoissonEmission(new[,] { { 2.0, 9 }, { 6, 3 } })), [1, -2], "Feature 1 is -2"),
        EmissionType.GaussianMixture => Make(
            HmmModel.GaussianMixture(Pi, A, [Mixture(0, 3), Mixture(7, 12)]), [1, double.NegativeInfinity], "Feature 1 is "),
        EmissionType.Multinomial => Make(HmmModel.Multinomial(Pi, A, new[,] { { .6, .3, .1 }, { .1, .3, .6 } }, 5), [1, 1.5, 2.5], "1.5"),
        EmissionType.Bernoulli => Make(HmmModel.Bernoulli(Pi, A, new[,] { { .9, .2, .5 }, { .2, .7, .6 } }), [1, 0, 2], "Feature 2 is 2"),
        _ => Make(
            HmmModel.Product(
                Pi, A, new GaussianEmission([Vector<double>.Build.Dense(1, 0), Vector<double>.Build.Dense(1, 3)], [Matrix<double>.Build.Dense(1, 1, 1), Matrix<double>.Build.Dense(1, 1, 2)]),
                new PoissonEmission(new[,] { { 2.0 }, { 6 } }), new CategoricalEmission(new[,] { { .5, .3, .2 }, { .1, .3, .6 } })),
            [1, 2, 7.5],
            "Feature 2 is 7.5",
            [EmissionType.Gaussian, EmissionType.Poisson, EmissionType.Categorical]),
    };

    /// <summary>Sequences of these lengths.</summary>
    public double[][] Draw(int seed, params int[] lengths)
    {
        var random = new Random(seed);
        return [.. lengths.Select(length => Model.Sample(length, random).Sequence)];
    }

    /// <summary>A copy of the options with a change.</summary>
    public HmmEstimator.Options With(Action<HmmEstimator.Options> change) => Options.With(change);

    private static HmmFamily Make(HmmModel model, double[] impossible, string problem, EmissionType[]? features = null) => new(
        model,
        new HmmEstimator.Options
        {
            NumberOfStates = 2,
            Emission = features is null ? model.Emissions.Type : EmissionType.Product,
            FeatureEmissions = features,
            Seed = 1,
        },
        impossible,
        problem);

    private static GaussianMixtureModel Mixture(double first, double second) => new(
        [.5, .5],
        [Vector<double>.Build.Dense(2, first), Vector<double>.Build.Dense(2, second)],
        [Matrix<double>.Build.DenseIdentity(2), Matrix<double>.Build.DenseIdentity(2)]);
}
