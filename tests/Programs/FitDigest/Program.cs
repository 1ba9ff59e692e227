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
        foreach (int threads in new[] { 1, 2, 4 })
        {
            GaussianMixtureFit fit = GaussianMixtureLearner.Fit(rows, dimension, new GaussianMixtureEstimator.Options
            {
                NumberOfComponents = 4,
                CovarianceType = type,
                Initialization = initialization,
                MaximumNumberOfIterations = 10,
                NumberOfInitializations = 2,
                NumberOfThreads = threads,
                Seed = 3,
            }, weights);
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
