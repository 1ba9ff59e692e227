using Microsoft.ML.Data;
using MLNet.Generative;

namespace Microsoft.ML;

/// <summary>Extension methods that create Gaussian mixture trainers.</summary>
public static class GaussianMixtureCatalog
{
    /// <summary>
    /// Creates a <see cref="GaussianMixtureEstimator"/>, which clusters rows with a mixture of Gaussian distributions learned by expectation-maximisation.
    /// </summary>
    /// <param name="catalog">The clustering catalog's trainers.</param>
    /// <param name="featureColumnName">The feature column: a vector of known size of <see cref="float"/> or <see cref="double"/>.</param>
    /// <param name="exampleWeightColumnName">The column of row weights, <see cref="float"/> or <see cref="double"/> (optional).</param>
    /// <param name="numberOfComponents">The number of components: at least 1.</param>
    /// <param name="covarianceType">What the components' covariances have in common.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Concatenate("Features", "Eruptions", "Waiting")
    ///     .Append(mlContext.Clustering.Trainers.GaussianMixture(numberOfComponents: 2));
    /// </code>
    /// </example>
    public static GaussianMixtureEstimator GaussianMixture(
        this ClusteringCatalog.ClusteringTrainers catalog,
        string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null,
        int numberOfComponents = GaussianMixtureEstimator.Options.Defaults.NumberOfComponents,
        CovarianceType covarianceType = CovarianceType.Full) =>
        GaussianMixture(catalog, Options(featureColumnName, exampleWeightColumnName, numberOfComponents, covarianceType));

    /// <summary>Creates a <see cref="GaussianMixtureEstimator"/> with advanced options.</summary>
    /// <param name="catalog">The clustering catalog's trainers.</param>
    /// <param name="options">The options; later changes to them have no effect.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static GaussianMixtureEstimator GaussianMixture(
        this ClusteringCatalog.ClusteringTrainers catalog, GaussianMixtureEstimator.Options options)
    {
        TrainingHost host = TrainingHost.Of(catalog, nameof(GaussianMixtureEstimator));
        ArgumentNullException.ThrowIfNull(options);
        return new GaussianMixtureEstimator(host, options);
    }

    /// <summary>
    /// Creates an <see cref="AnomalyEstimator"/> on a <see cref="GaussianMixtureEstimator"/>: rows that are improbable under the mixture are anomalies.
    /// </summary>
    /// <param name="catalog">The anomaly detection catalog's trainers.</param>
    /// <param name="featureColumnName">The feature column: a vector of known size of <see cref="float"/> or <see cref="double"/>.</param>
    /// <param name="exampleWeightColumnName">The column of row weights, <see cref="float"/> or <see cref="double"/> (optional).</param>
    /// <param name="numberOfComponents">The number of components: at least 1.</param>
    /// <param name="covarianceType">What the components' covariances have in common.</param>
    /// <param name="contamination">The share of training rows that the threshold labels as anomalies: greater than 0, at most 0.5.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    public static AnomalyEstimator GaussianMixture(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog,
        string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null,
        int numberOfComponents = GaussianMixtureEstimator.Options.Defaults.NumberOfComponents,
        CovarianceType covarianceType = CovarianceType.Full,
        float contamination = AnomalyEstimator.Options.DefaultContamination) =>
        GaussianMixture(catalog, Options(featureColumnName, exampleWeightColumnName, numberOfComponents, covarianceType), contamination);

    /// <summary>Creates an <see cref="AnomalyEstimator"/> on a <see cref="GaussianMixtureEstimator"/> with advanced options.</summary>
    /// <param name="catalog">The anomaly detection catalog's trainers.</param>
    /// <param name="options">The mixture's options; later changes to them have no effect. Their output columns do not appear in the output.</param>
    /// <param name="contamination">The share of training rows that the threshold labels as anomalies: greater than 0, at most 0.5.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static AnomalyEstimator GaussianMixture(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog,
        GaussianMixtureEstimator.Options options,
        float contamination = AnomalyEstimator.Options.DefaultContamination)
    {
        TrainingHost host = TrainingHost.Of(catalog, nameof(GaussianMixtureEstimator));
        ArgumentNullException.ThrowIfNull(options);
        return catalog.FromDensity(new GaussianMixtureEstimator(host, options), contamination);
    }

    private static GaussianMixtureEstimator.Options Options(
        string featureColumnName, string? exampleWeightColumnName, int numberOfComponents, CovarianceType covarianceType) =>
        new()
        {
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            NumberOfComponents = numberOfComponents,
            CovarianceType = covarianceType,
        };
}
