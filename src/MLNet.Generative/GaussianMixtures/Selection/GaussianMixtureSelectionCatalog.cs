using Microsoft.ML.Data;
using MLNet.Generative;

namespace Microsoft.ML;

/// <summary>Extension methods that find the right Gaussian mixture for data.</summary>
public static class GaussianMixtureSelectionCatalog
{
    /// <summary>
    /// Fits Gaussian mixtures with every number of components in a range and every covariance type to the same rows, and gives a table of all and the best, fitted.
    /// </summary>
    /// <param name="catalog">The clustering catalog.</param>
    /// <param name="data">The training data. They are read once; rows with a missing feature are skipped, with a warning.</param>
    /// <param name="featureColumnName">The feature column: a vector of known size of <see cref="float"/> or <see cref="double"/>.</param>
    /// <param name="exampleWeightColumnName">The column of row weights, <see cref="float"/> or <see cref="double"/> (optional).</param>
    /// <param name="minimumNumberOfComponents">The smallest number of components to try: at least 1.</param>
    /// <param name="maximumNumberOfComponents">The largest number of components to try: at most the number of distinct rows.</param>
    /// <param name="criterion">What decides: the smallest wins, among mixtures that are not degenerate.</param>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/> or <paramref name="data"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// A parameter is out of range, a column is missing or has the wrong type, there are fewer distinct rows than the largest number of components, or nothing could be fitted.
    /// </exception>
    /// <exception cref="InvalidOperationException">There are no complete rows, a feature is infinite, or a weight is negative or not finite.</exception>
    /// <example>
    /// <code>
    /// var selection = mlContext.Clustering.SelectGaussianMixture(data);
    /// Console.WriteLine(selection);
    /// IDataView clustered = selection.Best.Transform(data);
    /// </code>
    /// </example>
    public static GaussianMixtureSelection<GaussianMixtureTransformer> SelectGaussianMixture(
        this ClusteringCatalog catalog,
        IDataView data,
        string featureColumnName = DefaultColumnNames.Features,
        string? exampleWeightColumnName = null,
        int minimumNumberOfComponents = GaussianMixtureSelectionOptions.Defaults.MinimumNumberOfComponents,
        int maximumNumberOfComponents = GaussianMixtureSelectionOptions.Defaults.MaximumNumberOfComponents,
        InformationCriterion criterion = InformationCriterion.Bic) =>
        SelectGaussianMixture(catalog, data, new GaussianMixtureSelectionOptions
        {
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            MinimumNumberOfComponents = minimumNumberOfComponents,
            MaximumNumberOfComponents = maximumNumberOfComponents,
            Criterion = criterion,
        });

    /// <summary>Fits Gaussian mixtures of many kinds to the same rows, with advanced options, and gives a table of all and the best, fitted.</summary>
    /// <param name="catalog">The clustering catalog.</param>
    /// <param name="data">The training data. They are read once; rows with a missing feature are skipped, with a warning.</param>
    /// <param name="options">Which mixtures to try, how to learn each, and what decides.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// An option is out of range, a column is missing or has the wrong type, a covariance type needs more than one feature or is there twice, there are fewer distinct rows than
    /// the largest number of components, or nothing could be fitted.
    /// </exception>
    /// <exception cref="InvalidOperationException">There are no complete rows, a feature is infinite, or a weight is negative or not finite.</exception>
    /// <exception cref="OperationCanceledException">The selection was cancelled.</exception>
    public static GaussianMixtureSelection<GaussianMixtureTransformer> SelectGaussianMixture(
        this ClusteringCatalog catalog, IDataView data, GaussianMixtureSelectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        TrainingHost host = TrainingHost.Of(catalog.Trainers, nameof(GaussianMixtureEstimator));
        return new GaussianMixtureSelector(host, options).Select(data);
    }
}
