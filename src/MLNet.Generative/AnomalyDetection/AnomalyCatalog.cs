using MLNet.Generative;

namespace Microsoft.ML;

/// <summary>Extension methods that create anomaly detectors on generative models.</summary>
public static class AnomalyCatalog
{
    /// <summary>
    /// Creates an <see cref="AnomalyEstimator"/>, which makes an anomaly detector of any generative model: the less probable a row is under the model, the stranger it is.
    /// </summary>
    /// <param name="catalog">The anomaly detection catalog's trainers.</param>
    /// <param name="densityEstimator">Learns the model, for example <c>mlContext.Clustering.Trainers.GaussianMixture()</c>.</param>
    /// <param name="contamination">The share of training rows that the threshold labels as anomalies: greater than 0, at most 0.5.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="contamination"/> is out of range.</exception>
    /// <example>
    /// <code>
    /// var detector = mlContext.AnomalyDetection.Trainers.FromDensity(
    ///     mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: 2), contamination: 0.05f);
    /// </code>
    /// </example>
    public static AnomalyEstimator FromDensity(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog,
        IEstimator<IGenerativeTransformer> densityEstimator,
        float contamination = AnomalyEstimator.Options.DefaultContamination) =>
        FromDensity(catalog, densityEstimator, new AnomalyEstimator.Options { Contamination = contamination });

    /// <summary>Creates an <see cref="AnomalyEstimator"/> with advanced options.</summary>
    /// <param name="catalog">The anomaly detection catalog's trainers.</param>
    /// <param name="densityEstimator">Learns the model.</param>
    /// <param name="options">The options; later changes to them have no effect.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static AnomalyEstimator FromDensity(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog,
        IEstimator<IGenerativeTransformer> densityEstimator,
        AnomalyEstimator.Options options)
    {
        TrainingHost host = TrainingHost.Of(catalog, nameof(AnomalyEstimator));
        ArgumentNullException.ThrowIfNull(densityEstimator);
        ArgumentNullException.ThrowIfNull(options);
        return new AnomalyEstimator(host, densityEstimator, options);
    }
}
