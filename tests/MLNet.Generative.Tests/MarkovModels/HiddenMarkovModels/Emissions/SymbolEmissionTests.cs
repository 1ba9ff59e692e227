using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Categorical and Bernoulli emissions.</summary>
public sealed class SymbolEmissionTests
{
    private static readonly double[,] B = { { 0.2, 0.4, 0.4 }, { 0, 0.75, 0.25 } };

    [Fact]
    public void The_log_likelihood_of_a_symbol_is_the_logarithm_of_its_probability()
    {
        var emission = new CategoricalEmission(B);
        Assert.Equal((EmissionType.Categorical, 2, 1, 3, 4), (emission.Type, emission.NumberOfStates, emission.Dimension, emission.NumberOfSymbols, emission.NumberOfParameters));
        for (int symbol = 0; symbol < 3; symbol++)
            Assert.Equal([Math.Log(B[0, symbol]), Math.Log(B[1, symbol])], EmissionCase.LogLikelihoods(emission, symbol));
        Assert.Equal(double.NegativeInfinity, EmissionCase.LogLikelihoods(emission, 0)[1]);
    }

    [Fact]
    public void Changing_what_emissions_were_made_of_or_gave_away_does_not_change_them()
    {
        var b = (double[,])B.Clone();
        var emission = new CategoricalEmission(b);
        b[0, 0] = 9;
        emission.Probabilities[0, 0] = 9;
        Assert.Equal(0.2, emission.Probabilities[0, 0]);
    }

    [Fact]
    public void Counts_become_probabilities_and_the_prior_adds_to_them()
    {
        var frames = new WeightedRows(new double[] { 0, 0, 2, 3, 2, 2 }, 1, default);
        var responsibilities = new double[3 * RowTile.Rows];
        double[] ofState = [1, 0.5, 0.25, 0, 0.25, 1];
        ofState.CopyTo(responsibilities, 0);
        foreach (double concentration in new[] { 1, 1.5 })
        {
            var learner = new CategoricalEmissionLearner(3, frames, 4, new HmmPrior { SymbolConcentration = concentration });
            HmmEmission start = learner.Start(frames, null, new Random(1));
            var learned = (CategoricalEmission)learner.Maximize(EmissionCase.Gather(learner, start, frames, responsibilities), start);
            double extra = concentration - 1, total = 3 + 4 * extra;
            Assert.Equal([(1.5 + extra) / total, extra / total, (1.5 + extra) / total, extra / total], learned.Probabilities.Row(0).AsArray(), (x, y) => Math.Abs(x - y) < 1e-15);
        }
    }

    [Fact]
    public void A_start_without_clusters_scatters_states_around_the_frequencies()
    {
        double[] symbols = [.. Enumerable.Range(0, 1000).Select(n => n % 10 == 0 ? 3.0 : n % 2)];
        var frames = new WeightedRows(symbols, 1, default);
        var learner = new CategoricalEmissionLearner(4, frames, 6, new HmmPrior());
        Assert.False(learner.CanStartFromClusters);
        var start = (CategoricalEmission)learner.Start(frames, null, new Random(2));
        for (int k = 0; k < 4; k++)
        {
            Assert.Equal(1, start.Probabilities.Row(k).Sum(), 1e-12);
            Assert.All(new[] { 0, 1, 3 }, symbol => Assert.True(start.Probabilities[k, symbol] > 0));
            Assert.All(new[] { 2, 4, 5 }, symbol => Assert.Equal(0, start.Probabilities[k, symbol]));
        }
        Assert.NotEqual(start.Probabilities.Row(0), start.Probabilities.Row(1));

        // A symbol that never occurs is possible under a prior, from the start.
        learner = new CategoricalEmissionLearner(4, frames, 6, new HmmPrior { SymbolConcentration = 2 });
        Assert.All(((CategoricalEmission)learner.Start(frames, null, new Random(2))).Probabilities.Enumerate(), p => Assert.True(p > 0));
    }

    [Fact]
    public void A_start_from_clusters_counts_them_and_one_frame_like_all()
    {
        var frames = new WeightedRows(new double[] { 0, 0, 1, 2 }, 1, default);
        var learner = new CategoricalEmissionLearner(2, frames, 3, new HmmPrior());
        var start = (CategoricalEmission)learner.Start(frames, [0, 0, 1, 1], new Random(1));
        Assert.Equal([2.5 / 3, 0.25 / 3, 0.25 / 3], start.Probabilities.Row(0).AsArray(), (x, y) => Math.Abs(x - y) < 1e-15);
        Assert.Equal([0.5 / 3, 1.25 / 3, 1.25 / 3], start.Probabilities.Row(1).AsArray(), (x, y) => Math.Abs(x - y) < 1e-15);
    }

