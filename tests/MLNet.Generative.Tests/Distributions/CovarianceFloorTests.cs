using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The floor under covariances: inactive where it should be, exact where it acts.</summary>
public sealed class CovarianceFloorTests
{
    [Fact]
    public void The_floor_changes_nothing_while_it_is_inactive()
    {
        var variances = new double[] { 4, 9 };
        double[] floors = new CovarianceFloor([1, 1], variances, InputPrecision.Double).At([0, 0]);
        Assert.Equal([4e-6, 9e-6], floors);

        double[] covariance = [5e-6, 1e-7, 1e-7, 9.1e-6];
        double[] copy = [.. covariance];
        Assert.False(CovarianceFloor.RaiseFull(covariance, floors));
        Assert.Equal(copy, covariance);

        double[] low = [1e-9, 0, 0, 1];
        Assert.True(CovarianceFloor.RaiseFull(low, floors));
        Assert.Equal(4e-6, low[0], 1e-18);
        Assert.Equal(1, low[3], 1e-12);
    }

    [Fact]
    public void The_floor_knows_the_resolution_of_the_input()
    {
        var floor = new CovarianceFloor([0], [1e-12], InputPrecision.Single);
        double resolution = MathF.BitIncrement(1000) - 1000f;
        Assert.Equal(resolution * resolution, floor.At([1000])[0]);
        Assert.Equal(Math.Pow(Math.BitIncrement(1000.0) - 1000, 2), new CovarianceFloor([1000], [0], InputPrecision.Double).At([1000])[0]);
    }

    [Fact]
    public void Raised_covariances_have_no_eigenvalue_below_the_floor_and_keep_the_others()
    {
        Gen.Select(Gen.Int[1, 8], Gen.Int[0, int.MaxValue - 1]).Sample((dimension, seed) =>
        {
            var random = new Random(seed);
            Matrix<double> directions = Matrix<double>.Build.Dense(dimension, dimension, (_, _) => random.NextDouble() - 0.5).QR().Q;
            double[] eigenvalues = [.. Enumerable.Range(0, dimension).Select(_ => 2 * Math.Pow(10, random.Next(-6, 4)))];
            double[] covariance = (directions * Matrix<double>.Build.DenseOfDiagonalArray(eigenvalues) * directions.Transpose()).ToRowMajorArray();
            double[] ones = [.. Enumerable.Repeat(1.0, dimension)];

            bool raised = CovarianceFloor.RaiseFull(covariance, ones);
            double[] after = [.. Matrix<double>.Build.DenseOfRowMajor(dimension, dimension, covariance).Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).Order()];
            double[] expected = [.. eigenvalues.Select(value => Math.Max(1, value)).Order()];
            Assert.Equal(eigenvalues.Any(value => value < 1), raised);
            for (int e = 0; e < dimension; e++)
                Assert.Equal(expected[e], after[e], 1e-9 * expected[e] + 1e-8);
        }, iter: 200);
    }
}
