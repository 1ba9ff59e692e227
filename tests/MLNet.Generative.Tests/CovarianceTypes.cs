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
}
