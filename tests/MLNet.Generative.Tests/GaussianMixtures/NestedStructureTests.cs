using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>A richer structure never ends below a simpler one nested in it.</summary>
public sealed class NestedStructureTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(2, 3)]
    [InlineData(3, 2)]
    public void Richer_structures_fit_at_least_as_well(int dimension, int components) => Check(dimension, components, seeds: 3, firstSeed: 0);

    [Theory]
    [InlineData(2, 4)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    [Trait("Category", "Slow")]
    public void Richer_structures_fit_at_least_as_well_on_many_data(int dimension, int components) => Check(dimension, components, seeds: 12, firstSeed: 100);

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Richer_structures_fit_classic_data_at_least_as_well(int components)
    {
        AssertNested(ClassicData.Faithful, 2, components, seed: 1, "faithful");
        AssertNested(ClassicData.Iris, 4, components, seed: 1, "iris");
    }

    private static void Check(int dimension, int components, int seeds, int firstSeed)
    {
        for (int seed = firstSeed; seed < firstSeed + seeds; seed++)
            AssertNested(RandomMixtures.Rows(new Random(seed), 150, dimension), dimension, components, seed, $"seed {seed}");
    }

    private static void AssertNested(double[] rows, int dimension, int components, int seed, string name)
    {
        GaussianMixtureFit Fit(CovarianceType type) => GaussianMixtureLearner.Fit(rows, dimension, new GaussianMixtureEstimator.Options
        {
            NumberOfComponents = components,
            CovarianceType = type,
            StartFromSimplerTypes = true,
            Seed = seed,
            Initialization = GaussianMixtureInitialization.RandomRows,
            Tolerance = 1e-12,
            MaximumNumberOfIterations = 10_000,
        });
        (CovarianceType Type, string Letters, GaussianMixtureFit Fit)[] fits = [.. CovarianceTypes.All.Select(row => (row.Data, row.Data.ToLetters(2), Fit(row.Data)))];
        foreach ((_, string rich, GaussianMixtureFit fit) in fits.Where(fit => !fit.Fit.Summary.IsDegenerate))
        {
            foreach ((_, string simple, GaussianMixtureFit nested) in fits.Where(nested => !nested.Fit.Summary.IsDegenerate && IsNested(nested.Letters, rich)))
            {
                Assert.True(
                    fit.Summary.LogLikelihood >= nested.Summary.LogLikelihood - 1e-6,
                    $"{name}, D {dimension}, K {components}: {rich} ends at {fit.Summary.LogLikelihood:r}, {simple} nested in it at {nested.Summary.LogLikelihood:r}");
            }
        }
    }

    private static bool IsNested(string simple, string rich) => simple != rich && simple.Zip(rich).All(pair => "IEV".IndexOf(pair.First) <= "IEV".IndexOf(pair.Second));
}
