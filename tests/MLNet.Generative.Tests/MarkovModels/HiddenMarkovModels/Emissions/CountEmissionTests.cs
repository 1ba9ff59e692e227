using CsCheck;
using Xunit;
using Reference = MathNet.Numerics.Distributions;

namespace MLNet.Generative.Tests;

/// <summary>Poisson and multinomial emissions.</summary>
public sealed class CountEmissionTests
{
    [Fact]
    public void Poisson_counts_are_independent_and_missing_ones_are_skipped()
    {
        Gen.Select(Gen.Double[0.01, 300].Array[4], Gen.Int[0, 400], Gen.Int[0, 400]).Sample((rates, a, b) =>
        {
            var emission = new PoissonEmission(new[,] { { rates[0], rates[1] }, { rates[2], rates[3] } });
            for (int k = 0; k < 2; k++)
            {
                double first = new Reference.Poisson(rates[2 * k]).ProbabilityLn(a), second = new Reference.Poisson(rates[2 * k + 1]).ProbabilityLn(b);
                Assert.Equal(first + second, EmissionCase.LogLikelihoods(emission, a, b)[k], 1e-11 * (1 + Math.Abs(first + second)));
                Assert.Equal(second, EmissionCase.LogLikelihoods(emission, double.NaN, b)[k], 1e-11 * (1 + Math.Abs(second)));
            }
        }, iter: 300);
    }

    [Fact]
    public void Rates_are_weighted_means_and_the_prior_moves_them()
    {
        var frames = new WeightedRows(new double[] { 3, 0, 1e15, 0, 7, double.NaN }, 2, default);
        double[] responsibilities = EmissionCase.Responsibilities(new Random(1), 3);
        foreach ((double shape, double inverseScale) in new[] { (1.0, 0.0), (2.5, 0.5) })
        {
            var learner = new PoissonEmissionLearner(3, frames, new HmmPrior { RateShape = shape, RateInverseScale = inverseScale });
            HmmEmission start = learner.Start(frames, [0, 1, 2], new Random(1));
            var learned = (PoissonEmission)learner.Maximize(EmissionCase.Gather(learner, start, frames, responsibilities), start);
            for (int k = 0; k < 3; k++)
            {
                ReadOnlySpan<double> r = responsibilities.AsSpan(k * RowTile.Rows, 3);
                double expected = (3 * r[0] + 1e15 * r[1] + 7 * r[2] + shape - 1) / (r[0] + r[1] + r[2] + inverseScale);
                Assert.Equal(expected, learned.Rates[k, 0], 1e-14 * expected);
                Assert.Equal((shape - 1) / (r[0] + r[1] + inverseScale), learned.Rates[k, 1], 1e-14);
            }
        }
    }

    [Fact]
    public void A_start_pulls_the_means_of_clusters_by_one_frame_whatever_the_scale_of_the_weights()
    {
        foreach (double weight in new[] { 1, 1e-12, 1e6 })
        {
            var frames = new WeightedRows(new double[] { 0, 0, 30, 50 }, 1, new[] { weight, weight, weight, weight });
            var learner = new PoissonEmissionLearner(3, frames, new HmmPrior());
            var start = (PoissonEmission)learner.Start(frames, [0, 0, 1, 1], new Random(1));
            Assert.Equal(20.0 / 3, start.Rates[0, 0], 1e-12);
            Assert.Equal(100.0 / 3, start.Rates[1, 0], 1e-12);
            Assert.Equal(20, start.Rates[2, 0], 1e-12);
        }
    }

    [Fact]
    public void Possible_counts_have_finite_log_likelihoods_and_impossible_ones_have_none()
    {
        var emission = new PoissonEmission([0, 1e-300, 1e15]);
        Assert.Equal([0, -1e-300, -1e15], EmissionCase.LogLikelihoods(emission, 0));
        double[] huge = EmissionCase.LogLikelihoods(emission, 1e15);
        Assert.Equal(double.NegativeInfinity, huge[0]);
        Assert.True(double.IsFinite(huge[1]));
        Assert.Equal(-0.5 * Math.Log(2 * Math.PI * 1e15), huge[2], 1e-12);
    }

