using MathNet.Numerics.LinearAlgebra;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Imputation by a linear autoencoder, for which E[missing | known] is the exact conditional of a Gaussian: for every row and every pattern of holes.</summary>
public sealed class LinearImputationTests : TorchTests
{
    private const int Samples = 10_000;

    // Of a standard deviation: that of the feature is what was promised, that which is left when the others are known is what is held.
    private const double Tolerance = 0.02;

    [Theory]
    [InlineData("iris", 1, VaeLikelihood.GaussianSharedVariance, 7)]
    [InlineData("iris", 2, VaeLikelihood.Gaussian, 7)]
    [InlineData("iris", 2, VaeLikelihood.GaussianFixedVariance, 11)]
    [InlineData("faithful", 1, VaeLikelihood.GaussianSharedVariance, 5)]
    public void Imputed_values_are_the_exact_conditional_expectations(string name, int latents, VaeLikelihood likelihood, int every)
    {
        (double[] rows, int dimension) = Load(name);
        VaeModel model = ProbabilisticPca.Fit(rows, dimension, latents).Distribution.ToModel(likelihood, FeatureScaling.Standardize(rows, dimension, out _));
        AssertExact(model, rows, every);
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("iris", 1)]
    [InlineData("iris", 2)]
    [InlineData("faithful", 1)]
    public void Of_all_rows(string name, int latents) => Imputed_values_are_the_exact_conditional_expectations(name, latents, VaeLikelihood.GaussianSharedVariance, every: 1);

    [Theory]
    [InlineData("iris", 1)]
    [InlineData("iris", 2)]
    [InlineData("faithful", 1)]
    public void A_trained_model_imputes_what_its_own_weights_say(string name, int latents)
    {
        (double[] rows, int dimension) = Load(name);
        VaeModel model = VaeLearner.Fit(rows, dimension, LinearTraining.Options(latents, epochs: 400)).Model;
        AssertExact(model, rows, every: 13);
    }

    [Fact]
    public void A_noise_far_smaller_than_the_signal_and_an_encoder_that_knows_nothing_do_not_matter()
    {
        var exact = LinearGaussian.Random(seed: 8, Vector<double>.Build.Dense([0, 1e6, -2, 3, 4]), Vector<double>.Build.Dense([1e-2, 1, 4e-4, 1e-4, 1]), 3e4, 1e4, 100);
        double[] rows = exact.Draw(40, seed: 4);
        VaeModel model = exact.ToModel(
            VaeLikelihood.Gaussian, FeatureScaling.Standardize(exact.Draw(1000, seed: 5), 5, out _), 3 * exact.Encoder, Vector<double>.Build.Dense(3, 1e-4));
        AssertExact(model, rows, every: 1);
    }

    private static (double[] Rows, int Dimension) Load(string name) => name == "iris" ? (ClassicData.Iris, 4) : (ClassicData.Faithful, 2);

    private static void AssertExact(VaeModel model, double[] rows, int every)
    {
        int dimension = model.Dimension;
        var exact = LinearGaussian.Of(model);
        double worst = 0;
        for (int n = 0; n < rows.Length / dimension; n += every)
        {
            for (int pattern = 1; pattern < 1 << dimension; pattern++)
            {
                double[] row = [.. rows.Skip(n * dimension).Take(dimension).Select((value, j) => (pattern >> j & 1) == 1 ? double.NaN : value)];
                double[] found = model.Impute(row, Samples);
                (Vector<double> means, Vector<double> deviations) = exact.Complete(row);
                for (int j = 0; j < dimension; j++)
                {
                    if (!double.IsNaN(row[j]))
                        Assert.Equal(row[j], found[j]);
                    else
                        worst = Math.Max(worst, Math.Abs(found[j] - means[j]) / deviations[j]);
                }
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"Worst error: {worst:f5} of a conditional standard deviation.");
        Assert.InRange(worst, 0, Tolerance);
    }
}
