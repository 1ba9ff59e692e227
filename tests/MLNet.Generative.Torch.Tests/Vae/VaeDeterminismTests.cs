using TorchSharp;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The same seed gives the same bits, a row's results depend on that row alone, and nothing that the process shares is changed.</summary>
public sealed class VaeDeterminismTests : TorchTests
{
    private static readonly VaeLikelihood[] Likelihoods =
        [VaeLikelihood.Bernoulli, VaeLikelihood.ContinuousBernoulli, VaeLikelihood.Gaussian, VaeLikelihood.GaussianSharedVariance, VaeLikelihood.GaussianFixedVariance];

    public static TheoryData<VaeLikelihood> AllLikelihoods => [.. Likelihoods];

    [Theory]
    [MemberData(nameof(AllLikelihoods))]
    public void A_seed_decides_every_bit(VaeLikelihood likelihood)
    {
        VaeFit first = Fit(likelihood, seed: 5);
        AssertSame(first, Fit(likelihood, seed: 5));
        AssertDifferent(first, Fit(likelihood, seed: 6));
        // Only the sign and the upper half of the bits differ.
        AssertDifferent(Fit(likelihood, seed: int.MinValue), Fit(likelihood, seed: 0));
    }

    [Fact]
    public void Validation_and_binarisation_and_several_samples_follow_the_seed_too()
    {
        VaeFit Train(int seed) => VaeLearner.Fit(SmallVae.Grey, SmallVae.Dimension, SmallVae.Options(options =>
        {
            (options.Seed, options.ValidationFraction, options.DynamicBinarization, options.SamplesPerRow, options.Objective) = (seed, 0.3f, true, 3, VaeObjective.SampledKl);
        }));
        VaeFit first = Train(5);
        AssertSame(first, Train(5));
        AssertDifferent(first, Train(6));
    }

    [Fact]
    public void Without_a_seed_a_learner_takes_zero() => AssertSame(SmallVae.Fit(options => options.Seed = null), SmallVae.Fit(options => options.Seed = 0));

    [Fact]
    public void Two_fits_at_once_are_as_if_alone()
    {
        VaeFit alone = Fit(VaeLikelihood.Gaussian, seed: 1);
        VaeFit otherAlone = Fit(VaeLikelihood.Bernoulli, seed: 2);
        using var start = new Barrier(2);
        VaeFit? together = null;
        VaeFit? otherTogether = null;
        var first = new Thread(() => { start.SignalAndWait(); together = Fit(VaeLikelihood.Gaussian, seed: 1); });
        var second = new Thread(() => { start.SignalAndWait(); otherTogether = Fit(VaeLikelihood.Bernoulli, seed: 2); });
        first.Start();
        second.Start();
        first.Join();
        second.Join();
        AssertSame(alone, together!);
        AssertSame(otherAlone, otherTogether!);
    }

    [Fact]
    public void The_global_generator_is_neither_read_nor_changed()
    {
        byte[] before = GlobalState();
        VaeModel model = SmallVae.Fit(options => options.ValidationFraction = 0.2f).Model;
        model.Evaluate(SmallVae.Rows, 40);
        model.Sample(50, seed: 3);
        model.LogDensity(SmallVae.Rows, new double[200]);
        model.Reconstruct(SmallVae.Rows);
        foreach (VaeLikelihood likelihood in Likelihoods)
            Fit(likelihood, seed: 1).Model.Sample(5, seed: 1);
        Assert.Equal(before, GlobalState());

        // And what it was does not matter.
        byte[] kept = GlobalState();
        torch.manual_seed(1234);
        AssertSame(Fit(VaeLikelihood.Gaussian, seed: 1), FitAfter(() => torch.manual_seed(99)));
        using torch.Tensor restored = torch.tensor(kept);
        torch.Generator.Default.set_state(restored);
    }

