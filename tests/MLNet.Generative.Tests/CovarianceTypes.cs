using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Every covariance structure, as the data of a theory.</summary>
internal static class CovarianceTypes
{
    public static TheoryData<CovarianceType> All => [CovarianceType.Full, CovarianceType.Tied, CovarianceType.Diagonal, CovarianceType.Spherical];
}
