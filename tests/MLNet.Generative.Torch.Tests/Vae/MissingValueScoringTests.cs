using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>What is missing is left out of a density, and is 0 for the encoder.</summary>
public sealed class MissingValueScoringTests : TorchTests
{
    private const int D = 6;

    [Theory]
    [MemberData(nameof(VaeDeterminismTests.AllLikelihoods), MemberType = typeof(VaeDeterminismTests))]
    public void A_feature_that_is_missing_counts_as_in_a_model_without_it(VaeLikelihood likelihood)
    {
        double[] rows = Untrained.Rows(20, D);
        for (int missing = 0; missing < D; missing++)
        {
            foreach (int scoringSamples in (int[])[1, 6])
            {
                VaeModel model = Untrained.Create(D, 2, [7], likelihood, scoringSamples);
                VaeModel without = Without(model, missing);
                foreach (double[] row in rows.Chunk(D))
                {
                    double[] rest = [.. row.Where((_, j) => j != missing)];
                    row[missing] = double.NaN;
                    Assert.Equal(without.LogDensity(rest), model.LogDensity(row), 1e-4);
                    Assert.All(without.Encode(rest).Zip(model.Encode(row)), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
                    Assert.All(model.Reconstruct(row), value => Assert.True(double.IsFinite(value)));
                }
            }
        }
    }

    [Fact]
    public void The_encoder_sees_the_mean_for_what_is_missing()
    {
        VaeModel model = Untrained.Create(D, 2, [7], VaeLikelihood.Gaussian);
        double[] row = Untrained.Rows(1, D);
        row[2] = model.Scaling.Means[2];
        double[] expected = model.Encode(row);
        row[2] = double.NaN;
        Assert.Equal(expected, model.Encode(row));
    }

    [Theory]
    [MemberData(nameof(VaeDeterminismTests.AllLikelihoods), MemberType = typeof(VaeDeterminismTests))]
    public void Rows_beside_a_row_with_holes_keep_their_bits_and_it_has_its_own_at_any_place(VaeLikelihood likelihood)
    {
        foreach (int scoringSamples in (int[])[1, 6])
        {
            VaeModel model = Untrained.Create(D, 2, [7], likelihood, scoringSamples);
            double[] rows = Untrained.Rows(600, D);
            double[] holed = [.. rows[..D]];
            holed[1] = holed[4] = double.NaN;
            double alone = model.LogDensity(holed);
            var before = new double[600];
            model.LogDensity(rows, before);
            foreach (int place in (int[])[0, 1, 5, 100, 511, 512, 599])
            {
                double[] mixed = [.. rows];
                holed.CopyTo(mixed, place * D);
                var after = new double[600];
                model.LogDensity(mixed, after);
                Assert.Equal(alone, after[place]);
                Assert.Equal(before.Where((_, n) => n != place), after.Where((_, n) => n != place));
            }
        }
    }

    [Fact]
    public void A_row_of_which_nothing_is_known_has_the_prior_and_density_one()
    {
        foreach (int scoringSamples in (int[])[1, 6])
        {
            VaeModel model = Untrained.Create(D, 2, [7], VaeLikelihood.Gaussian, scoringSamples);
            double[] row = [.. Enumerable.Repeat(double.NaN, D)];
            Assert.Equal(0, model.LogDensity(row));
            var means = new double[2];
            var deviations = new double[2];
            model.Encode(row, means, deviations);
            Assert.Equal([0, 0], means);
            Assert.Equal([1, 1], deviations);
            Assert.Equal(model.Decode([0, 0]), model.Reconstruct(row));
            VaeMetrics metrics = model.Evaluate(row);
            Assert.Equal(0, metrics.Elbo);
            Assert.Equal(0, metrics.ImportanceWeightedLogLikelihood);
        }
    }

    [Fact]
    public void Infinite_and_impossible_values_stay_impossible_beside_holes()
    {
        VaeModel gaussian = Untrained.Create(D, 2, [], VaeLikelihood.Gaussian);
        Assert.Equal(double.NegativeInfinity, gaussian.LogDensity([double.NaN, double.PositiveInfinity, 0, 0, 0, 0]));
        VaeModel grey = Untrained.Create(D, 2, [], VaeLikelihood.Bernoulli);
        Assert.Equal(double.NegativeInfinity, grey.LogDensity([double.NaN, 1.5, 0, 0, 0, 0]));
        Assert.True(double.IsFinite(grey.LogDensity([double.NaN, 1, 0, 0, 0, 0])));
    }

    [Fact]
    public void Measures_leave_out_what_is_missing()
    {
        VaeModel model = Untrained.Create(D, 2, [7], VaeLikelihood.Gaussian);
        double[] rows = Untrained.Rows(700, D);
        for (int i = 0; i < rows.Length; i += 5)
            rows[i] = double.NaN;
        VaeMetrics metrics = model.Evaluate(rows);
        Assert.Equal(rows.Chunk(D).Average(row => model.LogDensity(row)), metrics.Elbo, 1e-9);
        Assert.True(metrics.ImportanceWeightedLogLikelihood >= metrics.Elbo);
    }

    [Fact]
    public void With_a_linear_decoder_the_bound_is_that_of_the_known_features_exactly()
    {
        LinearGaussian exact = LinearGaussian.Random(seed: 5, Vector<double>.Build.Dense([1, -2, 0.5, 3]), Vector<double>.Build.Dense([0.5, 0.1, 2, 1]), 6, 2);
        VaeModel model = exact.ToModel(VaeLikelihood.Gaussian, FeatureScaling.None(4));
        foreach (double[] row in exact.Draw(20, seed: 6).Chunk(4))
        {
            row[1] = double.NaN;
            var means = new double[2];
            var deviations = new double[2];
            model.Encode(row, means, deviations);
            double expected = Enumerable.Range(0, 2).Sum(l => -0.5 * (means[l] * means[l] + deviations[l] * deviations[l] - 1 - 2 * Math.Log(deviations[l])));
            foreach (int j in (int[])[0, 2, 3])
            {
                double mean = exact.Mean[j] + Enumerable.Range(0, 2).Sum(l => exact.Loadings[j, l] * means[l]);
                double spread = Enumerable.Range(0, 2).Sum(l => Math.Pow(exact.Loadings[j, l] * deviations[l], 2));
                expected += Twins.Gaussian(row[j], mean, exact.NoiseVariances[j]) - 0.5 * spread / exact.NoiseVariances[j];
            }
            Assert.Equal(expected, model.LogDensity(row), 1e-4);
        }
    }

    // The same networks without one of their inputs and its output.
    private static VaeModel Without(VaeModel model, int missing)
    {
        VaeArchitecture architecture = model.Architecture with { Dimension = D - 1 };
        float[][] weights = [.. model.Architecture.Parameters().Zip(model.Weights, (shape, values) => shape.Name switch
        {
            "encoder.0.weight" => values.Chunk(D).SelectMany(row => row.Where((_, j) => j != missing)).ToArray(),
            "decoder.output.weight" => [.. values.Chunk(7).Where((_, j) => j != missing).SelectMany(row => row)],
            "decoder.output.bias" => [.. values.Where((_, j) => j != missing)],
            "likelihood.logVariance" when values.Length == D => [.. values.Where((_, j) => j != missing)],
            // One variance for all is in multiples of the features' mean square, which is another without the feature.
            "likelihood.logVariance" => [values[0] + 2 * (float)Math.Log(FeatureScaling.RootMeanSquare(model.Scaling.Scales) / FeatureScaling.RootMeanSquare(Rest(model.Scaling.Scales)))],
            _ => values,
        })];
        return new VaeModel(architecture, new FeatureScaling(Rest(model.Scaling.Means), Rest(model.Scaling.Scales)), weights, model.ScoringNoise, model.Device);

        double[] Rest(double[] values) => [.. values.Where((_, j) => j != missing)];
    }
}
