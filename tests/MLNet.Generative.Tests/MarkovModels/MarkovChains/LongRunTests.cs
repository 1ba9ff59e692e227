using CsCheck;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels.MarkovChains;

/// <summary>The distribution in the long run, against a plain simulation of probabilities.</summary>
public sealed class LongRunTests
{
    [Fact]
    public void Stationary_distribution_is_what_many_steps_lead_to() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2].Array[8, 40], Gen.Bool, Gen.Bool).Sample((order, sequence, smooth, backOff) =>
        {
            MarkovChainModel model = MarkovChainLearner.Fit([sequence], new MarkovChainEstimator.Options
            {
                Order = order,
                NumberOfSymbols = 3,
                Smoothing = smooth ? 0.5 : 0,
                BackOff = backOff,
            }).Model;
            double[] stationary = model.StationaryDistribution();
            double[] simulated = TimeAverage(model, 20_000);
            Assert.Equal(1, stationary.Sum(), 1e-12);
            for (int s = 0; s < 3; s++)
                Assert.Equal(simulated[s], stationary[s], 1e-3);
        }, iter: 60);

    [Fact]
    public void Stationary_distribution_of_order_1_solves_its_equation() =>
        Gen.Double[0.01, 1].Array[7 * 7].Sample(entries =>
        {
            var transitions = new double[7, 7];
            for (int i = 0; i < 7; i++)
            {
                double sum = entries.AsSpan(7 * i, 7).ToArray().Sum();
                for (int j = 0; j < 7; j++)
                    transitions[i, j] = entries[7 * i + j] / sum;
            }
            double[] stationary = new MarkovChainModel([1, 0, 0, 0, 0, 0, 0], transitions).StationaryDistribution();
            for (int j = 0; j < 7; j++)
                Assert.Equal(stationary[j], Enumerable.Range(0, 7).Sum(i => stationary[i] * transitions[i, j]), 1e-15);
        }, iter: 200);

    [Fact]
    public void Nearly_separate_parts_are_weighed_exactly()
    {
        // Left with probability 1e-13 and 2e-13: a solution that subtracts loses most of its digits.
        var model = new MarkovChainModel([1, 0], new[,] { { 1 - 1e-13, 1e-13 }, { 2e-13, 1 - 2e-13 } });
        Assert.Equal(2.0 / 3, model.StationaryDistribution()[0], 1e-12);
    }

    [Fact]
    public void A_cycle_has_the_average_over_time()
    {
        var model = new MarkovChainModel([1, 0, 0], new double[,] { { 0, 1, 0 }, { 0, 0, 1 }, { 1, 0, 0 } });
        Assert.All(model.StationaryDistribution(), share => Assert.Equal(1.0 / 3, share, 1e-15));
    }

    [Fact]
    public void Ends_are_weighed_by_the_probability_of_reaching_them_from_the_start()
    {
        // From 0 to the absorbing 1 with .2, into the cycle of 2 and 3 with .6; sequences start at 0 or 1.
        double[,] transitions = { { .2, .2, .6, 0 }, { 0, 1, 0, 0 }, { 0, 0, 0, 1 }, { 0, 0, 1, 0 } };
        double[] stationary = new MarkovChainModel([.8, .2, 0, 0], transitions).StationaryDistribution();
        Assert.Equal(0, stationary[0]);
        Assert.Equal(.2 + .8 * .25, stationary[1], 1e-12);
        Assert.Equal(.8 * .75 / 2, stationary[2], 1e-12);
        Assert.Equal(.8 * .75 / 2, stationary[3], 1e-12);
        Assert.Equal(double.PositiveInfinity, new MarkovChainModel([.8, .2, 0, 0], transitions).MeanDuration(1));
    }

    [Fact]
    public void Symbols_that_are_never_reached_have_share_0()
    {
        var model = new MarkovChainModel([1, 0, 0], new[,] { { .5, .5, 0 }, { .5, .5, 0 }, { .5, 0, .5 } });
        Assert.Equal([.5, .5, 0], model.StationaryDistribution());
    }

    [Fact]
    public void A_long_ring_is_solved_by_steps()
    {
        const int count = 1500;
        var transitions = new double[count, count];
        var initial = new double[count];
        initial[0] = 1;
        for (int i = 0; i < count; i++)
        {
            // Jumps to anywhere make it forget quickly; the step on makes shares unequal.
            for (int j = 0; j < count; j++)
                transitions[i, j] = 0.5 / count;
            transitions[i, i % 2 == 0 ? i + 1 : 0] += 0.5;
        }
        double[] stationary = new MarkovChainModel(initial, transitions).StationaryDistribution();
        Assert.Equal(1, stationary.Sum(), 1e-12);
        for (int j = 0; j < count; j++)
            Assert.Equal(stationary[j], Enumerable.Range(0, count).Sum(i => stationary[i] * transitions[i, j]), 1e-13);
    }

    [Fact]
    public void Durations_of_higher_orders_are_those_of_long_draws()
    {
        MarkovChainModel model = MarkovChainLearner.Fit([[0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 0, 0]], new MarkovChainEstimator.Options { Order = 3, Smoothing = 0.1 }).Model;
        int[] drawn = model.Sample(200_000, new Random(1));
        for (int symbol = 0; symbol < 2; symbol++)
        {
            int runs = Enumerable.Range(1, drawn.Length - 1).Count(t => drawn[t - 1] == symbol && drawn[t] != symbol);
            Assert.Equal(drawn.Count(s => s == symbol) / (double)runs, model.MeanDuration(symbol), 0.05);
        }
        MarkovChainModel independent = MarkovChainLearner.Fit([[0, 0, 0, 1]], new MarkovChainEstimator.Options { Order = 0 }).Model;
        Assert.Equal(4, independent.MeanDuration(0), 1e-12);
        Assert.Equal([.75, .25], independent.StationaryDistribution());
    }

    [Fact]
    public void Too_many_histories_are_refused()
    {
        MarkovChainModel model = MarkovChainLearner.Fit([[0, 1, 2, 3, 255]], new MarkovChainEstimator.Options { Order = 4, Smoothing = 1 }).Model;
        Assert.Contains("Lower the order", Assert.Throws<InvalidOperationException>(() => model.StationaryDistribution()).Message, StringComparison.Ordinal);
    }

    // Probabilities pushed from history to history, averaged over the second half of the time.
    private static double[] TimeAverage(MarkovChainModel model, int steps)
    {
        var average = new double[model.NumberOfSymbols];
        var current = new Dictionary<string, double> { [""] = 1 };
        for (int t = 0; t < steps; t++)
        {
            var next = new Dictionary<string, double>();
            foreach ((string history, double probability) in current)
            {
                double[] symbols = model.Predict([.. history.Select(letter => letter - '0')]);
                for (int s = 0; s < symbols.Length; s++)
                {
                    if (symbols[s] == 0)
                        continue;
                    string longer = history + (char)('0' + s);
                    longer = longer[Math.Max(0, longer.Length - model.Order)..];
                    next[longer] = next.GetValueOrDefault(longer) + probability * symbols[s];
                    if (2 * t >= steps)
                        average[s] += probability * symbols[s] / (steps - steps / 2);
                }
            }
            current = next;
        }
        return average;
    }
}
