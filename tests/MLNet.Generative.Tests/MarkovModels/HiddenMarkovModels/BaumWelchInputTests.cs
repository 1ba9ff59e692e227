using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>Difficult and wrong sequences: they are learned from without a NaN, or refused with words that help.</summary>
public sealed class BaumWelchInputTests
{
    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void A_constant_feature_is_floored(CovarianceType type)
    {
        double[] steps = [.. RandomSequences.Draw(1, 3, 3, 9)[0].Chunk(3).SelectMany(step => new[] { 715, step[0], step[1], step[2] })];
        AssertFits([steps], 3, 4, type);
        AssertFits([steps[..16], steps[16..32], steps[32..]], 3, 4, type);
    }

    [Fact]
    public void Short_sequences_fit()
    {
        AssertFits(RandomSequences.Draw(2, 2, 2, 10, 8, 1), 2, 2);
        AssertFits(RandomSequences.Draw(2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1), 2, 1);
    }

    [Fact]
    public void Sequences_of_one_step_are_a_mixture()
    {
        double[][] data = RandomSequences.Draw(3, 2, 1, [.. Enumerable.Repeat(1, 300)]);
        HmmFit fit = HmmLearner.Fit(data, new HmmEstimator.Options { Tolerance = 1e-13, MaximumNumberOfIterations = 5000 });
        GaussianMixtureFit mixture = GaussianMixtureLearner.Fit(
            data.SelectMany(x => x).ToArray(), 1, new GaussianMixtureEstimator.Options { NumberOfComponents = 2, Tolerance = 1e-13, MaximumNumberOfIterations = 5000 });
        Assert.Equal(mixture.Summary.LogLikelihood, fit.Summary.LogLikelihood, 1e-5);
    }

    [Fact]
    public void Equal_steps_fit_or_are_refused_clearly()
    {
        double[][] data = [[.. Enumerable.Repeat(4.0, 10)], [4, 4]];
        AssertFits(data, 1, 1);
        HmmModel start = GaussianReferenceTests.OfOneFeature([.5, .5], new[,] { { .5, .5 }, { .5, .5 } }, [3, 5], [1, 1]);
        HmmFit fit = HmmLearner.Fit(data, new HmmEstimator.Options { InitialModel = start });
        Assert.True(double.IsFinite(fit.Summary.LogLikelihood));
        foreach (HmmInitialization initialization in Enum.GetValues<HmmInitialization>())
        {
            HmmFit? found = null;
            Exception? problem = Record.Exception(() => found = HmmLearner.Fit(data, new HmmEstimator.Options { NumberOfStates = 3, Initialization = initialization }));
            if (problem is not null)
                Assert.Contains("distinct", Assert.IsType<ArgumentException>(problem, exactMatch: false).Message, StringComparison.Ordinal);
            else
                Assert.All(RandomSequences.NumbersOf(found!.Model), number => Assert.True(double.IsFinite(number)));
        }
    }

    [Fact]
    public void Empty_sequences_are_left_out()
    {
        double[][] data = RandomSequences.Draw(4, 2, 2, 30, 12, 25);
        var options = new HmmEstimator.Options { MaximumNumberOfIterations = 5 };
        HmmFit with = HmmLearner.Fit([[], data[0], [], data[1], data[2], []], options, 2, [1, 2, 1, 3, 1, 1]);
        HmmFit without = HmmLearner.Fit(data, options, 2, [2, 3, 1]);
        Assert.Equal(RandomSequences.NumbersOf(without.Model), RandomSequences.NumbersOf(with.Model));
        Assert.Equal(without.Summary.LogLikelihood, with.Summary.LogLikelihood);
    }

    [Fact]
    public void Steps_far_from_the_initial_model_do_not_underflow()
    {
        // Log-likelihoods of about -1e8 in both states.
        HmmModel start = GaussianReferenceTests.OfOneFeature([.5, .5], new[,] { { .9, .1 }, { .1, .9 } }, [0, 1], [1, 1]);
        double[][] data = [[.. Enumerable.Range(0, 100).Select(t => 14142.0 + t % 7 + (t < 50 ? 0 : 10))]];
        HmmFit fit = HmmLearner.Fit(data, new HmmEstimator.Options { InitialModel = start });
        Assert.True(double.IsFinite(fit.Summary.LogLikelihood));
        Assert.All(RandomSequences.NumbersOf(fit.Model), number => Assert.True(double.IsFinite(number)));
        Assert.True(fit.Summary.LogLikelihoodTrace.Zip(fit.Summary.LogLikelihoodTrace.Skip(1)).All(pair => pair.Second >= pair.First - 1e-9 * Math.Abs(pair.First)));
    }