    [Fact]
    public void Draws_have_the_probabilities_of_the_state()
    {
        var emission = new CategoricalEmission(B);
        var counts = new double[3];
        var frame = new double[1];
        var random = new Random(3);
        for (int n = 0; n < 40_000; n++)
        {
            emission.Sample(1, random, frame);
            counts[(int)frame[0]]++;
        }
        Assert.Equal(0, counts[0]);
        Assert.Equal(0.75, counts[1] / 40_000, 0.01);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(0.5)]
    public void What_is_no_symbol_is_refused(double value)
    {
        string message = Assert.Throws<ArgumentException>(() => EmissionCase.LogLikelihoods(new CategoricalEmission(B), value)).Message;
        Assert.StartsWith(FormattableString.Invariant($"Feature 0 is {value}, but the symbols are the whole numbers from 0 to 2."), message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_that_are_no_probabilities_are_refused()
    {
        Assert.StartsWith("Row 1 of probabilities sums to 0.75, not 1. Divide each", Refuse(new[,] { { 1, 0.0 }, { 0.5, 0.25 } }), StringComparison.Ordinal);
        Assert.StartsWith("Row 0 of probabilities contains -0.5 at place 1.", Refuse(new[,] { { 1.5, -0.5 } }), StringComparison.Ordinal);
        Assert.StartsWith("Row 0 of probabilities contains NaN at place 0.", Refuse(new[,] { { double.NaN, 1 } }), StringComparison.Ordinal);
        Assert.StartsWith("probabilities is 0 × 2.", Refuse(new double[0, 2]), StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>("probabilities", () => new CategoricalEmission((double[,])null!));

        Assert.StartsWith("Row 0 of b sums to 0.5", Assert.Throws<ArgumentException>("b", () => CategoricalEmission.Create(1, new[,] { { 0.5 } })).Message, StringComparison.Ordinal);
        Assert.StartsWith("b has 2 rows; the model has 3 states", Assert.Throws<ArgumentException>("b", () => CategoricalEmission.Create(3, B)).Message, StringComparison.Ordinal);

        static string Refuse(double[,] b) => Assert.Throws<ArgumentException>("probabilities", () => new CategoricalEmission(b)).Message;
    }

    [Fact]
    public void Bernoulli_values_are_independent_and_missing_ones_are_skipped()
    {
        var emission = new BernoulliEmission(new[,] { { 0.2, 0.9, 1e-300 }, { 0, 1, 0.5 } });
        Assert.Equal((EmissionType.Bernoulli, 6), (emission.Type, emission.NumberOfParameters));
        Assert.Equal([Math.Log(0.8) + Math.Log(0.9), Math.Log(0.5)], EmissionCase.LogLikelihoods(emission, 0, 1, 0), (x, y) => Math.Abs(x - y) < 1e-15);
        Assert.Equal([Math.Log(0.2), double.NegativeInfinity], EmissionCase.LogLikelihoods(emission, 1, double.NaN, double.NaN));
        Assert.Equal([Math.Log(1e-300), Math.Log(0.5)], EmissionCase.LogLikelihoods(emission, double.NaN, double.NaN, 1));

        double sum = 0;
        for (int bits = 0; bits < 8; bits++)
            sum += Math.Exp(EmissionCase.LogLikelihoods(emission, bits & 1, bits >> 1 & 1, bits >> 2)[0]);
        Assert.Equal(1, sum, 1e-14);
    }

    [Fact]
    public void Bernoulli_probabilities_of_certain_values_are_exact_and_the_prior_moves_them()
    {
        var frames = new WeightedRows(new double[] { 1, 0, 1, 0, 1, 0, 1, double.NaN }, 2, default);
        double[] responsibilities = EmissionCase.Responsibilities(new Random(5), 4);
        var learner = new BernoulliEmissionLearner(3, frames, new HmmPrior());
        HmmEmission start = learner.Start(frames, [0, 1, 2, 0], new Random(1));
        var learned = (BernoulliEmission)learner.Maximize(EmissionCase.Gather(learner, start, frames, responsibilities), start);
        Assert.Equal([1.0, 0.0], learned.Probabilities.Row(1).AsArray());

        learner = new BernoulliEmissionLearner(3, frames, new HmmPrior { SymbolConcentration = 3 });
        learned = (BernoulliEmission)learner.Maximize(EmissionCase.Gather(learner, start, frames, responsibilities), start);
        double weight = responsibilities[RowTile.Rows] + responsibilities[RowTile.Rows + 1] + responsibilities[RowTile.Rows + 2];
        Assert.Equal(2 / (weight + 4), learned.Probabilities[1, 1], 1e-15);
    }

    [Fact]
    public void Bernoulli_parameters_and_values_are_checked()
    {
        Assert.StartsWith("probabilities[1, 0] is 1.5; it must lie between 0 and 1.", Assert.Throws<ArgumentException>("probabilities", () => new BernoulliEmission(new[,] { { 1 }, { 1.5 } })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("b", () => BernoulliEmission.Create(1, new[,] { { double.NaN } }));
        var emission = new BernoulliEmission(new[,] { { 0.5, 0.5 } });
        Assert.StartsWith("Feature 1 is 0.5, but a Bernoulli value is 0 or 1.", Assert.Throws<ArgumentException>("frame", () => EmissionCase.LogLikelihoods(emission, 1, 0.5)).Message, StringComparison.Ordinal);
    }
}
