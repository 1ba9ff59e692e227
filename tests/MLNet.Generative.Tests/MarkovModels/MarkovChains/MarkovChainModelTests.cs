using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels.MarkovChains;

public sealed class MarkovChainModelTests
{
    // Rain, cloudy, sunny: Rabiner 1989, section II.
    private static readonly double[,] Weather = { { .4, .3, .3 }, { .2, .6, .2 }, { .1, .1, .8 } };

    [Fact]
    public void Weather_of_Rabiner_has_its_published_numbers()
    {
        var model = new MarkovChainModel([0, 0, 1], Weather);

        Assert.Equal(1.536e-4, Math.Exp(model.LogLikelihood([2, 2, 2, 0, 0, 2, 1, 2])), 1e-15);
        Assert.Equal(Math.Log(1.536e-4), model.ConditionalLogLikelihood([2, 2, 2, 0, 0, 2, 1, 2]), 1e-12);
        Assert.Equal(5.0 / 3, model.MeanDuration(0), 1e-12);
        Assert.Equal(2.5, model.MeanDuration(1), 1e-12);
        Assert.Equal(5, model.MeanDuration(2), 1e-12);
        AssertEqual([2.0 / 11, 3.0 / 11, 6.0 / 11], model.StationaryDistribution(), 1e-15);
    }

    [Fact]
    public void Parameters_are_given_back()
    {
        var model = new MarkovChainModel([.2, .3, .5], Weather);

        Assert.Equal(1, model.Order);
        Assert.Equal(3, model.NumberOfSymbols);
        Assert.Equal(6, model.NumberOfParameters);
        Assert.True((model.Transitions - Matrix<double>.Build.DenseOfArray(Weather)).FrobeniusNorm() < 1e-15);
        AssertEqual([.2, .3, .5], model.Predict([]), 1e-15);
        AssertEqual([.2, .6, .2], model.Predict([0, 2, 2, 1]), 1e-15);
        Assert.Equal(9, model.Counts.Count());
        Assert.Equal("Markov chain of order 1 over 3 symbols, 3 histories and 9 transitions seen", model.ToString());
    }

    [Fact]
    public void Model_cannot_be_changed_from_outside()
    {
        double[] initial = [1, 0, 0];
        double[,] transitions = (double[,])Weather.Clone();
        var model = new MarkovChainModel(initial, transitions);
        initial[0] = 0;
        transitions[0, 0] = 7;
        model.Transitions[0, 0] = 7;
        model.StationaryDistribution()[0] = 7;

        AssertEqual([1, 0, 0], model.Predict([]), 0);
        AssertEqual([.4, .3, .3], model.Predict([0]), 1e-15);
        Assert.Equal(.4, model.Transitions[0, 0], 1e-15);
        Assert.Equal(2.0 / 11, model.StationaryDistribution()[0], 1e-15);
    }

    [Fact]
    public void Wrong_parameters_are_explained()
    {
        Throws("initial is empty", () => new MarkovChainModel([], new double[0, 0]));
        Throws("transitions is 3 × 3; it needs a row and a column for each of the 2", () => new MarkovChainModel([.5, .5], Weather));
        Throws("transitions is 2 × 3; it needs a row and a column for each of the 2", () => new MarkovChainModel([.5, .5], new[,] { { .5, .5, 0 }, { .5, .5, 0 } }));
        Throws("initial sums to 0.9", () => new MarkovChainModel([.2, .3, .4], Weather));
        Throws("initial contains -1", () => new MarkovChainModel([-1, 1, 1], Weather));
        Throws("Row 1 of transitions sums to 1.5", () => new MarkovChainModel([.5, .5], new[,] { { .5, .5 }, { .5, 1 } }));
        Throws("Row 1 of transitions contains NaN", () => new MarkovChainModel([.5, .5], new[,] { { .5, .5 }, { .5, double.NaN } }));
        Assert.Throws<ArgumentNullException>(() => new MarkovChainModel(null!, Weather));
        Assert.Throws<ArgumentNullException>(() => new MarkovChainModel([1], null!));
    }