    [Fact]
    public void Poisson_parameters_and_counts_are_checked()
    {
        Assert.StartsWith("rates[1] is -1; it must lie between 0 and 2^53.", Assert.Throws<ArgumentException>("rates", () => new PoissonEmission([1, -1])).Message, StringComparison.Ordinal);
        Assert.StartsWith("rates[0, 1] is NaN;", Assert.Throws<ArgumentException>("rates", () => new PoissonEmission(new[,] { { 1, double.NaN } })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("rates", () => new PoissonEmission([double.PositiveInfinity]));
        Assert.Throws<ArgumentException>("rates", () => new PoissonEmission(Array.Empty<double>()));
        Assert.Throws<ArgumentException>("rates", () => PoissonEmission.Create(3, [1, 2]));

        var emission = new PoissonEmission([1, 2]);
        Assert.StartsWith("Feature 0 is 2.5, but a Poisson count is a whole number that is not negative.", Message(2.5), StringComparison.Ordinal);
        Assert.StartsWith("Feature 0 is -1, but", Message(-1), StringComparison.Ordinal);
        Assert.EndsWith("at most 2^53. (Parameter 'frame')", Message(1e16), StringComparison.Ordinal);

        string Message(double count) => Assert.Throws<ArgumentException>("frame", () => EmissionCase.LogLikelihoods(emission, count)).Message;
    }

    [Fact]
    public void Multinomial_probabilities_are_those_of_the_reference_and_sum_to_one()
    {
        var emission = new MultinomialEmission(new[,] { { 0.2, 0.3, 0.5 }, { 0, 0.1, 0.9 } }, 6);
        Assert.Equal((EmissionType.Multinomial, 4, 6, false), (emission.Type, emission.NumberOfParameters, emission.Trials, emission.HasVaryingTrials));
        double[] sums = new double[2];
        for (int a = 0; a <= 6; a++)
        {
            for (int b = 0; a + b <= 6; b++)
            {
                double[] found = EmissionCase.LogLikelihoods(emission, a, b, 6 - a - b);
                Assert.Equal(new Reference.Multinomial([0.2, 0.3, 0.5], 6).ProbabilityLn([a, b, 6 - a - b]), found[0], 1e-12);
                Assert.Equal(a > 0, double.IsNegativeInfinity(found[1]));
                sums[0] += Math.Exp(found[0]);
                sums[1] += Math.Exp(found[1]);
            }
        }
        Assert.Equal(1, sums[0], 1e-13);
        Assert.Equal(1, sums[1], 1e-13);
    }

    [Fact]
    public void Two_categories_of_a_multinomial_are_a_binomial_for_few_trials_and_many()
    {
        Gen.Select(Gen.Int[1, 3000], Gen.Double[0.001, 0.999], Gen.Double[0, 1]).Sample((trials, p, share) =>
        {
            int successes = (int)(trials * share);
            var emission = new MultinomialEmission(new[,] { { p, 1 - p } }, trials);
            double expected = new Reference.Binomial(p, trials).ProbabilityLn(successes);
            Assert.Equal(expected, EmissionCase.LogLikelihoods(emission, successes, trials - successes)[0], 1e-10 * (1 + Math.Abs(expected)));
        }, iter: 500);

        // Beside the mean a binomial of many trials is a Gaussian: factorials of 10¹⁵ must not cancel.
        var huge = new MultinomialEmission(new[,] { { 0.25, 0.75 } }, 1_000_000_000_000_000);
        double variance = 1e15 * 0.25 * 0.75;
        Assert.Equal(-0.5 * Math.Log(2 * Math.PI * variance), EmissionCase.LogLikelihoods(huge, 2.5e14, 7.5e14)[0], 1e-6);
    }

    [Fact]
    public void A_frame_with_a_missing_count_is_missing_as_a_whole()
    {
        var frames = new WeightedRows(new double[] { 1, 2, 3, 9, double.NaN, 9, 0, 6, 0 }, 3, default);
        double[] responsibilities = EmissionCase.Responsibilities(new Random(2), 3, 1);
        var learner = new MultinomialEmissionLearner(1, frames, new HmmPrior());
        HmmEmission start = learner.Start(frames, [0, 0, 0], new Random(1));
        var learned = (MultinomialEmission)learner.Maximize(EmissionCase.Gather(learner, start, frames, responsibilities), start);
        Assert.Equal([1.0 / 12, 8.0 / 12, 3.0 / 12], learned.Probabilities.Row(0).AsArray(), (x, y) => Math.Abs(x - y) < 1e-15);
        Assert.Equal((6, false), (learned.Trials, learned.HasVaryingTrials));
        Assert.Equal(0, EmissionCase.LogLikelihoods(learned, 1, double.NaN, 99)[0]);
    }

    [Fact]
    public void Trials_are_those_of_all_frames_or_their_mean()
    {
        var varying = new WeightedRows(new double[] { 1, 2, 4, 4, 5, 5 }, 2, new[] { 1.0, 2, 1 });
        var learner = new MultinomialEmissionLearner(1, varying, new HmmPrior());
        var emission = (MultinomialEmission)learner.Start(varying, [0, 0, 0], new Random(1));
        Assert.Equal((7, true), (emission.Trials, emission.HasVaryingTrials));
        Assert.True(double.IsFinite(EmissionCase.LogLikelihoods(emission, 100, 1)[0]));
        Assert.True(double.IsFinite(EmissionCase.LogLikelihoods(EmissionCase.Read(EmissionCase.Write(emission)), 100, 1)[0]));

        var nothing = new WeightedRows(new double[] { 0, 0, 0, 0 }, 2, default);
        emission = (MultinomialEmission)new MultinomialEmissionLearner(1, nothing, new HmmPrior()).Start(nothing, [0, 0], new Random(1));
        Assert.Equal((0, false), (emission.Trials, emission.HasVaryingTrials));
        Assert.Equal(0, EmissionCase.LogLikelihoods(emission, 0, 0)[0]);
        Assert.Equal(0, EmissionCase.LogLikelihoods(EmissionCase.Read(EmissionCase.Write(emission)), 0, 0)[0]);
    }

    [Fact]
    public void Multinomial_draws_have_the_moments_of_the_state()
    {
        var emission = new MultinomialEmission(new[,] { { 0.2, 0.3, 0, 0.5 } }, 50);
        var random = new Random(3);
        var frame = new double[4];
        double first = 0, square = 0, product = 0;
        const int draws = 50_000;
        for (int n = 0; n < draws; n++)
        {
            emission.Sample(0, random, frame);
            Assert.Equal(50, frame.Sum());
            Assert.Equal(0, frame[2]);
            first += frame[0] / draws;
            square += (frame[0] - 10) * (frame[0] - 10) / draws;
            product += (frame[0] - 10) * (frame[3] - 25) / draws;
        }
        Assert.Equal(10, first, 0.07);
        Assert.Equal(8, square, 0.3);
        Assert.Equal(-5, product, 0.3);

        emission = new MultinomialEmission(new[,] { { 0.1, 0.1, 0.8 } }, 1L << 53);
        emission.Sample(0, random, frame.AsSpan(0, 3));
        Assert.Equal((double)(1L << 53), frame[..3].Sum());
    }

    [Fact]
    public void Multinomial_parameters_and_frames_are_checked()
    {
        double[,] half = { { 0.5, 0.5 } };
        Assert.Throws<ArgumentOutOfRangeException>("trials", () => new MultinomialEmission(half, 0));
        Assert.Throws<ArgumentOutOfRangeException>("trials", () => MultinomialEmission.Create(1, half, -3));
        Assert.Throws<ArgumentException>("b", () => MultinomialEmission.Create(2, half, 3));
        Assert.Throws<ArgumentException>("probabilities", () => new MultinomialEmission(new[,] { { 0.5, 0.4 } }, 3));
        var emission = new MultinomialEmission(half, 3);
        Assert.StartsWith("Features 0 to 1 sum to 4, but the multinomial has 3 trials.", Message(2, 2), StringComparison.Ordinal);
        Assert.StartsWith("Feature 1 is 1.5, but a multinomial count is a whole number", Message(2, 1.5), StringComparison.Ordinal);

        string Message(double a, double b) => Assert.Throws<ArgumentException>("frame", () => EmissionCase.LogLikelihoods(emission, a, b)).Message;
    }
}
