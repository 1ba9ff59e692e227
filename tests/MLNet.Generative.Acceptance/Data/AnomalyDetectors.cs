using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Acceptance;

/// <summary>Three detectors, untuned and the same for every set, and how well they tell anomalies from normal rows that they have not seen.</summary>
/// <param name="numberOfSteps">How many steps of gradient descent train an autoencoder.</param>
/// <param name="seed">The seed of all random choices.</param>
internal sealed class AnomalyDetectors(int numberOfSteps, int seed)
{
    private const int BatchSize = 64;
    private const int MostComponents = 10;

    private readonly MLContext _context = new(seed);

    /// <summary>The area under the ROC curve, in percent, of the −ELBO of an autoencoder with Gaussian noise, one variance for each feature.</summary>
    public double AreaOfElbo(AnomalySet set)
    {
        (IDataView training, IDataView test) = set.Split(_context, seed);
        int rows = training.GetColumn<float>("Label").Count();
        int stepsPerEpoch = (rows + BatchSize - 1) / BatchSize;
        return Area(training, test, _context.AnomalyDetection.Trainers.Vae(new VaeEstimator.Options
        {
            LatentDimension = LatentDimension(set),
            HiddenLayers = [64, 32],
            Likelihood = VaeLikelihood.Gaussian,
            LearningRate = 1e-3,
            BatchSize = BatchSize,
            NumberOfEpochs = (numberOfSteps + stepsPerEpoch - 1) / stepsPerEpoch,
            ElboSamples = 64,
            NumberOfThreads = 1,
            Seed = seed,
        }));
    }

    /// <summary>The same of −log p(x) under a Gaussian mixture with full covariances, of as many components as the BIC prefers from 1 to 10.</summary>
    public double AreaOfGaussianMixture(AnomalySet set)
    {
        (IDataView training, IDataView test) = set.Split(_context, seed);
        ITransformer[] mixtures = [.. Enumerable.Range(1, MostComponents).Select(components =>
            Standardized().Append(_context.Clustering.Trainers.GaussianMixture(Mixture(components))).Fit(training))];
        FitSummary[] summaries = [.. mixtures.Select(mixture => ((TransformerChain<GaussianMixtureTransformer>)mixture).LastTransformer.Summary)];
        int best = Enumerable.Range(0, MostComponents).OrderBy(k => summaries[k].IsDegenerate).ThenBy(k => summaries[k].Bic).First() + 1;
        return Area(training, test, _context.AnomalyDetection.Trainers.GaussianMixture(Mixture(best)));
    }

    /// <summary>The same of the score of ML.NET's <c>RandomizedPca</c>, with as many components as the autoencoder has latent dimensions.</summary>
    public double AreaOfRandomizedPca(AnomalySet set)
    {
        (IDataView training, IDataView test) = set.Split(_context, seed);
        return Area(training, test, _context.AnomalyDetection.Trainers.RandomizedPca(rank: LatentDimension(set), seed: seed));
    }

    private static int LatentDimension(AnomalySet set) => Math.Max(2, Math.Min(10, set.Dimension / 2));

    private GaussianMixtureEstimator.Options Mixture(int components) =>
        new() { NumberOfComponents = components, NumberOfInitializations = 10, Seed = seed };

    // By the training rows. The first two would do without: their scores rank rows the same in any units.
    private IEstimator<ITransformer> Standardized() => _context.Transforms.NormalizeMeanVariance("Features", fixZero: false);

    private double Area<TTransformer>(IDataView training, IDataView test, IEstimator<TTransformer> detector)
        where TTransformer : class, ITransformer =>
        100 * _context.AnomalyDetection.Evaluate(Standardized().Append(detector).Fit(training).Transform(test)).AreaUnderRocCurve;
}
