using MathNet.Numerics.Distributions;
using Microsoft.ML;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>A family of emissions with frames that it can emit and its learner, so that one test can run over all families.</summary>
internal sealed record EmissionCase(string Name, int Dimension, Action<Random, Span<double>> DrawFrame, Func<WeightedRows, HmmPrior, EmissionLearner> CreateLearner)
{
    public const int NumberOfStates = 3;

    private static readonly EmissionCase[] All =
    [
        OfGaussians(CovarianceType.Full, 1),
        OfGaussians(CovarianceType.Diagonal, 1),
        OfGaussians(CovarianceType.Full, 2),
        OfGaussians(CovarianceType.Tied, 2),
        OfGaussians(CovarianceType.Diagonal, 2),
        OfGaussians(CovarianceType.Spherical, 2),
        new("Categorical", 1, DrawSymbol, (frames, prior) => new CategoricalEmissionLearner(NumberOfStates, frames, 5, prior)),
        new("Poisson", 2, DrawCounts, (frames, prior) => new PoissonEmissionLearner(NumberOfStates, frames, prior)),
        new("Multinomial", 3, DrawCounts, (frames, prior) => new MultinomialEmissionLearner(NumberOfStates, frames, prior)),
        new("Bernoulli", 3, DrawBits, (frames, prior) => new BernoulliEmissionLearner(NumberOfStates, frames, prior)),
        new("Product", 6, DrawProduct, (frames, prior) => new ProductEmissionLearner(frames, [2, 1, 2, 1], (part, own) => part switch
        {
            0 => new GaussianEmissionLearner(NumberOfStates, own, Moments(own), InputPrecision.Double, CovarianceType.Full, 0, prior),
            1 => new CategoricalEmissionLearner(NumberOfStates, own, 5, prior),
            2 => new PoissonEmissionLearner(NumberOfStates, own, prior),
            _ => new BernoulliEmissionLearner(NumberOfStates, own, prior),
        })),
    ];

    public static TheoryData<string> Names => [.. All.Select(family => family.Name)];

    public static EmissionCase Get(string name) => All.Single(family => family.Name == name);

    public static DataMoments Moments(WeightedRows frames) => DataMoments.Of(frames, withCovariance: true, 1, default);

    public static GaussianMixtureEmissionLearner CreateMixtureLearner(WeightedRows frames, CovarianceType type, int components, HmmPrior prior) =>
        new(NumberOfStates, components, frames, Moments(frames), InputPrecision.Double, type, 0, prior, 1, default);

    /// <summary>A learner and emissions that it starts from, with the frames that it knows.</summary>
    public (WeightedRows Frames, EmissionLearner Learner, HmmEmission Start) Create(Random random, int count, HmmPrior? prior = null)
    {
        var values = new double[count * Dimension];
        for (int n = 0; n < count; n++)
            DrawFrame(random, values.AsSpan(n * Dimension, Dimension));
        var frames = new WeightedRows(values, Dimension, default);
        EmissionLearner learner = CreateLearner(frames, prior ?? new HmmPrior());
        int[]? clusters = learner.CanStartFromClusters ? [.. Enumerable.Range(0, count).Select(_ => random.Next(NumberOfStates))] : null;
        return (frames, learner, learner.Start(frames, clusters, random));
    }

    public static RowTile Tile(WeightedRows frames)
    {
        var tile = new RowTile(frames.Dimension);
        frames.Load(tile, 0);
        return tile;
    }

    /// <summary>Responsibilities of a tile's frames that sum to 1 for each frame, or to 0 beyond the end.</summary>
    public static double[] Responsibilities(Random random, int count, int states = NumberOfStates)
    {
        var responsibilities = new double[states * RowTile.Rows];
        for (int n = 0; n < count; n++)
        {
            double[] shares = [.. Enumerable.Range(0, states).Select(_ => -Math.Log(1 - random.NextDouble()))];
            for (int k = 0; k < states; k++)
                responsibilities[k * RowTile.Rows + n] = shares[k] / shares.Sum();
        }
        return responsibilities;
    }

    public static EmissionStatistics Gather(EmissionLearner learner, HmmEmission current, WeightedRows frames, double[] responsibilities)
    {
        EmissionStatistics statistics = learner.CreateStatistics(current);
        statistics.Add(Tile(frames), frames.Count, responsibilities);
        return statistics;
    }

    /// <summary>log p of one frame in every state.</summary>
    public static double[] LogLikelihoods(HmmEmission emission, params double[] frame)
    {
        var result = new double[emission.NumberOfStates];
        emission.LogLikelihoods(frame, result);
        return result;
    }

    /// <summary>Σ γ log p(x) over a tile, frame by frame.</summary>
    public static double ExpectedLogLikelihood(HmmEmission emission, WeightedRows frames, double[] responsibilities)
    {
        double sum = 0;
        for (int n = 0; n < frames.Count; n++)
        {
            double[] ofStates = LogLikelihoods(emission, frames.Row(n).ToArray());
            for (int k = 0; k < ofStates.Length; k++)
            {
                double r = responsibilities[k * RowTile.Rows + n];
                sum += r == 0 ? 0 : r * ofStates[k];
            }
        }
        return sum;
    }

    public static byte[] Write(HmmEmission emission)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
            HmmEmissionFormat.Write(writer, emission);
        return stream.ToArray();
    }

    public static HmmEmission Read(byte[] bytes)
    {
        using var reader = new BlockReader(new MLContext(), bytes);
        HmmEmission emission = HmmEmissionFormat.Read(reader);
        Assert.Equal(0, reader.Remaining);
        return emission;
    }

    private static EmissionCase OfGaussians(CovarianceType type, int components) => new(
        components == 1 ? $"Gaussian {type}" : $"GaussianMixture {type}",
        2,
        DrawPoint,
        (frames, prior) => components == 1
            ? new GaussianEmissionLearner(NumberOfStates, frames, Moments(frames), InputPrecision.Double, type, 0, prior)
            : CreateMixtureLearner(frames, type, components, prior));

    private static void DrawPoint(Random random, Span<double> frame)
    {
        double blob = 3 * random.Next(3);
        for (int j = 0; j < frame.Length; j++)
            frame[j] = blob * (j % 2 == 0 ? 1 : -1) + Normal.Sample(random, 0, 1);
    }

    private static void DrawSymbol(Random random, Span<double> frame) => frame[0] = random.Next(5);

    private static void DrawCounts(Random random, Span<double> frame)
    {
        for (int j = 0; j < frame.Length; j++)
            frame[j] = random.Next(1 << random.Next(1, 12));
    }

    private static void DrawBits(Random random, Span<double> frame)
    {
        for (int j = 0; j < frame.Length; j++)
            frame[j] = random.Next(2);
    }

    private static void DrawProduct(Random random, Span<double> frame)
    {
        DrawPoint(random, frame[..2]);
        DrawSymbol(random, frame[2..3]);
        DrawCounts(random, frame[3..5]);
        DrawBits(random, frame[5..]);
    }
}