    [Fact]
    public void Wrong_arguments_are_explained()
    {
        var model = new MarkovChainModel([.2, .3, .5], Weather);

        Throws("Symbol 3 at step 1 is outside the alphabet, 0 to 2", () => model.LogLikelihood([0, 3]));
        Throws("Symbol -1 at step 0", () => model.ConditionalLogLikelihood([-1, 0]));
        Throws("Symbol 9 at step 0", () => model.Predict([9, 0, 0]));
        Throws("room for 2 probabilities; the chain has 3", () => model.Predict([0], new double[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.MeanDuration(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Sample(-1, new Random(1)));
        Assert.Throws<ArgumentNullException>(() => model.Sample(1, null!));
        MarkovChainModel second = MarkovChainLearner.Fit([[0, 1, 1, 0]], new MarkovChainEstimator.Options { Order = 2 }).Model;
        Assert.Contains("order 2 has no matrix", Assert.Throws<InvalidOperationException>(() => second.Transitions).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_sequence_has_log_likelihood_0_and_short_ones_no_conditional_part()
    {
        MarkovChainModel model = MarkovChainLearner.Fit([[0, 1, 1, 0, 2]], new MarkovChainEstimator.Options { Order = 3 }).Model;

        Assert.Equal(0, model.LogLikelihood([]));
        Assert.Equal(0, model.ConditionalLogLikelihood([2, 2, 2]));
        Assert.Equal(double.NegativeInfinity, model.ConditionalLogLikelihood([2, 2, 2, 2]));
    }

    [Fact]
    public void Draws_have_the_frequencies_that_Predict_promises()
    {
        MarkovChainModel[] models =
        [
            new([.2, .3, .5], Weather),
            MarkovChainLearner.Fit([[0, 1, 2, 0, 2, 1, 1, 0, 2, 2, 1, 0, 1]], new MarkovChainEstimator.Options { Order = 2, Smoothing = 0.5 }).Model,
            MarkovChainLearner.Fit([[0, 1, 2, 0, 2, 1, 1, 0, 2, 2]], new MarkovChainEstimator.Options { Order = 3, BackOff = true }).Model,
            MarkovChainLearner.Fit([[0, 1, 2, 0, 2]], new MarkovChainEstimator.Options { Order = 0 }).Model,
        ];
        foreach (MarkovChainModel model in models)
        {
            var random = new Random(3);
            int[][] draws = [.. Enumerable.Range(0, 20_000).Select(_ => model.Sample(6, random))];
            for (int t = 0; t < 6; t++)
            {
                foreach (IGrouping<string, int[]> group in draws.GroupBy(draw => string.Join(',', draw.Take(t))).Where(group => group.Count() > 500))
                {
                    double[] expected = model.Predict(group.First().AsSpan(0, t));
                    for (int symbol = 0; symbol < 3; symbol++)
                    {
                        double found = group.Count(draw => draw[t] == symbol) / (double)group.Count();
                        double deviation = Math.Sqrt(expected[symbol] * (1 - expected[symbol]) / group.Count());
                        Assert.InRange(found, expected[symbol] - 4.5 * deviation, expected[symbol] + 4.5 * deviation);
                    }
                }
            }
        }
    }

    [Fact]
    public void Same_state_of_the_generator_gives_the_same_draw()
    {
        var model = new MarkovChainModel([.2, .3, .5], Weather);
        Assert.Equal(model.Sample(100, new Random(5)), model.Sample(100, new Random(5)));
        Assert.Empty(model.Sample(0, new Random(5)));
    }

    [Fact]
    public void Draws_never_stop_at_a_history_without_a_successor()
    {
        MarkovChainModel model = MarkovChainLearner.Fit([[0, 1, 2]], new MarkovChainEstimator.Options { Order = 2, NumberOfSymbols = 4 }).Model;
        int[] drawn = model.Sample(1000, new Random(1));
        Assert.Equal([0, 1, 2], drawn[..3]);
        Assert.Equal(4, drawn.Distinct().Count());
        AssertEqual([.25, .25, .25, .25], model.Predict([0, 1, 2]), 0);
    }

    private static void AssertEqual(double[] expected, double[] found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], tolerance);
    }

    private static void Throws(string message, Func<object> action) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);

    private static void Throws(string message, Action action) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);
}
