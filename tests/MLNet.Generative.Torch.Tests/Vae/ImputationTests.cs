using CsCheck;
using TorchSharp;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>What imputation keeps, and what it depends on.</summary>
public sealed class ImputationTests : TorchTests
{
    private const int D = SmallVae.Dimension;

    private static readonly double[] Incomplete = Holes.Punch(SmallVae.Grey, 0.4, seed: 2);

    [Theory]
    [MemberData(nameof(VaeDeterminismTests.AllLikelihoods), MemberType = typeof(VaeDeterminismTests))]
    public void Known_values_keep_every_bit_and_missing_ones_become_numbers_that_can_occur(VaeLikelihood likelihood)
    {
        VaeModel model = VaeDeterminismTests.Fit(likelihood, seed: 3).Model;
        double[] found = model.Impute(Incomplete);
        Assert.Equal(Incomplete.Length, found.Length);
        for (int i = 0; i < found.Length; i++)
        {
            if (double.IsNaN(Incomplete[i]))
                Assert.True(double.IsFinite(found[i]) && (model.Architecture.IsGaussian || found[i] is > 0 and < 1));
            else
                Assert.Equal(BitConverter.DoubleToInt64Bits(Incomplete[i]), BitConverter.DoubleToInt64Bits(found[i]));
        }
        Assert.Equal(SmallVae.Grey, model.Impute(SmallVae.Grey));
        Assert.Empty(model.Impute([]));
    }

    [Fact]
    public void More_samples_than_memory_can_hold_are_an_error() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SmallVae.Fit(options => options.NumberOfEpochs = 1).Model.Impute([1, double.NaN, 1, 1, 1], int.MaxValue));

    [Fact]
    public void A_row_is_imputed_alike_alone_and_among_any_others()
    {
        VaeModel model = VaeDeterminismTests.Fit(VaeLikelihood.Gaussian, seed: 3).Model;
        double[][] alone = [.. Incomplete.Chunk(D).Take(40).Select(row => model.Impute(row))];
        Gen.Int[0, 39].Array[1, 20].Sample(
            chosen => Assert.Equal(chosen.SelectMany(n => alone[n]), model.Impute([.. chosen.SelectMany(n => Incomplete[(D * n)..(D * n + D)])])),
            iter: 20,
            threads: 1);
        double[] odd = [double.NaN, double.PositiveInfinity, 1, 1, 1];
        Assert.Equal(alone[1], model.Impute([.. odd, .. Incomplete[D..(2 * D)], .. odd])[D..(2 * D)]);
    }

    [Fact]
    public void Threads_do_not_matter_and_no_tensor_is_left()
    {
        VaeModel model = VaeDeterminismTests.Fit(VaeLikelihood.ContinuousBernoulli, seed: 3).Model;
        double[] rows = Incomplete[..(20 * D)];
        double[] expected = model.Impute(rows);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long before = torch.Tensor.TotalCount;
        Parallel.For(0, 12, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ => Assert.Equal(expected, model.Impute(rows)));
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void The_seed_and_the_number_of_samples_decide_the_codes()
    {
        VaeModel model = SmallVae.Fit().Model;
        double[] rows = Holes.Punch(SmallVae.Rows, 0.4, seed: 2)[..(20 * D)];
        Assert.Equal(model.Impute(rows, 1000, seed: 0), model.Impute(rows));
        Assert.NotEqual(model.Impute(rows, seed: 1), model.Impute(rows));
        foreach (int samples in (int[])[1, 2, 3, 7, 1023, 1024, 1025])
            Assert.All(model.Impute(rows, samples), value => Assert.True(double.IsFinite(value)));
        Assert.NotEqual(model.Impute(rows, 1024), model.Impute(rows, 1025));
    }

    [Fact]
    public void A_row_that_cannot_be_conditioned_on_gets_the_means_of_the_model()
    {
        VaeModel grey = VaeDeterminismTests.Fit(VaeLikelihood.ContinuousBernoulli, seed: 3).Model;
        double[] means = grey.Impute([.. Enumerable.Repeat(double.NaN, D)]);
        foreach (double odd in (double[])[double.PositiveInfinity, double.NegativeInfinity, 1.5, -0.1])
            Assert.Equal([odd, means[1], 0.5, means[3], 1], grey.Impute([odd, double.NaN, 0.5, double.NaN, 1]));

        VaeModel real = SmallVae.Fit().Model;
        means = real.Impute([.. Enumerable.Repeat(double.NaN, D)]);
        Assert.Equal([1e300, means[1], 0, 0, 0], real.Impute([1e300, double.NaN, 0, 0, 0]));
        // Far away, and yet a number.
        Assert.All(real.Impute([1e5, double.NaN, double.NaN, 0, 0]), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Imputed_values_are_nearer_to_the_truth_than_means()
    {
        VaeModel model = SmallVae.Fit(options => options.NumberOfEpochs = 100).Model;
        double[] holes = Holes.Punch(SmallVae.Rows, 0.2, seed: 9);
        double Error(double[] found) => found.Select((value, i) => Math.Pow((value - SmallVae.Rows[i]) / model.Scaling.Scales[i % D], 2)).Sum();
        Assert.True(Error(model.Impute(holes)) < 0.6 * Error(Holes.FillWithMeans(holes, D)));
    }

    [Fact]
    public void More_latent_dimensions_than_features_and_no_hidden_layers_do()
    {
        foreach (int[] layers in (int[][])[[], [16, 8]])
        {
            VaeModel model = SmallVae.Fit(options => (options.LatentDimension, options.HiddenLayers) = (12, layers)).Model;
            Assert.All(model.Impute(Holes.Punch(SmallVae.Rows[..(30 * D)], 0.5, seed: 9)), value => Assert.True(double.IsFinite(value)));
        }
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        VaeModel model = SmallVae.Fit(options => options.NumberOfEpochs = 1).Model;
        Assert.Contains("There are 7 values", Assert.Throws<ArgumentException>(() => model.Impute(new double[7])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("numberOfImportanceSamples", () => model.Impute(new double[D], 0));
        Assert.Contains("ImputationSamples", Assert.ThrowsAny<ArgumentException>(() => SmallVae.Fit(options => options.ImputationSamples = 0)).Message, StringComparison.Ordinal);
    }
}
