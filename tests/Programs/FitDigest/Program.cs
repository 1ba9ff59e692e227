using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLNet.Generative;

// The configuration that the library was built in, then one line for each way to learn and number of threads: the name, the threads, and the SHA-256 of every bit
// of the fitted model and of its trace.
Console.WriteLine(typeof(GaussianMixtureLearner).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration);

const int dimension = 5;
var random = new Random(20);
double[] rows = [.. Enumerable.Range(0, 5_000 * dimension).Select(i => i % 3 * random.NextDouble() + 4 * random.Next(3))];
double[] weights = [.. Enumerable.Range(0, 5_000).Select(_ => random.NextDouble())];

foreach (CovarianceType type in new[] { CovarianceType.Full, CovarianceType.Tied, CovarianceType.Diagonal, CovarianceType.Spherical })
{
    foreach (GaussianMixtureInitialization initialization in Enum.GetValues<GaussianMixtureInitialization>())
    {
        // A tree's time goes with the square of the rows, and Debug builds are slow.
        int count = initialization == GaussianMixtureInitialization.Hierarchical ? 500 : 5_000;
        foreach (int threads in new[] { 1, 2, 4 })
        {
            GaussianMixtureFit fit = GaussianMixtureLearner.Fit(rows.AsMemory(0, count * dimension), dimension, new GaussianMixtureEstimator.Options
            {
                NumberOfComponents = 4,
                CovarianceType = type,
                Initialization = initialization,
                MaximumNumberOfIterations = 10,
                NumberOfInitializations = 2,
                NumberOfThreads = threads,
                Seed = 3,
            }, weights.AsMemory(0, count));
            double[] numbers =
            [
                .. fit.Model.Weights,
                .. fit.Model.Means.SelectMany(mean => mean),
                .. fit.Model.Covariances.SelectMany(covariance => covariance.Enumerate()),
                .. fit.Summary.LogLikelihoodTrace,
            ];
            Console.WriteLine($"{type} {initialization} {threads} {Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<double>(numbers)))}");
        }
    }
}

// The same fit again and again, while the runtime replaces its first code by better code. Far from 0, one last bit shows.
double[] far = [.. Enumerable.Range(0, 318).Select(i => 1e8 + i % 3 * 1000 + random.NextDouble())];
for (int repetition = 0; repetition < 40; repetition++)
{
    GaussianMixtureFit fit = GaussianMixtureLearner.Fit(far, 1, new GaussianMixtureEstimator.Options
    {
        NumberOfComponents = 7,
        CovarianceType = CovarianceType.Diagonal,
        Initialization = GaussianMixtureInitialization.RandomRows,
        MaximumNumberOfIterations = 100,
        NumberOfThreads = 1,
        Seed = 250,
    });
    Console.WriteLine($"Repeated fit 1 {Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes<double>([.. fit.Summary.LogLikelihoodTrace])))}");
}
