using TorchSharp;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>libtorch learns a thread's number of workers late; scores must not depend on whether the thread has met libtorch before.</summary>
public sealed class NewThreadTests : TorchTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void First_scores_of_a_thread_are_those_of_any_other(int numberOfThreads)
    {
        // Wide enough for matrix products to be shared out.
        var random = new Random(1);
        double[] rows = [.. Enumerable.Range(0, 64 * 784).Select(_ => random.NextDouble())];
        VaeModel model = VaeLearner.Fit(
            rows, 784, new VaeEstimator.Options { LatentDimension = 20, HiddenLayers = [400], Likelihood = VaeLikelihood.Bernoulli, NumberOfEpochs = 1, NumberOfThreads = numberOfThreads }).Model;

        using LibTorchThreads threads = LibTorchThreads.Use(numberOfThreads);
        Assert.Equal(numberOfThreads, torch.get_num_threads());
        (double[] Codes, double[] Bounds) here = Score();
        for (int i = 0; i < 3; i++)
        {
            (double[] Codes, double[] Bounds) there = default;
            var thread = new Thread(() => there = Score());
            thread.Start();
            thread.Join();
            Assert.Equal(here.Codes, there.Codes);
            Assert.Equal(here.Bounds, there.Bounds);
        }

        (double[] Codes, double[] Bounds) Score()
        {
            var bounds = new double[64];
            double[] codes = model.Encode(rows);
            model.LogDensity(rows, bounds);
            return (codes, bounds);
        }
    }
}
