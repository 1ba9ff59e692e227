namespace MLNet.Generative;

/// <summary>Mixtures to start from: of each state one that a few iterations have fitted to the frames of its cluster.</summary>
internal sealed class GaussianMixtureEmissionStart(CovarianceType covarianceType, double regularization, int numberOfThreads, CancellationToken cancellationToken)
{
    private const int NumberOfIterations = 10;

    // Nearer to each other, the squares of differences within a cluster are no normal numbers.
    private const double SmallestRange = 1e-140;

    /// <summary>Fits a mixture to each cluster; <see langword="null"/> for one that has too few distinct frames.</summary>
    public GaussianMixtureModel?[] Fit(WeightedRows frames, int[] clusters, int numberOfStates, int numberOfComponents, Random random)
    {
        var fitted = new GaussianMixtureModel?[numberOfStates];
        for (int k = 0; k < numberOfStates; k++)
        {
            // Drawn for every state, so that one cluster does not change the start of the next.
            int seed = random.Next();
            WeightedRows cluster = frames.Take([.. Enumerable.Range(0, frames.Count).Where(n => clusters[n] == k)]);
            if (!HasRange(cluster) || DistinctRows.Find(cluster, Enumerable.Range(0, cluster.Count), numberOfComponents).Count < numberOfComponents)
                continue;
            var options = new GaussianMixtureEstimator.Options
            {
                NumberOfComponents = numberOfComponents,
                CovarianceType = covarianceType,
                CovarianceRegularization = regularization,
                MaximumNumberOfIterations = NumberOfIterations,
                StartFromSimplerTypes = false,
                NumberOfThreads = numberOfThreads,
                CancellationToken = cancellationToken,
            };
            fitted[k] = GaussianMixtureLearner.Fit(cluster, options, seed, InputPrecision.Double, _ => { }).Model;
        }
        return fitted;
    }

    /// <summary>Equal components that have a Gaussian's covariance, with means drawn from it.</summary>
    public static GaussianMixtureModel Scatter(Gaussian gaussian, int numberOfComponents, CovarianceType covarianceType, Random random)
    {
        var weights = new double[numberOfComponents];
        Array.Fill(weights, 1.0 / numberOfComponents);
        var components = new Gaussian[numberOfComponents];
        for (int m = 0; m < components.Length; m++)
        {
            var mean = new double[gaussian.Dimension];
            gaussian.Sample(random, mean);
            components[m] = new Gaussian(mean, gaussian.Covariance);
        }
        return new GaussianMixtureModel(weights, components, covarianceType);
    }

    private static bool HasRange(WeightedRows frames)
    {
        for (int j = 0; j < frames.Dimension; j++)
        {
            double lowest = double.PositiveInfinity, highest = double.NegativeInfinity;
            for (int n = 0; n < frames.Count; n++)
            {
                if (!(frames.Weight(n) > 0))
                    continue;
                double value = frames.Row(n)[j];
                (lowest, highest) = (Math.Min(lowest, value), Math.Max(highest, value));
            }
            if (highest > lowest && highest - lowest < SmallestRange)
                return false;
        }
        return true;
    }
}
