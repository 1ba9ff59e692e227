using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The same seed gives the same bits: for any number of threads, in Debug and Release, in every refit.</summary>
public sealed class DeterminismTests
{
    [Fact]
    [Trait("Category", "Slow")]
    public async Task Any_number_of_threads_gives_the_same_bits_in_Debug_and_Release()
    {
        Task<IReadOnlyList<string>> debugRun = Run("Debug");
        Task<IReadOnlyList<string>> releaseRun = Run("Release");
        IReadOnlyList<string> debug = await debugRun;
        IReadOnlyList<string> release = await releaseRun;

        Assert.Equal("Debug", debug[0]);
        Assert.Equal("Release", release[0]);
        Assert.Equal(1 + 4 * 4 * 3 + 40, debug.Count);
        Assert.Equal(debug.Skip(1), release.Skip(1));
        // Two words name the fit; the number of threads and the digest follow. The same fit has the same digest every time.
        foreach (IGrouping<string, string> sameFit in debug.Skip(1).GroupBy(line => string.Join(' ', line.Split(' ').Take(2))))
            Assert.Single(sameFit.Select(line => line.Split(' ')[3]).Distinct());
        Assert.Equal(4 * 4 + 1, debug.Skip(1).Select(line => line.Split(' ')[3]).Distinct().Count());
    }

    [Fact]
    public void Fitting_twice_gives_the_same_model_with_and_without_a_seed()
    {
        var mlContext = new MLContext();
        IDataView data = mlContext.Data.LoadFromEnumerable(ClassicData.Iris.Chunk(4).Select(row => new Row { Features = row }).ToArray());
        foreach (int? seed in new int?[] { null, 17 })
        {
            GaussianMixtureEstimator estimator = mlContext.Clustering.Trainers.GaussianMixture(
                new GaussianMixtureEstimator.Options { NumberOfComponents = 5, Seed = seed, Initialization = GaussianMixtureInitialization.RandomRows });
            Assert.Equal(estimator.Fit(data).Summary.LogLikelihoodTrace, estimator.Fit(data).Summary.LogLikelihoodTrace);
        }
    }

    [Fact]
    public void A_context_with_a_seed_gives_the_same_model_every_time()
    {
        static IReadOnlyList<double> Trace()
        {
            var mlContext = new MLContext(seed: 5);
            IDataView data = mlContext.Data.LoadFromEnumerable(ClassicData.Iris.Chunk(4).Select(row => new Row { Features = row }).ToArray());
            return mlContext.Clustering.Trainers.GaussianMixture(new GaussianMixtureEstimator.Options
            {
                NumberOfComponents = 5,
                Initialization = GaussianMixtureInitialization.RandomResponsibilities,
            }).Fit(data).Summary.LogLikelihoodTrace;
        }

        Assert.Equal(Trace(), Trace());
    }

    private static Task<IReadOnlyList<string>> Run(string configuration) => Task.Run(() =>
        FreshProcess.RunFile(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../Programs/FitDigest/bin", configuration, "net10.0/FitDigest.dll"))));

    private sealed class Row
    {
        [VectorType(4)]
        public double[] Features = [];
    }
}
