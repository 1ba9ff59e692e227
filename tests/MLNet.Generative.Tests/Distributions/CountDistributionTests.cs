using System.Numerics;
using CsCheck;
using Xunit;
using Reference = MathNet.Numerics.Distributions;

namespace MLNet.Generative.Tests;

/// <summary>The distributions of counts: probabilities where counts are large, and draws.</summary>
public sealed class CountDistributionTests
{
    [Fact]
    public void Poisson_probabilities_are_those_of_the_reference()
    {
        Gen.Select(Gen.Double[-3, 4], Gen.Int[0, 3000]).Sample((magnitude, count) =>
        {
            double rate = Math.Pow(10, magnitude);
            double expected = new Reference.Poisson(rate).ProbabilityLn(count);
            Assert.Equal(expected, Poisson.LogProbability(count, rate, Math.Log(rate)), 1e-11 * (1 + Math.Abs(expected)));
        });
    }

    [Fact]
    public void Poisson_probabilities_sum_to_one()
    {
        foreach (double rate in new[] { 0, 1e-300, 0.3, 7, 60, 1000, 5000 })
        {
            double sum = 0;
            for (int count = 0; count < 10_000; count++)
                sum += Math.Exp(Poisson.LogProbability(count, rate, Math.Log(rate)));
            Assert.Equal(1, sum, 1e-12);
        }
    }

    [Fact]
    public void Poisson_probabilities_of_huge_counts_do_not_cancel()
    {
        // Beside the rate the Poisson distribution is a Gaussian, but for terms in 1/√λ.
        foreach (double rate in new[] { 1e9, 1e12, 1e15 })
        {
            foreach (double z in new[] { -2, 0, 0.5, 3 })
            {
                double count = Math.Round(rate + z * Math.Sqrt(rate));
                double standard = (count - rate) / Math.Sqrt(rate);
                double expected = -0.5 * (Math.Log(2 * Math.PI * rate) + standard * standard);
                Assert.Equal(expected, Poisson.LogProbability(count, rate, Math.Log(rate)), 20 / Math.Sqrt(rate) + 1e-12);
            }
        }
    }

    [Fact]
    public void The_table_of_factorials_meets_the_series()
    {
        BigInteger factorial = 1;
        for (int n = 1; n <= 1100; n++)
        {
            factorial *= n;
            Assert.Equal(BigInteger.Log(factorial), LogFactorial.Of(n), 1e-12 * (1 + LogFactorial.Of(n)));
        }
        for (int rate = 900; rate < 1200; rate += 50)
        {
            double ratio = Poisson.LogProbability(1024, rate, Math.Log(rate)) - Poisson.LogProbability(1023, rate, Math.Log(rate));
            Assert.Equal(Math.Log(rate / 1024.0), ratio, 1e-11);
        }
    }

    [Fact]
    public void Extremes_are_finite_where_they_are_possible()
    {
        foreach (double rate in new[] { double.Epsilon, 1e-300, 1e-9, 1, 1e9, 1e15, Poisson.Largest })
        {
            foreach (double count in new[] { 0, 1, 1023, 1024, 1e9, 1e15, Poisson.Largest })
                Assert.True(double.IsFinite(Poisson.LogProbability(count, rate, Math.Log(rate))), $"{count} at {rate}");
        }
        Assert.Equal(0, Poisson.LogProbability(0, 0, double.NegativeInfinity));
        Assert.Equal(double.NegativeInfinity, Poisson.LogProbability(1, 0, double.NegativeInfinity));
        Assert.Equal(double.NegativeInfinity, Poisson.LogProbability(1e15, 0, double.NegativeInfinity));
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(3.5)]
    [InlineData(9.9)]
    [InlineData(10.1)]
    [InlineData(64)]
    [InlineData(12_345)]
    [InlineData(1e15)]
    public void Poisson_draws_have_the_moments_of_the_distribution(double rate)
    {
        var random = new Random(1);
        double[] draws = [.. Enumerable.Range(0, 200_000).Select(_ => Poisson.Sample(rate, random))];
        AssertMoments(draws, rate, rate, 1 / Math.Sqrt(rate), 1 / rate);
    }

