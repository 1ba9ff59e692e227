using MathNet.Numerics.Distributions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.Vae;

/// <summary>New rows from a mixture that is fitted to the latent codes: they lie where the data are, and nothing else changes.</summary>
[Collection(nameof(ProcessWideState))]
public sealed class LatentMixtureTests
{
    private const int NumberOfRows = 600;

    // One cluster around (4, −4), one around (−4, 4).
    private static readonly double[] Rows = Clusters(NumberOfRows, seed: 1);

    private static readonly Lazy<VaeFit> FromPrior = new(() => Fit(0));

    private static readonly Lazy<VaeFit> FromMixture = new(() => Fit(2));

    [Fact]
    public void Rows_from_the_mixture_do_not_lie_between_clusters_and_those_from_the_prior_do()
    {
        double prior = ShareBetween(FromPrior.Value.Model.Sample(2000, seed: 3));
        double mixture = ShareBetween(FromMixture.Value.Model.Sample(2000, seed: 3));
        Assert.Equal(0, ShareBetween([.. Rows.Chunk(2)]));
        Assert.InRange(prior, 0.2, 1);
        Assert.InRange(mixture, 0, 0.01);
    }

    [Fact]
    public void Rows_from_the_mixture_are_likelier_under_the_law_of_the_data()
    {
        GaussianMixtureModel law = GaussianMixtureLearner.Fit(Clusters(2000, seed: 9), 2, new GaussianMixtureEstimator.Options { NumberOfComponents = 2, NumberOfThreads = 1 }).Model;
        double entropy = Clusters(2000, seed: 10).Chunk(2).Average(row => law.LogDensity(row));
        // Along the line between the clusters the spread of the codes' means, their posterior's and the noise of p(x|z) add up to three times the data's variance, which costs one nat.
        Assert.InRange(FromMixture.Value.Model.Sample(2000, seed: 3).Average(row => law.LogDensity(row)), entropy - 1.5, entropy);
        Assert.True(FromPrior.Value.Model.Sample(2000, seed: 3).Average(row => law.LogDensity(row)) < entropy - 10);
    }

    [Fact]
    public void The_mixture_is_that_of_the_codes()
    {
        VaeModel model = FromMixture.Value.Model;
        Assert.NotNull(model.LatentMixture);
        Assert.Equal(2, model.LatentMixture.NumberOfComponents);
        Assert.Equal(1, model.LatentMixture.Dimension);
        Assert.Null(FromPrior.Value.Model.LatentMixture);

        // The aggregate posterior of each cluster: the mean of the means; the mean of the variances and the variance of the means.
        double[] means = new double[NumberOfRows];
        double[] deviations = new double[NumberOfRows];
        model.Encode(Rows, means, deviations);
        foreach (bool isFirst in (bool[])[true, false])
        {
            int[] members = [.. Enumerable.Range(0, NumberOfRows).Where(n => Rows[2 * n] > 0 == isFirst)];
            double mean = members.Average(n => means[n]);
            double variance = members.Average(n => deviations[n] * deviations[n] + (means[n] - mean) * (means[n] - mean));
            int k = Math.Abs(model.LatentMixture.Means[0][0] - mean) < Math.Abs(model.LatentMixture.Means[1][0] - mean) ? 0 : 1;
            Assert.Equal((double)members.Length / NumberOfRows, model.LatentMixture.Weights[k], tolerance: 1e-6);
            // Four standard errors.
            Assert.Equal(mean, model.LatentMixture.Means[k][0], tolerance: 4 * Math.Sqrt(variance / members.Length));
            Assert.Equal(variance, model.LatentMixture.Covariances[k][0, 0], tolerance: 4 * variance * Math.Sqrt(2.0 / members.Length));
        }
    }

