using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Scatters as points of a space without constraints, and back.</summary>
public sealed class ScatterCoordinatesTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void Scatters_come_back(int dimension, bool isDiagonal)
    {
        var random = new Random(1);
        WeightedScatter[] scatters = [.. Enumerable.Range(0, 4).Select(_ => Scatter(random, dimension, isDiagonal))];
        var coordinates = new ScatterCoordinates(scatters, [.. Enumerable.Repeat(1e-6, dimension)]);
        WeightedScatter[] back = coordinates.At(coordinates.Of(scatters), scatters)!;

        Assert.All(back, (scatter, k) =>
        {
            Assert.Equal(scatters[k].Weight, scatter.Weight, 1e-10);
            Assert.All(scatter.Mean, (value, j) => Assert.Equal(scatters[k].Mean[j], value, 1e-12));
            Assert.All(scatter.Matrix, (value, i) => Assert.Equal(scatters[k].Matrix[i], value, 1e-10));
        });
    }

    [Fact]
    public void Every_point_nearby_is_of_scatters_that_an_M_step_can_take()
    {
        var random = new Random(2);
        WeightedScatter[] scatters = [.. Enumerable.Range(0, 3).Select(_ => Scatter(random, 2, isDiagonal: false))];
        var coordinates = new ScatterCoordinates(scatters, [1e-6, 1e-6]);
        double[] origin = coordinates.Of(scatters);
        int reached = 0;
        Gen.Double[-1, 1].Array[origin.Length].Sample(direction =>
        {
            foreach (double length in new[] { 0.1, 1, 10, 100 })
            {
                if (coordinates.At([.. origin.Select((value, i) => value + length * direction[i])], scatters) is not { } there)
                    continue;
                reached++;
                Assert.Equal(scatters.Sum(scatter => scatter.Weight), there.Sum(scatter => scatter.Weight), 1e-9);
                Assert.All(there, scatter =>
                {
                    Matrix<double> matrix = Matrix<double>.Build.DenseOfRowMajor(2, 2, scatter.Matrix);
                    Assert.True(matrix.Evd(Symmetricity.Symmetric).EigenValues.Real().Minimum() > -1e-5 * scatter.Weight);
                });
            }
        }, iter: 200, threads: 1);
        Assert.InRange(reached, 400, 799);
    }

    [Fact]
    public void Too_far_is_nowhere()
    {
        WeightedScatter[] scatters = [Scatter(new Random(3), 2, false), Scatter(new Random(4), 2, false)];
        var coordinates = new ScatterCoordinates(scatters, [1e-6, 1e-6]);
        double[] origin = coordinates.Of(scatters);
        for (int i = 0; i < origin.Length; i++)
        {
            double[] point = (double[])origin.Clone();
            point[i] = double.NaN;
            Assert.Null(coordinates.At(point, scatters));
            point[i] = double.PositiveInfinity;
            Assert.Null(coordinates.At(point, scatters));
        }
        double[] light = (double[])origin.Clone();
        light[0] -= 1e3;
        Assert.Null(coordinates.At(light, scatters));
    }

    [Fact]
    public void A_flat_scatter_has_coordinates()
    {
        WeightedScatter[] scatters = [new WeightedScatter(5, [1, 2], [0, 0, 0, 0]), new WeightedScatter(5, [1, 2], [1, 1, 1, 1])];
        var coordinates = new ScatterCoordinates(scatters, [1e-6, 1e-6]);
        WeightedScatter[] back = coordinates.At(coordinates.Of(scatters), scatters)!;
        Assert.All(back[0].Matrix, value => Assert.Equal(0, value, 1e-15));
        Assert.All(back[1].Matrix, value => Assert.Equal(1, value, 1e-12));
    }

    private static WeightedScatter Scatter(Random random, int dimension, bool isDiagonal)
    {
        Matrix<double> root = Matrix<double>.Build.Dense(dimension, dimension, (_, _) => random.NextDouble() - 0.5);
        Matrix<double> matrix = 20 * (root * root.Transpose() + Matrix<double>.Build.DenseIdentity(dimension));
        return new WeightedScatter(
            5 + 20 * random.NextDouble(), [.. Enumerable.Range(0, dimension).Select(_ => random.NextDouble())], isDiagonal ? matrix.Diagonal().AsArray() : matrix.ToRowMajorArray());
    }
}
