using System.Diagnostics.CodeAnalysis;

namespace MLNet.Generative;

/// <summary>
/// What the covariance matrices Σ of the components have in common. The three letters are those of Banfield and Raftery (1993): volume, shape and
/// orientation of the ellipsoids, each Equal in all components, Variable, or (shape and orientation) the Identity.
/// </summary>
/// <remarks>With one feature a covariance is a variance: the types with an equal volume have one for all components, the others one for each.</remarks>
[SuppressMessage("Design", "CA1069:Enums values should not be duplicated", Justification = "Each structure has the name that machine learning gives it and the three letters that statistics gives it.")]
public enum CovarianceType
{
    /// <summary>Each component has its own full covariance matrix. The same as <see cref="VVV"/>. K·D·(D+1)/2 parameters.</summary>
    Full = 0,

    /// <summary>All components share one full covariance matrix. The same as <see cref="EEE"/>. D·(D+1)/2 parameters.</summary>
    Tied = 1,

    /// <summary>Each component has its own variance in each feature, and no correlations. The same as <see cref="VVI"/>. K·D parameters.</summary>
    Diagonal = 2,

    /// <summary>Each component has one variance for all features, and no correlations. The same as <see cref="VII"/>. K parameters.</summary>
    Spherical = 3,

    /// <summary>Variable volume, shape and orientation: the same as <see cref="Full"/>.</summary>
    VVV = Full,

    /// <summary>Equal volume, shape and orientation: the same as <see cref="Tied"/>.</summary>
    EEE = Tied,

    /// <summary>Variable volume and shape, axes parallel to the features: the same as <see cref="Diagonal"/>.</summary>
    VVI = Diagonal,

    /// <summary>Variable volume, spherical: the same as <see cref="Spherical"/>.</summary>
    VII = Spherical,

    /// <summary>All components share one variance for all features, and there are no correlations. 1 parameter.</summary>
    EII = 4,

    /// <summary>All components share one variance for each feature, and there are no correlations. D parameters.</summary>
    EEI = 5,

    /// <summary>The components' variances in each feature are proportional to each other, and there are no correlations. K + D − 1 parameters.</summary>
    VEI = 6,

    /// <summary>Each component has its own variance in each feature, of equal product, and no correlations. 1 + K·(D − 1) parameters.</summary>
    EVI = 7,

    /// <summary>The components' covariance matrices are proportional to each other. K − 1 + D·(D + 1)/2 parameters.</summary>
    VEE = 8,

    /// <summary>The components' ellipsoids have the same axes and volume, each its own shape. 1 + K·(D − 1) + D·(D − 1)/2 parameters.</summary>
    EVE = 9,

    /// <summary>The components' ellipsoids have the same axes, each its own volume and shape: common principal components. K·D + D·(D − 1)/2 parameters.</summary>
    VVE = 10,

    /// <summary>The components' ellipsoids have the same volume and shape, each its own axes. D + K·D·(D − 1)/2 parameters.</summary>
    EEV = 11,

    /// <summary>The components' ellipsoids have the same shape, each its own volume and axes. K + D − 1 + K·D·(D − 1)/2 parameters.</summary>
    VEV = 12,

    /// <summary>The components' ellipsoids have the same volume, each its own shape and axes. 1 + K·(D − 1) + K·D·(D − 1)/2 parameters.</summary>
    EVV = 13,
}
