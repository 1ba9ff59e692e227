using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>The share of time in each state, where chains hardly ever leave states.</summary>
public sealed class LongRunOfStatesTests
{
    [Theory]
    [InlineData(.5)]
    [InlineData(1e-9)]
    [InlineData(1e-12)]
    [InlineData(1e-20)]
    [InlineData(1e-200)]
    public void Ends_are_weighed_exactly_however_long_the_chain_takes_to_reach_them(double leaving)
    {
        var a = new[,] { { 1 - leaving, leaving / 4, leaving * .75 }, { 0, 1, 0 }, { 0, 0, 1 } };
        AssertShares([0, .25, .75], HmmModel.Categorical([1, 0, 0], a, new double[,] { { 1 }, { 1 }, { 1 } }).StationaryDistribution());
        AssertShares([0, .25, .75], new MarkovChainModel([1, 0, 0], a).StationaryDistribution());
    }

    [Fact]
    public void A_state_that_is_hardly_ever_left_counts_as_much_as_one_that_is_left_at_once()
    {
        var a = new[,] { { 1 - 1e-9, 0, 1e-9, 0 }, { 0, 0, 0, 1 }, { 0, 0, 1, 0 }, { 0, 0, 0, 1 } };
        AssertShares([0, 0, .5, .5], HmmModel.Categorical([.5, .5, 0, 0], a, new double[,] { { 1 }, { 1 }, { 1 }, { 1 } }).StationaryDistribution());
        AssertShares([0, 0, .5, .5], new MarkovChainModel([.5, .5, 0, 0], a).StationaryDistribution());
    }

    [Fact]
    public void Products_of_transitions_may_vanish()
    {
        // A cycle 0 → 2 → 1 → 0, and 0 → 1 → 2 to two ends, with ways out of which two in a row are no double.
        const double e = 1e-200;
        double[,] cycle = { { 1 - e, 0, e }, { e, 1 - e, 0 }, { 0, e, 1 - e } };
        AssertShares([1.0 / 3, 1.0 / 3, 1.0 / 3], new MarkovChainModel([1, 0, 0], cycle).StationaryDistribution());
        double[,] ends = { { 1, e, 0, 0, 0 }, { e, 1, e, 0, 0 }, { 0, e, 1, e / 4, e * .75 }, { 0, 0, 0, 1, 0 }, { 0, 0, 0, 0, 1 } };
        AssertShares([0, 0, 0, .25, .75], new MarkovChainModel([1, 0, 0, 0, 0], ends).StationaryDistribution());
    }

    [Fact]
    public void A_fitted_model_with_more_states_than_it_needs_has_shares_that_are_probabilities()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            double[] sequence = [.. Enumerable.Range(0, 25).Select(_ => (double)random.Next(4))];
            HmmModel model = HmmLearner.Fit([sequence], new HmmEstimator.Options { Emission = EmissionType.Poisson, NumberOfStates = 12, NumberOfInitializations = 2, Seed = seed }).Model;
            double[] shares = model.StationaryDistribution();
            Assert.All(shares, share => Assert.InRange(share, 0, 1));
            Assert.Equal(1, shares.Sum(), 1e-12);
        }
    }

    private static void AssertShares(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int k = 0; k < expected.Length; k++)
            Assert.Equal(expected[k], found[k], 1e-13);
    }
}
