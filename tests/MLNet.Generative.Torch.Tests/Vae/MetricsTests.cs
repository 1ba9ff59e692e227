using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The numbers that a model reports agree with each other and with the rows that they are about.</summary>
public sealed class MetricsTests : TorchTests
{
    private readonly VaeModel _model = SmallVae.Fit(options => options.LatentDimension = 3).Model;

    [Fact]
    public void The_parts_add_up()
    {
        VaeMetrics metrics = _model.Evaluate(SmallVae.Rows);
        Assert.Equal(200, metrics.NumberOfRows);
        Assert.Equal(3, metrics.KlDivergencePerDimension.Count);
        Assert.Equal(metrics.KlDivergencePerDimension.Sum(), metrics.KlDivergence, 1e-12);
        Assert.All(metrics.KlDivergencePerDimension, kl => Assert.True(kl >= 0));
        Assert.Equal(metrics.Reconstruction - metrics.KlDivergence, metrics.Elbo, 1e-12);
        Assert.Equal(SmallVae.Rows.Chunk(SmallVae.Dimension).Average(row => _model.LogDensity(row)), metrics.Elbo, 1e-12);
    }

    [Fact]
    public void The_divergence_is_that_of_the_posteriors()
    {
        var means = new double[600];
        var deviations = new double[600];
        _model.Encode(SmallVae.Rows, means, deviations);
        VaeMetrics metrics = _model.Evaluate(SmallVae.Rows);
        for (int l = 0; l < 3; l++)
        {
            double expected = Enumerable.Range(0, 200).Select(n => 3 * n + l).Average(i =>
                0.5 * (means[i] * means[i] + deviations[i] * deviations[i] - 1 - 2 * Math.Log(deviations[i])));
            Assert.Equal(expected, metrics.KlDivergencePerDimension[l], 1e-5);
        }
    }

    [Fact]
    public void Latents_are_active_whose_mean_varies()
    {
        double[] means = _model.Encode(SmallVae.Rows);
        int expected = Enumerable.Range(0, 3).Count(l =>
        {
            double[] values = [.. Enumerable.Range(0, 200).Select(n => means[3 * n + l])];
            return values.Average(value => value * value) - values.Average() * values.Average() > 0.01;
        });
        Assert.InRange(expected, 1, 3);
        Assert.Equal(expected, _model.Evaluate(SmallVae.Rows).NumberOfActiveUnits);
        // One row, however often, varies in nothing.
        Assert.Equal(0, _model.Evaluate([.. Enumerable.Repeat(SmallVae.Rows[..5], 40).SelectMany(row => row)]).NumberOfActiveUnits);
    }

    [Fact]
    public void Rows_twice_over_have_the_same_means()
    {
        VaeMetrics once = _model.Evaluate(SmallVae.Rows);
        VaeMetrics twice = _model.Evaluate([.. SmallVae.Rows, .. SmallVae.Rows]);
        Assert.Equal(400, twice.NumberOfRows);
        Assert.Equal(once.Elbo, twice.Elbo, 1e-12);
        Assert.Equal(once.KlDivergence, twice.KlDivergence, 1e-12);
        Assert.Equal(once.NumberOfActiveUnits, twice.NumberOfActiveUnits);
    }

    [Fact]
    public void The_importance_weighted_bound_is_at_least_the_lower_bound()
    {
        VaeMetrics few = _model.Evaluate(SmallVae.Rows, numberOfImportanceSamples: 1);
        VaeMetrics many = _model.Evaluate(SmallVae.Rows, numberOfImportanceSamples: 200);
        Assert.Equal(200, many.NumberOfImportanceSamples);
        Assert.True(many.ImportanceWeightedLogLikelihood > few.ImportanceWeightedLogLikelihood);
        Assert.True(many.ImportanceWeightedLogLikelihood > many.Elbo);
        Assert.Equal(few.Elbo, many.Elbo);
    }

    [Fact]
    public void The_epochs_report_the_weighted_objective_and_its_parts()
    {
        foreach (float beta in (float[])[0, 1, 4])
        {
            VaeSummary summary = SmallVae.Fit(options => options.Beta = beta).Summary;
            Assert.Equal(Enumerable.Range(1, 20), summary.Epochs.Select(epoch => epoch.Number));
            Assert.All(summary.Epochs, epoch => Assert.Equal(epoch.Reconstruction - beta * epoch.KlDivergence, epoch.Objective, 1e-9));
            Assert.Equal(summary.Epochs[^1].KlDivergence, summary.KlDivergencePerDimension.Sum(), 1e-12);
            Assert.True(summary.Epochs[^1].Objective > summary.Epochs[0].Objective);
        }
    }

    [Fact]
    public void Doubling_every_feature_doubles_the_reconstruction_and_leaves_the_divergence()
    {
        VaeModel twice = DoubleFeatures(_model);
        double[] rows = [.. SmallVae.Rows.Chunk(SmallVae.Dimension).SelectMany(row => (double[])[.. row, .. row])];
        VaeMetrics expected = _model.Evaluate(SmallVae.Rows);
        VaeMetrics found = twice.Evaluate(rows);
        Assert.Equal(2 * expected.Reconstruction, found.Reconstruction, 1e-4);
        Assert.Equal(expected.KlDivergence, found.KlDivergence, 1e-5);
    }

    // The same networks, with an encoder that looks at the first copy and a decoder that gives both.
    private static VaeModel DoubleFeatures(VaeModel model)
    {
        VaeArchitecture architecture = model.Architecture with { Dimension = 2 * model.Dimension };
        var weights = new List<float[]>();
        foreach ((ParameterShape shape, float[] values) in model.Architecture.Parameters().Zip(model.Weights))
        {
            weights.Add(shape.Name switch
            {
                "encoder.0.weight" => [.. values.Chunk(model.Dimension).SelectMany(row => (float[])[.. row, .. new float[model.Dimension]])],
                "decoder.output.weight" or "decoder.output.bias" or "likelihood.logVariance" => [.. values, .. values],
                _ => values,
            });
        }
        var scaling = new FeatureScaling([.. model.Scaling.Means, .. model.Scaling.Means], [.. model.Scaling.Scales, .. model.Scaling.Scales]);
        return new VaeModel(architecture, scaling, weights, model.ScoringNoise, model.Device);
    }
}
