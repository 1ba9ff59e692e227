using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>Options that say something else than the model to start from, or nothing where it says enough.</summary>
public sealed class InitialModelTests
{
    private static readonly double[] Pi = [.5, .5];
    private static readonly double[,] A = { { .6, .4 }, { .3, .7 } };
    private static readonly double[] Mixed = [.1, 1, 2.2, 3, 1.5, 2, .3, 0, 2.1, 4, 1.1, 1, 2.9, 2, 3.3, 1, 0, 0];

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Another_number_of_symbols_is_an_error(int symbols)
    {
        var model = HmmModel.Categorical(Pi, A, new[,] { { .2, .3, .5 }, { .5, .3, .2 } });
        ArgumentException error = Assert.Throws<ArgumentOutOfRangeException>(
            () => HmmLearner.Fit([[0, 1, 1, 0, 1]], new HmmEstimator.Options { InitialModel = model, NumberOfSymbols = symbols }));
        Assert.Contains($"NumberOfSymbols is {symbols}, but InitialModel has 3 symbols", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_families_of_features_are_an_error()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => HmmLearner.Fit([Mixed], new HmmEstimator.Options { InitialModel = Product(), FeatureEmissions = [EmissionType.Gaussian, EmissionType.Poisson] }, 2));
        Assert.Contains("InitialModel has GaussianMixture, Poisson", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_several_features_is_an_error()
    {
        Matrix<double> identity = Matrix<double>.Build.DenseIdentity(2);
        Vector<double> zero = Vector<double>.Build.Dense(2);
        var model = HmmModel.Product(Pi, A, new GaussianEmission([zero, zero + 1], [identity, identity]));
        foreach (EmissionType[]? families in new[] { null, new[] { EmissionType.Gaussian, EmissionType.Gaussian } })
        {
            ArgumentException error = Assert.Throws<ArgumentException>(
                () => HmmLearner.Fit([Mixed], new HmmEstimator.Options { InitialModel = model, FeatureEmissions = families }, 2));
            Assert.Contains("a part with Gaussian emissions of 2 values", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Mixtures_in_a_product_keep_their_own_numbers_of_components()
    {
        HmmFit fit = HmmLearner.Fit([Mixed], new HmmEstimator.Options { InitialModel = Product(), MaximumNumberOfIterations = 5 }, 2);
        var mixtures = (GaussianMixtureEmission)((ProductEmission)fit.Model.Emissions).Parts[0];
        Assert.Equal(3, mixtures.NumberOfComponents);
        Assert.True(fit.Summary.LogLikelihood > fit.Summary.LogLikelihoodTrace[0]);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(3, 0)]
    [InlineData(3, 5)]
    public void With_a_tied_covariance_and_a_prior_a_state_that_is_never_visited_does_not_let_the_objective_fall(double meanStrength, double covarianceStrength)
    {
        Matrix<double> identity = Matrix<double>.Build.DenseIdentity(2);
        var model = HmmModel.Gaussian(
            [.5, .5, 0],
            new[,] { { .6, .4, 0 }, { .3, .7, 0 }, { .2, .3, .5 } },
            [Vector<double>.Build.Dense([0.0, 0]), Vector<double>.Build.Dense([1.0, 2]), Vector<double>.Build.Dense([9.0, -9])],
            [identity, identity, identity]);
        var random = new Random(1);
        double[] sequence = [.. Enumerable.Range(0, 200).Select(i => random.NextDouble() + i / 20 % 2 * 3 + i % 2 * 10 * random.NextDouble())];
        FitSummary summary = HmmLearner.Fit([sequence], new HmmEstimator.Options
        {
            InitialModel = model,
            CovarianceType = CovarianceType.Tied,
            Prior = new HmmPrior { MeanStrength = meanStrength, CovarianceStrength = covarianceStrength },
        }, 2).Summary;
        Assert.DoesNotContain(summary.Notes, note => note.Contains("fell", StringComparison.Ordinal));
    }

    [Fact]
    public void A_state_that_is_never_visited_has_the_mode_of_the_prior()
    {
        double[] pi = [1, 0];
        double[,] a = { { 1, 0 }, { 0, 1 } };
        double[] bits = [0, 1, 1, 0, 0, 1];
        HmmFit bernoulli = Fit(HmmModel.Bernoulli(pi, a, new[,] { { .3 }, { 0 } }), new HmmPrior { SymbolConcentration = 2 });
        Assert.Equal(.5, ((BernoulliEmission)bernoulli.Model.Emissions).Probabilities[1, 0], 1e-15);
        HmmFit categorical = Fit(HmmModel.Categorical(pi, a, new[,] { { .3, .7 }, { 0, 1 } }), new HmmPrior { SymbolConcentration = 2 });
        Assert.Equal(.5, ((CategoricalEmission)categorical.Model.Emissions).Probabilities[1, 0], 1e-15);
        HmmFit poisson = Fit(HmmModel.Poisson(pi, a, [.3, 0]), new HmmPrior { RateShape = 2, RateInverseScale = 4 });
        Assert.Equal(.25, ((PoissonEmission)poisson.Model.Emissions).Rates[1, 0], 1e-9);
        Vector<double> nine = Vector<double>.Build.Dense(1, 9);
        Matrix<double> one = Matrix<double>.Build.DenseIdentity(1);
        HmmFit gaussian = Fit(HmmModel.Gaussian(pi, a, [nine / 9, nine], [one, one]), new HmmPrior { MeanStrength = 1, CovarianceStrength = 1 });
        Assert.Equal(.5, ((GaussianEmission)gaussian.Model.Emissions).Means[1][0], 1e-8);
        Assert.Equal(.25, ((GaussianEmission)gaussian.Model.Emissions).Covariances[1][0, 0], 1e-8);

        HmmFit Fit(HmmModel start, HmmPrior prior)
        {
            HmmFit fit = HmmLearner.Fit([bits], new HmmEstimator.Options { InitialModel = start, Prior = prior });
            Assert.True(fit.Summary.HasConverged);
            return fit;
        }
    }

    private static HmmModel Product() => HmmModel.Product(Pi, A, new GaussianMixtureEmission([Mixture(0), Mixture(1)]), new PoissonEmission([1.0, 2]));

    private static GaussianMixtureModel Mixture(double mean)
    {
        Matrix<double> one = Matrix<double>.Build.DenseIdentity(1);
        return new([.3, .3, .4], [.. new[] { mean, mean + 1, mean + 2 }.Select(value => Vector<double>.Build.Dense([value]))], [one, one, one]);
    }
}
