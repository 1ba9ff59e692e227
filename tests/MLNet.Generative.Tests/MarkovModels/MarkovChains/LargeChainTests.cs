using System.Diagnostics;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels.MarkovChains;

/// <summary>High orders over large alphabets. Their memory is the process's, so that no other test may run beside.</summary>
[Collection(nameof(LargeChainTests))]
[CollectionDefinition(nameof(LargeChainTests), DisableParallelization = true)]
public sealed class LargeChainTests
{
    [Theory]
    [InlineData(false, 100)]
    [InlineData(true, 500)]
    public void A_million_symbols_of_256_fit_at_order_8(bool backOff, int mostMegabytes)
    {
        var random = new Random(1);
        int[] sequence = [.. Enumerable.Range(0, 1_000_000).Select(t => (random.Next(4) * 64 + t * 7) & 0xFF)];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long start = Stopwatch.GetTimestamp();
        MarkovChainFit fit = MarkovChainLearner.Fit([sequence], new MarkovChainEstimator.Options { Order = 8, BackOff = backOff });
        double logLikelihood = fit.Model.LogLikelihood(sequence);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double megabytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / 1e6;
        TestContext.Current.TestOutputHelper?.WriteLine($"{seconds:f2} s, {megabytes:f0} MB");

        Assert.Equal(fit.Summary.LogLikelihood, logLikelihood, 1e-4);
        Assert.Equal(255 * Math.Pow(256, 8), fit.Summary.NumberOfParameters);
        Assert.True(double.IsFinite(fit.Summary.Aic) && double.IsFinite(fit.Summary.Bic));
        Assert.InRange(megabytes, 0, mostMegabytes);
        Assert.InRange(seconds, 0, 60);
        GC.KeepAlive(fit);
    }

    [Fact]
    public void The_highest_orders_are_exact()
    {
        // 127 symbols of one bit, and 15 of eight, with the next one just fill what a history is packed into.
        foreach ((int symbols, int order) in ((int, int)[])[(2, 127), (256, 15), (257, 13), (1, 127)])
        {
            var random = new Random(symbols);
            int[] sequence = [.. Enumerable.Range(0, 400).Select(_ => random.Next(symbols))];
            var options = new MarkovChainEstimator.Options { Order = order, NumberOfSymbols = symbols, BackOff = true, Smoothing = 0.1 };
            MarkovChainModel model = MarkovChainLearner.Fit([sequence], options).Model;
            var twin = new DictionaryChain([sequence], options, symbols);
            int[] other = [.. sequence[100..300], .. sequence[..100]];
            Assert.Equal(twin.LogLikelihood(other), model.LogLikelihood(other), 1e-8);
            Assert.Equal(sequence[..order], model.Counts.First(transition => transition.History.SequenceEqual(sequence[..order])).History);
        }
    }
}