    [Fact]
    public void Weights_and_densities_are_those_of_the_same_training_without_it()
    {
        (VaeModel expected, VaeModel found) = (FromPrior.Value.Model, FromMixture.Value.Model);
        Assert.All(expected.Weights.Zip(found.Weights), pair => Assert.Equal(pair.First, pair.Second));
        var (one, other) = (new double[NumberOfRows], new double[NumberOfRows]);
        expected.LogDensity(Rows, one);
        found.LogDensity(Rows, other);
        Assert.Equal(one, other);
        Assert.Equal(FromPrior.Value.Summary.Epochs, FromMixture.Value.Summary.Epochs);
        Assert.Equal(expected.Evaluate(Rows).ImportanceWeightedLogLikelihood, found.Evaluate(Rows).ImportanceWeightedLogLikelihood);
    }

    [Fact]
    public void A_seed_decides_the_mixture_and_the_rows_and_fewer_are_the_first_of_more()
    {
        VaeModel model = FromMixture.Value.Model;
        VaeModel again = Fit(2).Model;
        Assert.Equal(model.LatentMixture!.Weights, again.LatentMixture!.Weights);
        Assert.Equal(model.LatentMixture.Means, again.LatentMixture.Means);
        Assert.Equal(model.LatentMixture.Covariances, again.LatentMixture.Covariances);
        Assert.NotEqual(model.LatentMixture.Means, Fit(2, seed: 5).Model.LatentMixture!.Means);

        double[][] rows = model.Sample(150, seed: 4);
        foreach (int count in (int[])[0, 1, 31, 32, 33, 149])
            Assert.Equal(rows[..count], again.Sample(count, seed: 4));
        Assert.NotEqual(rows[0], model.Sample(1, seed: 5)[0]);
    }

    [Fact]
    public void Summary_says_where_samples_come_from()
    {
        VaeSummary summary = FromMixture.Value.Summary;
        string note = Assert.Single(summary.Notes, note => note.Contains("Gaussian mixture", StringComparison.Ordinal));
        Assert.StartsWith("Samples come from a Gaussian mixture of 2 components, fitted to the latent codes of 600 rows: mean log-likelihood -", note, StringComparison.Ordinal);
        Assert.Empty(summary.Warnings);
        Assert.DoesNotContain(FromPrior.Value.Summary.Notes, note => note.Contains("mixture", StringComparison.Ordinal));
    }

