using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Every covariance structure, as the data of a theory.</summary>
internal static class CovarianceTypes
{
    public static TheoryData<CovarianceType> All =>
    [
        CovarianceType.EII, CovarianceType.VII, CovarianceType.EEI, CovarianceType.VEI, CovarianceType.EVI, CovarianceType.VVI, CovarianceType.EEE,
        CovarianceType.VEE, CovarianceType.EVE, CovarianceType.VVE, CovarianceType.EEV, CovarianceType.VEV, CovarianceType.EVV, CovarianceType.VVV,
    ];

    /// <summary>Whether the covariance of one component depends on the rows of others.</summary>
    public static bool IsShared(this CovarianceType type) => type is not (CovarianceType.VII or CovarianceType.VVI or CovarianceType.VVV);

    /// <summary>Whether components share axes that only a search finds: to the last bits of the objective, which is half as many bits of the axes.</summary>
    public static bool HasCommonAxes(this CovarianceType type) => type is CovarianceType.EVE or CovarianceType.VVE;

    /// <summary>Whether covariances are multiples of the identity.</summary>
    public static bool IsSpherical(this CovarianceType type) => type is CovarianceType.EII or CovarianceType.VII;
}
