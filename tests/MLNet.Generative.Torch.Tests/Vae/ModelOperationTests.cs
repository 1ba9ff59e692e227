using MathNet.Numerics.LinearAlgebra;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Encoding, decoding and walks through the latent space agree with each other, and draws have the distribution that the model claims.</summary>
public sealed class ModelOperationTests : TorchTests
{
    private const int D = SmallVae.Dimension;

    private static readonly double[] First = SmallVae.Rows[..D];
    private static readonly double[] Second = SmallVae.Rows[D..(2 * D)];

    [Fact]
    public void A_linear_model_encodes_and_decodes_as_its_formulas_say()
    {
        LinearGaussian exact = ProbabilisticPca.Fit(ClassicData.Iris, 4, 2).Distribution;
        VaeModel model = exact.ToModel(VaeLikelihood.GaussianSharedVariance, FeatureScaling.Standardize(ClassicData.Iris, 4, out _));
        var means = new double[300];
        var deviations = new double[300];
        model.Encode(ClassicData.Iris, means, deviations);
        double[] reconstructions = model.Reconstruct(ClassicData.Iris);
        for (int n = 0; n < 150; n++)
        {
            Vector<double> code = exact.Encoder * (Vector<double>.Build.Dense(ClassicData.Iris[(4 * n)..(4 * n + 4)]) - exact.Mean);
            Vector<double> reconstruction = exact.Loadings * code + exact.Mean;
            for (int l = 0; l < 2; l++)
            {
                Assert.Equal(code[l], means[2 * n + l], 1e-5);
                Assert.Equal(Math.Sqrt(exact.PosteriorVariances[l]), deviations[2 * n + l], 1e-6);
            }
            for (int j = 0; j < 4; j++)
                Assert.Equal(reconstruction[j], reconstructions[4 * n + j], 1e-5);
        }
    }

    [Fact]
    public void A_reconstruction_is_the_decoded_code()
    {
        VaeModel model = SmallVae.Fit().Model;
        Assert.Equal(model.Decode(model.Encode(SmallVae.Rows)), model.Reconstruct(SmallVae.Rows));
        Assert.Equal(model.Reconstruct(SmallVae.Rows).AsSpan(0, D).ToArray(), model.Reconstruct(First));
    }

    [Fact]
    public void An_interpolation_goes_from_one_reconstruction_to_the_other_in_equal_steps()
    {
        VaeModel model = SmallVae.Fit().Model;
        double[][] rows = model.Interpolate(First, Second, numberOfSteps: 5);
        Assert.Equal(5, rows.Length);
        Assert.Equal(model.Reconstruct(First), rows[0]);
        Assert.Equal(model.Reconstruct(Second), rows[4]);
        double[] from = model.Encode(First);
        double[] to = model.Encode(Second);
        Assert.Equal(model.Decode([.. from.Zip(to, (a, b) => a + (b - a) / 4)]), rows[1]);
        Assert.Equal(rows, model.Interpolate(First, Second, numberOfSteps: 5));
        Assert.Equal(2, model.Interpolate(First, Second, numberOfSteps: 2).Length);
    }

    [Fact]
    public void A_traversal_changes_one_latent_alone()
    {
        VaeModel model = SmallVae.Fit().Model;
        double[] code = model.Encode(First);
        double[][] rows = model.Traverse(First, latent: 1, lowest: -2, highest: 2, numberOfSteps: 5);
        Assert.Equal([.. Enumerable.Range(-2, 5).Select(value => model.Decode([code[0], value]))], rows);
        Assert.Equal(7, model.Traverse(First, latent: 0).Length);
        Assert.Equal(model.Decode([-3, code[1]]), model.Traverse(First, latent: 0)[0]);
        Assert.Equal(model.Decode([3, code[1]]), model.Traverse(First, latent: 0)[6]);
        Assert.NotEqual(rows[0], rows[1]);
    }

