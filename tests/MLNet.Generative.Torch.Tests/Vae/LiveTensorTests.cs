using TorchSharp;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>No tensor is left behind, not even for the garbage collector, and a scope of the user's own is neither filled nor needed.</summary>
public sealed class LiveTensorTests : TorchTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(0.2f)]
    public void A_thousand_steps_leave_none(float validationFraction)
    {
        var counts = new List<long>();
        Count();
        SmallVae.Fit(options =>
        {
            // Ten steps an epoch.
            (options.BatchSize, options.NumberOfEpochs, options.ValidationFraction) = ((int)(20 * (1 - validationFraction)), 110, validationFraction);
            options.Progress = new Listener(_ => counts.Add(torch.Tensor.TotalCount));
        });
        Assert.Equal(110, counts.Count);
        Assert.Equal(counts[9], counts[109]);
    }

    [Fact]
    public void A_thousand_scores_leave_none()
    {
        VaeModel model = SmallVae.Fit().Model;
        Use(model);
        long before = Count();
        for (int i = 0; i < 1000; i++)
            model.LogDensity(SmallVae.Rows.AsSpan(0, SmallVae.Dimension));
        for (int i = 0; i < 20; i++)
            Use(model);
        Assert.Equal(before, Count());
    }

    [Theory]
    [MemberData(nameof(VaeDeterminismTests.AllLikelihoods), MemberType = typeof(VaeDeterminismTests))]
    public void A_training_leaves_the_tensors_of_its_model_alone(VaeLikelihood likelihood)
    {
        long before = Count();
        VaeFit fit = VaeDeterminismTests.Fit(likelihood, seed: 1);
        // The weights and their average are gone; the model has weights, the vector that they are parts of, the noise of scores, and for Gaussian likelihoods one or two constants.
        int constants = likelihood is VaeLikelihood.Bernoulli or VaeLikelihood.ContinuousBernoulli ? 0 : likelihood == VaeLikelihood.Gaussian ? 1 : 2;
        Assert.Equal(fit.Model.Weights.Count + 2 + constants, Count() - before);
        GC.KeepAlive(fit);
    }

    [Fact]
    public void A_model_outlives_the_scope_that_it_was_made_in_and_leaves_nothing_there()
    {
        VaeModel model;
        double before;
        using (DisposeScope mine = torch.NewDisposeScope())
        {
            foreach (VaeLikelihood likelihood in Enum.GetValues<VaeLikelihood>())
                VaeDeterminismTests.Fit(likelihood, seed: 1);
            model = SmallVae.Fit(options => (options.ValidationFraction, options.Likelihood) = (0.2f, VaeLikelihood.GaussianSharedVariance)).Model;
            Use(model);
            Assert.Equal(0, mine.DisposablesCount);
            before = model.LogDensity(SmallVae.Rows.AsSpan(0, SmallVae.Dimension));
        }
        Assert.Equal(before, model.LogDensity(SmallVae.Rows.AsSpan(0, SmallVae.Dimension)));
        Use(model);
    }

    [Fact]
    public void A_cancelled_training_leaves_none()
    {
        SmallVae.Fit();
        long before = Count();
        for (int i = 0; i < 10; i++)
            Cancel();
        Assert.Equal(before, Count());

        static void Cancel()
        {
            using var source = new CancellationTokenSource();
            Assert.Throws<OperationCanceledException>(() => SmallVae.Fit(options =>
            {
                options.CancellationToken = source.Token;
                options.Progress = new Listener(_ => source.Cancel());
            }));
        }
    }

    private static void Use(VaeModel model)
    {
        model.Evaluate(SmallVae.Rows, 40);
        model.Sample(40, seed: 1);
        model.Reconstruct(SmallVae.Rows);
        Assert.NotEmpty(model.NoiseVariances);
    }

    // The scope around this test keeps alive what is put into it, so that what is collected here are models of other tests.
    private static long Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return torch.Tensor.TotalCount;
    }
}
