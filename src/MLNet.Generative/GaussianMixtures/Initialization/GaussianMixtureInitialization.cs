namespace MLNet.Generative;

/// <summary>Where the learning of a Gaussian mixture starts.</summary>
public enum GaussianMixtureInitialization
{
    /// <summary>
    /// k-means on standardised features: k-means++ seeding (Arthur and Vassilvitskii 2007), Lloyd steps until no row moves, then the weights, means and
    /// covariances of the clusters. The first of several initializations takes the best of ten k-means runs, the others one each, so that they differ.
    /// </summary>
    KMeansPlusPlus = 0,

    /// <summary>Means at randomly drawn distinct rows, equal weights, the covariance of all rows.</summary>
    RandomRows = 1,

    /// <summary>Random responsibilities for every row. All components start near the mean of the data.</summary>
    RandomResponsibilities = 2,
}