    [Fact]
    public void Fresh_process_draws_the_same_rows()
    {
        var context = new MLContext(seed: 1);
        IDataView data = DataViews.OfFeatures(Rows, 2, isSingle: true);
        VaeTransformer fitted = context.Transforms.Vae(Options(2)).Fit(data);
        RowTable drawn = RowTable.Read(fitted.Sample(100, seed: 7));

        var file = ModelFile.Save(fitted, data.Schema);
        var loaded = (VaeTransformer)file.Load();
        drawn.AssertSame(RowTable.Read(loaded.Sample(100, seed: 7)), "loaded");
        Assert.Equal(fitted.Model.LatentMixture!.Weights, loaded.Model.LatentMixture!.Weights);
        Assert.Equal(fitted.Model.LatentMixture.Covariances, loaded.Model.LatentMixture.Covariances);
        Assert.Equal(fitted.Summary.Notes, loaded.Summary.Notes);
        RowTable.Read(fitted.Transform(data)).AssertSame(RowTable.Read(loaded.Transform(data)), "scores");

        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.PathOf("model.zip"), file.Bytes);
        IReadOnlyList<string> lines = FreshProcess.RunAmongTests("SampleFromFile", folder.PathOf("model.zip"), "100", "7");
        Assert.Equal(drawn.Format("Features").Select(row => $"0;{row}"), lines);
    }

    [Fact]
    public void Rows_count_by_their_weights_and_missing_values_do_no_harm()
    {
        // The rarer cluster, a third of the rows, counts four times.
        double[] weights = [.. Enumerable.Range(0, NumberOfRows).Select(n => n % 3 == 0 ? 4.0 : 1.0)];
        GaussianMixtureModel weighted = VaeLearner.Fit(Rows, 2, Options(2), weights).Model.LatentMixture!;
        Assert.Equal([1.0 / 3, 2.0 / 3], weighted.Weights.Order().Select(weight => Math.Round(weight, 6)), (a, b) => Math.Abs(a - b) < 1e-5);

        double[] holes = [.. Rows.Select((value, i) => i % 7 == 0 ? double.NaN : value)];
        VaeModel model = VaeLearner.Fit(holes, 2, Options(2)).Model;
        Assert.InRange(model.LatentMixture!.Weights.Min(), 0.25, 0.42);
        Assert.All(model.Sample(200, seed: 1), row => Assert.All(row, value => Assert.True(double.IsFinite(value))));
    }

    [Fact]
    public void Mixture_that_is_none_is_refused_when_a_file_is_read()
    {
        (string Problem, double Weight, double Covariance)[] files = [("sum to 0.9", 0.4, 1), ("not positive definite", 0.5, -1), ("is NaN", double.NaN, 1), ("covariance of the latent mixture is", 0.5, double.PositiveInfinity)];
        foreach ((string problem, double weight, double covariance) in files)
        {
            FormatException exception = Assert.ThrowsAny<FormatException>(() => Read(writer =>
            {
                writer.Write(2);
                foreach (double number in (double[])[0.5, 0, 1, weight, 3, covariance])
                    writer.Write(number);
            }));
            Assert.Contains(problem, exception.Message, StringComparison.Ordinal);
        }
        Assert.ThrowsAny<FormatException>(() => Read(writer => writer.Write(1)));
        Assert.ThrowsAny<FormatException>(() => Read(writer => writer.Write(-1)));
        Assert.Null(Read(writer => writer.Write(0)));
    }

    [Fact]
    public void Bad_numbers_of_components()
    {
        Assert.Throws<ArgumentOutOfRangeException>(nameof(VaeEstimator.Options.LatentMixtureComponents), () => new MLContext().Transforms.Vae(Options(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(nameof(VaeEstimator.Options.LatentMixtureComponents), () => VaeLearner.Fit(Rows, 2, Options(-1)));

        // Before the training, not after it.
        VaeEstimator.Options many = Options(11);
        many.Progress = new Listener(_ => Assert.Fail("The training should not have begun."));
        ArgumentException exception = Assert.Throws<ArgumentException>(() => VaeLearner.Fit(Rows.AsMemory(0, 20), 2, many));
        Assert.Contains("LatentMixtureComponents is 11, but there are only 10 rows to fit the mixture to", exception.Message, StringComparison.Ordinal);

        string warning = Assert.Single(VaeLearner.Fit(Rows.AsMemory(0, 20), 2, Options(8)).Summary.Warnings, warning => warning.Contains("LatentMixtureComponents", StringComparison.Ordinal));
        Assert.Contains("want at least 16 rows; there are 10", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_reaches_the_mixture()
    {
        using var source = new CancellationTokenSource();
        VaeEstimator.Options options = Options(2);
        options.CancellationToken = source.Token;
        options.Progress = new Listener(progress =>
        {
            if (progress.Epoch.Number == options.NumberOfEpochs)
                source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => VaeLearner.Fit(Rows, 2, options));
    }

    private static GaussianMixtureModel? Read(Action<BinaryWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
            ModelBlock.Write(writer, write);
        using var reader = new BinaryReader(new MemoryStream(stream.ToArray()));
        return ModelBlock.Read(new MLContext(), reader, block => LatentMixtureFormat.Read(block, 1));
    }

    private static double ShareBetween(double[][] rows) => rows.Count(row => Math.Abs(row[0] - row[1]) < 4) / (double)rows.Length;

    private static double[] Clusters(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).SelectMany(n =>
        {
            double sign = n % 3 == 0 ? -1 : 1;
            return (double[])[Normal.Sample(random, 4 * sign, 0.5), Normal.Sample(random, -4 * sign, 0.5)];
        })];
    }

    private static VaeFit Fit(int components, int seed = 1) => VaeLearner.Fit(Rows, 2, Options(components, seed));

    private static VaeEstimator.Options Options(int components, int seed = 1) => new()
    {
        LatentDimension = 1,
        HiddenLayers = [],
        Likelihood = VaeLikelihood.GaussianSharedVariance,
        NumberOfEpochs = 60,
        BatchSize = 50,
        LearningRate = 1e-2,
        LogDensityColumnName = "LogDensity",
        LatentMixtureComponents = components,
        Seed = seed,
        NumberOfThreads = 1,
    };
}