    [Fact]
    public void The_number_of_threads_is_set_back_also_after_a_failure()
    {
        torch.set_num_threads(2);
        SmallVae.Fit(options => (options.NumberOfThreads, options.Progress) = (1, new Listener(_ => Assert.Equal(1, torch.get_num_threads()))));
        Assert.Equal(2, torch.get_num_threads());
        SmallVae.Fit(options => (options.NumberOfThreads, options.Progress) = (null, new Listener(_ => Assert.Equal(2, torch.get_num_threads()))));
        Assert.Equal(2, torch.get_num_threads());
        Assert.Throws<OperationCanceledException>(() => SmallVae.Fit(options => options.CancellationToken = new CancellationToken(canceled: true)));
        Assert.Throws<ArithmeticException>(() => SmallVae.Fit(options => options.Progress = new Listener(_ => throw new ArithmeticException())));
        Assert.Equal(2, torch.get_num_threads());
    }

    [Fact]
    public void Overlapping_fits_leave_the_number_of_threads_that_was_there_before_both()
    {
        torch.set_num_threads(3);
        using var firstRuns = new ManualResetEventSlim();
        using var firstHasEnded = new ManualResetEventSlim();
        var second = new Thread(() =>
        {
            firstRuns.Wait();
            // It starts while the first runs, and ends after it.
            SmallVae.Fit(options => (options.NumberOfThreads, options.Progress) = (2, new Listener(report =>
            {
                if (report.Epoch.Number == 1)
                    firstRuns.Reset();
                else
                    firstHasEnded.Wait();
            })));
        });
        second.Start();
        SmallVae.Fit(options => (options.NumberOfThreads, options.Progress) = (1, new Listener(report =>
        {
            if (report.Epoch.Number != 1)
                return;
            firstRuns.Set();
            Assert.True(SpinWait.SpinUntil(() => !firstRuns.IsSet, TimeSpan.FromSeconds(30)));
        })));
        firstHasEnded.Set();
        second.Join();

        Assert.Equal(3, torch.get_num_threads());
        int onAnotherThread = 0;
        var another = new Thread(() => onAnotherThread = torch.get_num_threads());
        another.Start();
        another.Join();
        Assert.Equal(3, onAnotherThread);
    }

    internal static VaeFit Fit(VaeLikelihood likelihood, int seed) => VaeLearner.Fit(
        SmallVae.Grey, SmallVae.Dimension, SmallVae.Options(options => (options.Likelihood, options.Seed, options.NumberOfEpochs) = (likelihood, seed, 5)));

    private static VaeFit FitAfter(Action action)
    {
        action();
        return Fit(VaeLikelihood.Gaussian, seed: 1);
    }

    private static byte[] GlobalState()
    {
        using torch.Tensor state = torch.Generator.Default.get_state();
        return state.data<byte>().ToArray();
    }

    private static void AssertSame(VaeFit expected, VaeFit found)
    {
        Assert.All(expected.Model.Weights.Zip(found.Model.Weights), pair => Assert.Equal(pair.First, pair.Second));
        Assert.Equal(expected.Model.ScoringNoise.Elbo, found.Model.ScoringNoise.Elbo);
        Assert.Equal(expected.Model.ScoringNoise.Importance, found.Model.ScoringNoise.Importance);
        Assert.Equal(expected.Summary.Epochs, found.Summary.Epochs);
        Assert.Equal(Scores(expected.Model), Scores(found.Model));
        Assert.Equal(expected.Model.Sample(40, seed: 9), found.Model.Sample(40, seed: 9));
    }

    private static void AssertDifferent(VaeFit one, VaeFit other)
    {
        Assert.All(one.Model.Weights.Zip(other.Model.Weights), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.NotEqual(one.Model.ScoringNoise.Elbo, other.Model.ScoringNoise.Elbo);
        Assert.NotEqual(Scores(one.Model), Scores(other.Model));
    }

    private static double[] Scores(VaeModel model)
    {
        var scores = new double[200];
        model.LogDensity(SmallVae.Grey, scores);
        Assert.All(scores, score => Assert.True(double.IsFinite(score)));
        return scores;
    }
}