    [Fact]
    public void Draws_of_a_trained_linear_model_have_its_mean_and_covariance()
    {
        VaeModel model = VaeLearner.Fit(ClassicData.Iris, 4, LinearTraining.Options(2, epochs: 300)).Model;
        // What the model itself says: its decoder's mean, loadings and noise.
        var mean = Vector<double>.Build.Dense(model.Decode([0, 0]));
        Matrix<double> loadings = Matrix<double>.Build.DenseOfColumns([model.Decode([1, 0]), model.Decode([0, 1])]) - Matrix<double>.Build.DenseOfColumnVectors(mean, mean);
        Matrix<double> covariance = loadings * loadings.Transpose() + Matrix<double>.Build.DenseOfDiagonalArray([.. model.NoiseVariances]);

        const int Count = 50_000;
        var drawn = Matrix<double>.Build.DenseOfRowArrays(model.Sample(Count, seed: 3));
        Vector<double> drawnMean = drawn.ColumnSums() / Count;
        Matrix<double> centred = Matrix<double>.Build.DenseOfRows(drawn.EnumerateRows().Select(row => row - mean));
        Matrix<double> drawnCovariance = centred.TransposeThisAndMultiply(centred) / Count;
        for (int i = 0; i < 4; i++)
        {
            Assert.InRange(Math.Abs(drawnMean[i] - mean[i]) / Math.Sqrt(covariance[i, i] / Count), 0, 4);
            for (int j = 0; j < 4; j++)
            {
                double error = Math.Sqrt((covariance[i, i] * covariance[j, j] + covariance[i, j] * covariance[i, j]) / Count);
                Assert.InRange(Math.Abs(drawnCovariance[i, j] - covariance[i, j]) / error, 0, 4);
            }
        }
        // Neither rows nor what they are made of repeat from block to block.
        double autocovariance = Enumerable.Range(0, Count - 32).Average(n => centred[n, 0] * centred[n + 32, 0]);
        Assert.InRange(Math.Abs(autocovariance) / (covariance[0, 0] / Math.Sqrt(Count)), 0, 4);
    }

    [Fact]
    public void The_code_and_the_noise_of_a_draw_are_independent()
    {
        // x = z + ε, of which there are equally many: the same numbers twice would give variance 4.
        var one = new LinearGaussian(Matrix<double>.Build.Dense(1, 1, 1), Vector<double>.Build.Dense(1), Vector<double>.Build.Dense(1, 1));
        const int Count = 20_000;
        double[][] drawn = one.ToModel(VaeLikelihood.GaussianFixedVariance, FeatureScaling.None(1)).Sample(Count, seed: 1);
        double variance = drawn.Average(row => row[0] * row[0]);
        Assert.InRange(Math.Abs(variance - 2) / (2 * Math.Sqrt(2.0 / Count)), 0, 4);
    }

    [Theory]
    [MemberData(nameof(VaeDeterminismTests.AllLikelihoods), MemberType = typeof(VaeDeterminismTests))]
    public void Fewer_draws_are_the_first_of_more(VaeLikelihood likelihood)
    {
        VaeModel model = VaeDeterminismTests.Fit(likelihood, seed: 2).Model;
        double[][] hundred = model.Sample(100, seed: 5);
        foreach (int count in (int[])[1, 2, 10, 31, 32, 33, 100])
            Assert.Equal(hundred[..count], model.Sample(count, seed: 5));
        Assert.NotEqual(hundred[0], model.Sample(1, seed: 6)[0]);
        // Only zeros and ones can be the same by chance.
        if (likelihood != VaeLikelihood.Bernoulli)
            Assert.Equal(100, hundred.Select(row => string.Join(' ', row)).Distinct().Count());
    }

    [Fact]
    public void What_a_model_gives_away_cannot_change_it()
    {
        VaeModel model = SmallVae.Fit().Model;
        double before = model.LogDensity(First);
        double[] code = model.Encode(First);
        Array.Fill(code, 9);
        double[] reconstruction = model.Reconstruct(First);
        Array.Fill(reconstruction, 9);
        Assert.Equal(before, model.LogDensity(First));
        Assert.Equal(model.Architecture.Parameters().Sum(shape => shape.Count), model.NumberOfParameters);
        Assert.Equal((5 * 16 + 16) + 2 * (16 * 2 + 2) + (2 * 16 + 16) + (16 * 5 + 5) + 5, model.NumberOfParameters);
    }
}
