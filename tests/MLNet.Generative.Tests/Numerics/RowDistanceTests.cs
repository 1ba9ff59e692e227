using CsCheck;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The distance of one row against the textbook and against what tiles give.</summary>
public sealed class RowDistanceTests
{
    [Fact]
    public void A_row_is_as_far_as_the_textbook_and_a_tile_say()
    {
        Gen.Select(Gen.Int[1, 70], Gen.Bool, Gen.Int[0, int.MaxValue - 1]).Sample((dimension, isFarOut, seed) =>
        {
            var random = new Random(seed);
            double offset = isFarOut ? 1e6 : 0;
            double[] mean = Draw(random, dimension, offset), row = Draw(random, dimension, offset), diagonal = Draw(random, dimension, offset: 1);
            double[] factor = LowerTriangle(random, dimension);
            double full = 0, onDiagonal = 0;
            for (int i = 0; i < dimension; i++)
            {
                double y = 0;
                for (int j = 0; j <= i; j++)
                    y += factor[i * dimension + j] * (row[j] - mean[j]);
                full += y * y;
                onDiagonal += Math.Pow(diagonal[i] * (row[i] - mean[i]), 2);
            }

            double[] packed = MahalanobisKernel.PackFactor(factor, dimension);
            double[] distances = new double[RowTile.Rows];
            var tile = new RowTile(dimension);
            tile.Load(row, default, 1);
            AssertClose(full, RowDistance.Full(row, mean, packed, new double[dimension]));
            MahalanobisKernel.Full(tile, mean, packed, distances);
            AssertClose(full, distances[0]);
            AssertClose(onDiagonal, RowDistance.Diagonal(row, mean, diagonal));
            MahalanobisKernel.Diagonal(tile, mean, diagonal, distances);
            AssertClose(onDiagonal, distances[0]);
        }, iter: 300);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(17)]
    public void A_row_whose_distance_overflows_is_as_far_as_can_be(int dimension)
    {
        var random = new Random(1);
        double[] mean = Draw(random, dimension, offset: 0), diagonal = Draw(random, dimension, offset: 1);
        double[] packed = MahalanobisKernel.PackFactor(LowerTriangle(random, dimension), dimension);
        for (int j = 0; j < dimension; j++)
        {
            foreach (double value in (double[])[1e160, -1e200, double.MaxValue, double.MinValue])
            {
                double[] row = Draw(random, dimension, offset: 0);
                row[j] = value;
                mean[j] = -value / 2;
                Assert.Equal(MahalanobisKernel.Largest, RowDistance.Full(row, mean, packed, new double[dimension]));
                Assert.Equal(MahalanobisKernel.Largest, RowDistance.Diagonal(row, mean, diagonal));
            }
            mean[j] = 0;
        }
    }

    private static double[] Draw(Random random, int count, double offset) => [.. Enumerable.Range(0, count).Select(_ => offset + random.NextDouble())];

    private static double[] LowerTriangle(Random random, int dimension)
    {
        var factor = new double[dimension * dimension];
        for (int i = 0; i < dimension; i++)
        {
            for (int j = 0; j <= i; j++)
                factor[i * dimension + j] = i == j ? 0.5 + random.NextDouble() : 2 * random.NextDouble() - 1;
        }
        return factor;
    }

    private static void AssertClose(double expected, double actual) => Assert.Equal(expected, actual, 1e-12 * (1 + expected));
}
