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

    /// <summary>
    /// Model-based hierarchical clustering (Banfield and Raftery 1993; Fraley 1998): from single rows up, the two clusters whose union costs the least likelihood of
    /// Gaussian clusters become one. Few starts find what takes many of k-means. The first of several initializations takes rows whose covariance has been made the
    /// identity (with up to sixteen features), the second rows that are only standardised, further ones a random half of the rows each, in turn the one way and the other. With more than 2,000 distinct rows,
    /// clusters are found in a random sample of 2,000. At most 1,000 components.
    /// </summary>
    Hierarchical = 3,
}