    [Theory]
    [InlineData(10, 0.3)]
    [InlineData(40, 0.5)]
    [InlineData(40, 0.97)]
    [InlineData(1000, 0.004)]
    [InlineData(1000, 0.6)]
    [InlineData(1e15, 1e-14)]
    [InlineData(1e15, 0.25)]
    public void Binomial_draws_have_the_moments_of_the_distribution(double trials, double probability)
    {
        var random = new Random(2);
        double[] draws = [.. Enumerable.Range(0, 200_000).Select(_ => Binomial.Sample(trials, probability, random))];
        Assert.All(draws, draw => Assert.True(draw >= 0 && draw <= trials && Math.Floor(draw) == draw));
        double variance = trials * probability * (1 - probability);
        AssertMoments(draws, trials * probability, variance, (1 - 2 * probability) / Math.Sqrt(variance), (1 - 6 * probability * (1 - probability)) / variance);
    }

    [Theory]
    [InlineData(30, 0.4)]
    [InlineData(200, 0.1)]
    public void Binomial_draws_have_the_probabilities_of_the_reference(int trials, double probability)
    {
        var random = new Random(3);
        const int draws = 400_000;
        var counts = new double[trials + 1];
        for (int n = 0; n < draws; n++)
            counts[(int)Binomial.Sample(trials, probability, random)]++;
        AssertFrequencies(counts, k => new Reference.Binomial(probability, trials).Probability(k), draws);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(25)]
    public void Poisson_draws_have_the_probabilities_of_the_reference(double rate)
    {
        var random = new Random(4);
        const int draws = 400_000;
        var counts = new double[200];
        for (int n = 0; n < draws; n++)
            counts[(int)Poisson.Sample(rate, random)]++;
        AssertFrequencies(counts, k => new Reference.Poisson(rate).Probability(k), draws);
    }

    [Fact]
    public void Certain_draws_are_certain()
    {
        var random = new Random(5);
        Assert.Equal(0, Poisson.Sample(0, random));
        Assert.Equal(0, Poisson.Sample(1e-300, random));
        Assert.Equal(0, Binomial.Sample(17, 0, random));
        Assert.Equal(17, Binomial.Sample(17, 1, random));
        Assert.Equal(0, Binomial.Sample(0, 0.7, random));
        Assert.True(Poisson.Sample(Poisson.Largest, random) <= Poisson.Largest);
    }

    [Fact]
    public void Modes_under_the_largest_priors_are_numbers()
    {
        var mode = new double[2];
        Assert.True(Categorical.TryMode([1, 3], double.MaxValue, mode));
        Assert.Equal([0.5, 0.5], mode);
        Assert.Equal(0.5, Bernoulli.Mode(3, 10, double.MaxValue), 1e-15);
        Assert.False(Categorical.TryMode([0, 0], 1, mode));
        Assert.Equal(0, Categorical.LogPrior([0, 1], 1));
        Assert.Equal(double.NegativeInfinity, Categorical.LogPrior([0, 1], 1.5));
    }

    // Five standard errors: of mean, variance and skewness.
    private static void AssertMoments(double[] draws, double mean, double variance, double skewness, double excess)
    {
        double n = draws.Length, deviation = Math.Sqrt(variance);
        double[] standard = [.. draws.Select(draw => (draw - mean) / deviation)];
        Assert.Equal(0, standard.Average(), 5 / Math.Sqrt(n));
        Assert.Equal(1, standard.Average(z => z * z), 5 * Math.Sqrt((2 + excess) / n));
        if (variance > 10)
            Assert.Equal(skewness, standard.Average(z => z * z * z), 5 * Math.Sqrt(20 / n));
    }

    // Pearson's statistic over values that are expected at least ten times.
    private static void AssertFrequencies(double[] counts, Func<int, double> probability, int draws)
    {
        double sum = 0;
        int cells = 0;
        for (int k = 0; k < counts.Length; k++)
        {
            double expected = draws * probability(k);
            if (expected < 10)
                continue;
            sum += (counts[k] - expected) * (counts[k] - expected) / expected;
            cells++;
        }
        Assert.True(sum < cells + 5 * Math.Sqrt(2.0 * cells), $"{sum} over {cells}");
        Assert.True(cells > 10);
    }
}
