using MathNet.Numerics.LinearAlgebra;
using Microsoft.ML;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Scores as importance-weighted bounds, where everything is known: z ~ N(0, 1), x | z ~ N(z, 1), x = 1.5.</summary>
public sealed class ImportanceWeightedScoreTests : TorchTests
{
    private const double LogDensity = -1.82801212;
    private const double LowerBoundOfPrior = -2.54393853;

    private static readonly LinearGaussian Example = new(
        Matrix<double>.Build.Dense(1, 1, 1), Vector<double>.Build.Dense(1), Vector<double>.Build.Dense(1, 1));

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(200)]
    public void With_the_posterior_as_proposal_a_score_is_the_log_density(int samples)
    {
        VaeModel model = Example.ToModel(VaeLikelihood.GaussianFixedVariance, FeatureScaling.None(1), samples);
        Assert.Equal(LogDensity, model.LogDensity([1.5]), 2e-6);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(50)]
    [InlineData(130)]
    public void With_the_prior_as_proposal_a_score_is_the_bound_of_the_models_own_samples(int samples)
    {
        VaeModel model = ModelWithPriorAsProposal(samples, seed: 3);
        float[] noise = model.ScoringNoise.Importance;
        Assert.Equal(samples, noise.Length);
        foreach (double x in (double[])[1.5, -4, 0])
            Assert.Equal(Bound(noise, x), model.LogDensity([x]), 1e-5);
    }

    [Theory]
    [InlineData(2, -2.0996, 0.0013)]
    [InlineData(5, -1.9096, 0.0006)]
    [InlineData(10, -1.8648, 0.0004)]
    [InlineData(50, -1.8347, 0.0004)]
    public void Over_many_seeds_the_samples_give_the_bounds_that_are_known(int samples, double expected, double error)
    {
        double[] bounds = [.. Enumerable.Range(0, 40_000).Select(seed => Bound(ScoringNoise.Create(seed, 2, samples, 1).Importance, 1.5))];
        double mean = bounds.Average();
        double ownError = Math.Sqrt(bounds.Average(bound => (bound - mean) * (bound - mean)) / bounds.Length);
        Assert.True(ownError < 0.006);
        Assert.InRange(Math.Abs(mean - expected) / Math.Sqrt(error * error + ownError * ownError), 0, 4);
        Assert.InRange(mean, LowerBoundOfPrior, LogDensity);
    }

    [Fact]
    public void Models_of_many_seeds_come_to_the_bound_that_is_known()
    {
        double[] bounds = [.. Enumerable.Range(0, 300).Select(seed => ModelWithPriorAsProposal(50, seed).LogDensity([1.5]))];
        double mean = bounds.Average();
        double error = Math.Sqrt(bounds.Average(bound => (bound - mean) * (bound - mean)) / bounds.Length);
        Assert.InRange(Math.Abs(mean + 1.8347) / Math.Sqrt(0.0004 * 0.0004 + error * error), 0, 4);
    }

    [Fact]
    public void Measures_keep_the_evidence_lower_bound()
    {
        VaeModel plain = ModelWithPriorAsProposal(1, seed: 3);
        VaeModel weighted = ModelWithPriorAsProposal(20, seed: 3);
        Assert.Equal(LowerBoundOfPrior, plain.LogDensity([1.5]), 1e-6);
        VaeMetrics expected = plain.Evaluate([1.5, 0, 2]);
        VaeMetrics found = weighted.Evaluate([1.5, 0, 2]);
        Assert.Equal(expected.Elbo, found.Elbo);
        Assert.Equal(expected.ImportanceWeightedLogLikelihood, found.ImportanceWeightedLogLikelihood);
        Assert.True(weighted.LogDensity([1.5]) > LowerBoundOfPrior + 0.3);
    }

    [Fact]
    public void Column_model_and_prediction_engine_agree_to_the_bit_also_after_loading()
    {
        var context = new MLContext(seed: 1);
        var data = DataViews.OfFeatures(ClassicData.Iris, 4, isSingle: true);
        var options = new VaeEstimator.Options { LatentDimension = 2, HiddenLayers = [8], NumberOfEpochs = 3, NumberOfThreads = 1, LogDensityColumnName = "LogDensity", ScoringSamples = 7 };
        VaeTransformer transformer = context.Transforms.Vae(options).Fit(data);
        ITransformer loaded = ModelFile.Save(transformer, data.Schema).Load();
        Scored[] expected = [.. context.Data.CreateEnumerable<Scored>(transformer.Transform(data), reuseRowObject: false)];
        Scored[] again = [.. context.Data.CreateEnumerable<Scored>(loaded.Transform(data), reuseRowObject: false)];
        using PredictionEngine<Scored, Scored> engine = context.Model.CreatePredictionEngine<Scored, Scored>(loaded);
        for (int n = 0; n < 150; n++)
        {
            Scored one = engine.Predict(expected[n]);
            Assert.Equal(expected[n].LogDensity, one.LogDensity);
            Assert.Equal(expected[n].Latent, one.Latent);
            Assert.Equal(expected[n].LogDensity, again[n].LogDensity);
            Assert.Equal(expected[n].LogDensity, (float)transformer.Model.LogDensity([.. expected[n].Features.Select(value => (double)value)]));
        }
    }

    private static VaeModel ModelWithPriorAsProposal(int samples, int seed) => Example.ToModel(
        VaeLikelihood.GaussianFixedVariance, FeatureScaling.None(1), Matrix<double>.Build.Dense(1, 1, 0), Vector<double>.Build.Dense(1, 1), samples, seed);

    // With q the prior, weights are p(x|z).
    private static double Bound(float[] noise, double x) => Math.Log(noise.Average(z => Math.Exp(Twins.Gaussian(x, z, 1))));

    private sealed class Scored
    {
        [Microsoft.ML.Data.VectorType(4)]
        public float[] Features { get; set; } = [];

        [Microsoft.ML.Data.VectorType(2)]
        public float[] Latent { get; set; } = [];

        public float LogDensity { get; set; }
    }
}