    [Fact]
    public void Wrong_sequences_are_refused()
    {
        var two = new HmmEstimator.Options();
        Assert.Throws<ArgumentNullException>(() => HmmLearner.Fit(null!, two));
        Assert.Throws<ArgumentNullException>(() => HmmLearner.Fit([[1, 2]], null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => HmmLearner.Fit([[1, 2]], two, 0));
        AssertRefused("no sequences", []);
        AssertRefused("All 2 sequences are empty", [[], []]);
        AssertRefused("Sequence 1 is null", [[1, 2, 3], null!]);
        AssertRefused("Sequence 1 has 3 numbers, which is no multiple of the 2 values", [[1, 2], [1, 2, 3]], dimension: 2);
        AssertRefused("Sequence 1, step 2: Feature 0 is missing (NaN)", [[1, 2, 3], [4, 5, double.NaN]]);
        AssertRefused("Sequence 2, step 1: Feature 1 is ", [[1, 2], [], [4, 5, 4, double.PositiveInfinity]], dimension: 2);
        AssertRefused("steps in all; 5 states need at least as many", [[1, 2], [3]], new HmmEstimator.Options { NumberOfStates = 5 });
    }

    [Fact]
    public void Wrong_weights_are_refused()
    {
        foreach (double weight in new[] { -1, double.NaN, double.PositiveInfinity })
            Assert.Contains("weight of sequence 1", Assert.Throws<ArgumentException>(() => HmmLearner.Fit([[1, 2], [3, 4]], new HmmEstimator.Options(), 1, [1, weight])).Message, StringComparison.Ordinal);
        Assert.Contains("2 sequences but 1 weights", Assert.Throws<ArgumentException>(() => HmmLearner.Fit([[1, 2], [3, 4]], new HmmEstimator.Options(), 1, [1])).Message, StringComparison.Ordinal);
        Assert.Contains("weight 0", Assert.Throws<ArgumentException>(() => HmmLearner.Fit([[1, 2], [3, 4]], new HmmEstimator.Options(), 1, [0, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("2 steps in all", Assert.Throws<ArgumentException>(() => HmmLearner.Fit([[1, 2], [3, 4]], new HmmEstimator.Options { NumberOfStates = 3 }, 1, [1, 0])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_initial_model_that_does_not_fit_is_refused()
    {
        HmmModel start = RandomSequences.Model(new Random(1), 3, 2);
        AssertRefused("InitialModel has 3 states", [[1, 2]], new HmmEstimator.Options { InitialModel = start, NumberOfStates = 4 });
        AssertRefused("InitialModel has Gaussian emissions", [[1, 2]], new HmmEstimator.Options { InitialModel = start, Emission = EmissionType.Poisson });
        AssertRefused("InitialModel emits 2 values per step; the sequences have 1", [[1, 2, 3, 4]], new HmmEstimator.Options { InitialModel = start });
        HmmModel four = HmmModel.Categorical([1], new[,] { { 1.0 } }, new[,] { { .25, .25, .25, .25 } });
        AssertRefused("NumberOfSymbols is 5, but InitialModel has 4 symbols", [[0, 1, 3]], new HmmEstimator.Options { InitialModel = four, NumberOfStates = 1, NumberOfSymbols = 5 });
        AssertRefused("Sequence 1, step 1: Feature 0 is 4", [[0, 1, 3], [0, 4]], new HmmEstimator.Options { InitialModel = four, NumberOfStates = 1 });
        AssertRefused("Sequence 0, step 2: Feature 0 is 3", [[0, 1, 3]], new HmmEstimator.Options { Emission = EmissionType.Categorical, NumberOfSymbols = 3 });
        HmmModel wide = HmmModel.Product([1], new[,] { { 1.0 } }, new PoissonEmission(new[,] { { 1.0, 2 } }));
        AssertRefused("part with Poisson emissions of 2 values", [[1, 2]], new HmmEstimator.Options { InitialModel = wide, NumberOfStates = 1 }, 2);
        HmmModel mixed = HmmModel.Product([1], new[,] { { 1.0 } }, new PoissonEmission(new[,] { { 1.0 } }), new BernoulliEmission(new[,] { { .5 } }));
        AssertRefused(
            "FeatureEmissions names Poisson, Poisson, but InitialModel has Poisson, Bernoulli",
            [[1, 1]],
            new HmmEstimator.Options { InitialModel = mixed, NumberOfStates = 1, Emission = EmissionType.Product, FeatureEmissions = [EmissionType.Poisson, EmissionType.Poisson] },
            2);
        HmmModel narrow = HmmModel.Categorical([.5, .5], new[,] { { .5, .5 }, { .5, .5 } }, new[,] { { .5, .5, 0 }, { .5, .5, 0 } });
        AssertRefused("Sequence 1 has probability 0 under the initial model", [[0, 1, 1], [1, 2]], new HmmEstimator.Options { InitialModel = narrow });
    }

    [Fact]
    public void Parts_of_an_initial_model_have_as_many_components_and_symbols_as_they_like()
    {
        GaussianMixtureModel three = RandomMixtures.Model(new Random(1), 3, 1), four = RandomMixtures.Model(new Random(2), 4, 1);
        HmmModel start = HmmModel.Product(
            [1], new[,] { { 1.0 } }, new GaussianMixtureEmission([three]), new GaussianMixtureEmission([four]), new CategoricalEmission(new[,] { { .4, .3, .2, .1 } }));
        double[] sequence = start.Sample(100, new Random(3)).Sequence;
        HmmFit fit = HmmLearner.Fit([sequence], new HmmEstimator.Options { InitialModel = start, NumberOfStates = 1, MaximumNumberOfIterations = 3 }, 3);
        Assert.Equal(start.LogLikelihood(sequence), fit.Summary.LogLikelihoodTrace[0], 1e-8);
        Assert.True(fit.Summary.LogLikelihood > fit.Summary.LogLikelihoodTrace[0]);
        Assert.Equal(start.NumberOfParameters, fit.Model.NumberOfParameters);
    }

    [Fact]
    public void Another_number_of_trials_than_the_initial_model_has_is_learned_or_refused_clearly()
    {
        HmmModel start = HmmModel.Multinomial([.5, .5], new[,] { { .5, .5 }, { .5, .5 } }, new[,] { { .6, .4 }, { .3, .7 } }, 5);
        HmmFit? fit = null;
        Exception? problem = Record.Exception(() => fit = HmmLearner.Fit([[1, 2, 2, 1, 0, 3]], new HmmEstimator.Options { InitialModel = start }, 2));
        if (problem is null)
            Assert.Equal(fit!.Model.LogLikelihood([1, 2, 2, 1, 0, 3]), fit.Summary.LogLikelihood, 1e-9);
        else
            Assert.Contains("trials", Assert.IsType<ArgumentException>(problem, exactMatch: false).Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(string message, double[][] sequences, HmmEstimator.Options? options = null, int dimension = 1) =>
        Assert.Contains(
            message,
            Assert.ThrowsAny<ArgumentException>(() => HmmLearner.Fit(sequences, options ?? new HmmEstimator.Options(), dimension)).Message,
            StringComparison.Ordinal);

    private static void AssertFits(double[][] data, int states, int dimension, CovarianceType type = CovarianceType.Full)
    {
        HmmFit fit = HmmLearner.Fit(data, new HmmEstimator.Options { NumberOfStates = states, CovarianceType = type }, dimension);
        Assert.True(double.IsFinite(fit.Summary.LogLikelihood));
        Assert.All(RandomSequences.NumbersOf(fit.Model), number => Assert.True(double.IsFinite(number)));
        Assert.All(data, sequence => Assert.True(double.IsFinite(fit.Model.LogLikelihood(sequence))));
        Assert.All(data, sequence => Assert.DoesNotContain(fit.Model.Posterior(sequence).ToRowMajorArray(), double.IsNaN));
        Assert.DoesNotContain(fit.Summary.Notes, note => note.Contains("fell", StringComparison.Ordinal));
    }
}
