using Microsoft.ML.Data;
using MLNet.Generative;

namespace Microsoft.ML;

/// <summary>Extension methods that create variational autoencoders.</summary>
public static class VaeCatalog
{
    /// <summary>Creates a <see cref="VaeEstimator"/>, which learns a latent code of rows, reconstructs them, draws new ones and scores them.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="outputColumnName">The output column of latent codes: a vector of <paramref name="latentDimension"/> <see cref="float"/>.</param>
    /// <param name="inputColumnName">The feature column: a vector of known size of <see cref="float"/> or <see cref="double"/>.</param>
    /// <param name="latentDimension">The number of latent dimensions: at least 1.</param>
    /// <param name="beta">The weight of the KL divergence in training: from 0 to 1e9. 1 gives the evidence lower bound.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Concatenate("Features", "SepalLength", "SepalWidth", "PetalLength", "PetalWidth")
    ///     .Append(mlContext.Transforms.Vae("Latent", "Features", latentDimension: 2));
    /// </code>
    /// </example>
    public static VaeEstimator Vae(
        this TransformsCatalog catalog,
        string outputColumnName = VaeEstimator.Options.Defaults.OutputColumnName,
        string inputColumnName = DefaultColumnNames.Features,
        int latentDimension = VaeEstimator.Options.Defaults.LatentDimension,
        float beta = VaeEstimator.Options.Defaults.Beta) =>
        Vae(catalog, new VaeEstimator.Options { OutputColumnName = outputColumnName, InputColumnName = inputColumnName, LatentDimension = latentDimension, Beta = beta });

    /// <summary>Creates a <see cref="VaeEstimator"/> with advanced options.</summary>
    /// <param name="catalog">The transforms catalog.</param>
    /// <param name="options">The options; later changes to them have no effect.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static VaeEstimator Vae(this TransformsCatalog catalog, VaeEstimator.Options options)
    {
        TrainingHost host = TrainingHost.Of(catalog, nameof(VaeEstimator));
        ArgumentNullException.ThrowIfNull(options);
        return new VaeEstimator(host, options);
    }

    /// <summary>Creates an <see cref="AnomalyEstimator"/> on a <see cref="VaeEstimator"/>: rows with a low evidence lower bound are anomalies.</summary>
    /// <param name="catalog">The anomaly detection catalog's trainers.</param>
    /// <param name="featureColumnName">The feature column: a vector of known size of <see cref="float"/> or <see cref="double"/>.</param>
    /// <param name="latentDimension">The number of latent dimensions: at least 1.</param>
    /// <param name="contamination">The share of training rows that the threshold labels as anomalies: greater than 0, at most 0.5.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> is null.</exception>
    /// <exception cref="ArgumentException">A parameter is out of range.</exception>
    public static AnomalyEstimator Vae(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog,
        string featureColumnName = DefaultColumnNames.Features,
        int latentDimension = VaeEstimator.Options.Defaults.LatentDimension,
        float contamination = AnomalyEstimator.Options.DefaultContamination) =>
        Vae(catalog, new VaeEstimator.Options { InputColumnName = featureColumnName, LatentDimension = latentDimension }, contamination);

    /// <summary>Creates an <see cref="AnomalyEstimator"/> on a <see cref="VaeEstimator"/> with advanced options.</summary>
    /// <param name="catalog">The anomaly detection catalog's trainers.</param>
    /// <param name="options">The options of the autoencoder; later changes to them have no effect. Its output columns do not appear in the output.</param>
    /// <param name="contamination">The share of training rows that the threshold labels as anomalies: greater than 0, at most 0.5.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static AnomalyEstimator Vae(
        this AnomalyDetectionCatalog.AnomalyDetectionTrainers catalog,
        VaeEstimator.Options options,
        float contamination = AnomalyEstimator.Options.DefaultContamination)
    {
        TrainingHost host = TrainingHost.Of(catalog, nameof(VaeEstimator));
        ArgumentNullException.ThrowIfNull(options);
        return catalog.FromDensity(new VaeEstimator(host, options), contamination);
    }
}
