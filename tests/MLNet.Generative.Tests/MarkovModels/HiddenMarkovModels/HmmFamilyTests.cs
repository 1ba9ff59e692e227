using Microsoft.ML;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>What learning keeps whatever the states emit.</summary>
public sealed class HmmFamilyTests
{
    public static TheoryData<string> Families => [.. HmmFamily.Names];

    [Theory]
    [MemberData(nameof(Families))]
    public void The_log_likelihood_never_falls(string name)
    {
        HmmFamily family = HmmFamily.Of(name);
        for (int seed = 0; seed < 5; seed++)
        {
            FitSummary summary = HmmLearner.Fit(
                family.Draw(seed, 40, 1, 25, 60),
                family.With(options => (options.NumberOfStates, options.Seed, options.MaximumNumberOfIterations, options.Tolerance) = (3, seed, 40, 0)),
                family.Dimension).Summary;
            AssertRises(summary.LogLikelihoodTrace, $"{name}, seed {seed}");
            Assert.DoesNotContain(summary.Notes, note => note.Contains("fell", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void With_priors_the_posterior_density_never_falls(string name)
    {
        HmmFamily family = HmmFamily.Of(name);
        for (int seed = 0; seed < 5; seed++)
        {
            var objectives = new List<double>();
            FitSummary summary = HmmLearner.Fit(
                family.Draw(seed, 40, 1, 25, 60),
                family.With(options =>
                {
                    (options.NumberOfStates, options.Seed, options.MaximumNumberOfIterations, options.Tolerance) = (3, seed, 40, 0);
                    options.Prior = new HmmPrior
                    {
                        InitialConcentration = 2,
                        TransitionConcentration = 1.5,
                        SelfTransitionCount = 3,
                        SymbolConcentration = 2.5,
                        RateShape = 3,
                        RateInverseScale = 0.5,
                        MeanStrength = 2,
                        CovarianceStrength = 3,
                    };
                    options.Progress = new Report(progress => objectives.Add(progress.Objective));
                }),
                family.Dimension).Summary;
            AssertRises(objectives, $"{name}, seed {seed}");
            Assert.DoesNotContain(summary.Notes, note => note.Contains("fell", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_sequence_twice_is_a_weight_of_two(string name)
    {
        HmmFamily family = HmmFamily.Of(name);
        double[][] data = family.Draw(2, 30, 12, 25);
        FitSummary Fit(double[][] sequences, double[]? weights) => HmmLearner.Fit(
            sequences, family.With(options => (options.InitialModel, options.MaximumNumberOfIterations) = (family.Model, 3)), family.Dimension, weights).Summary;
        FitSummary twice = Fit([data[0], data[1], data[1], data[2]], null);
        FitSummary weighted = Fit(data, [1, 2, 1]);
        FitSummary turned = Fit([data[2], data[1], data[0]], [1, 2, 1]);
        FitSummary ignored = Fit([.. data, data[0]], [1, 2, 1, 0]);
        foreach (FitSummary other in new[] { weighted, turned, ignored })
        {
            Assert.Equal(twice.LogLikelihoodTrace.Count, other.LogLikelihoodTrace.Count);
            for (int i = 0; i < twice.LogLikelihoodTrace.Count; i++)
                Assert.Equal(twice.LogLikelihoodTrace[i], other.LogLikelihoodTrace[i], 1e-8);
        }
        Assert.Equal(family.Model.LogLikelihood(data[0]) + family.Model.LogLikelihood(data[2]) + (2 * family.Model.LogLikelihood(data[1])), weighted.LogLikelihoodTrace[0], 1e-8);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Threads_change_no_bit(string name)
    {
        HmmFamily family = HmmFamily.Of(name);
        double[][] data = family.Draw(3, [.. Enumerable.Range(0, 600).Select(n => 1 + (n % 19))]);
        FitSummary[] fits = [.. new[] { 1, 2, 4 }.Select(threads => HmmLearner.Fit(
            data, family.With(options => (options.NumberOfThreads, options.NumberOfInitializations, options.MaximumNumberOfIterations) = (threads, 2, 4)), family.Dimension).Summary)];
        Assert.All(fits, fit => Assert.Equal(fits[0].LogLikelihoodTrace, fit.LogLikelihoodTrace));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Two_single_steps_equal_two_steps(string name)
    {
        HmmFamily family = HmmFamily.Of(name);
        double[][] data = family.Draw(4, 50, 20, 10);
        HmmFit Fit(int iterations, HmmModel? start) => HmmLearner.Fit(
            data, family.With(options => (options.InitialModel, options.MaximumNumberOfIterations, options.Tolerance) = (start, iterations, 0)), family.Dimension);
        Assert.Equal(Fit(2, null).Summary.LogLikelihood, Fit(1, Fit(1, null).Model).Summary.LogLikelihood);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void The_model_that_drew_the_data_is_found(string name)
    {
        HmmFamily family = HmmFamily.Of(name);
        double[][] data = family.Draw(5, [.. Enumerable.Repeat(100, 20)]);
        HmmFit fit = HmmLearner.Fit(data, family.With(options => options.NumberOfInitializations = 10), family.Dimension);
        double truth = data.Sum(sequence => family.Model.LogLikelihood(sequence));
        Assert.InRange(fit.Summary.LogLikelihood, truth, truth + 40);
        Assert.Equal(data.Sum(sequence => fit.Model.LogLikelihood(sequence)), fit.Summary.LogLikelihood, 1e-7);
        double[] stays = [.. fit.Model.TransitionMatrix.Diagonal().Order()];
        Assert.Equal(.7, stays[0], 0.1);
        Assert.Equal(.8, stays[1], 0.1);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_state_out_of_reach_harms_nobody(string name)
    {
        HmmFamily family = HmmFamily.Of(name);
        double[][] data = family.Draw(6, 30, 20);
        var start = new HmmModel([1, 0], [1, 0, .5, .5], family.Model.Emissions);
        HmmFit fit = HmmLearner.Fit(data, family.With(options => options.InitialModel = start), family.Dimension);
        Assert.True(double.IsFinite(fit.Summary.LogLikelihood));
        Assert.Equal([1, 0, .5, .5], fit.Model.Transitions);
        Assert.Contains(fit.Summary.Notes, note => note.StartsWith("State 2 is degenerate: no step is in it", StringComparison.Ordinal));
        AssertRises(fit.Summary.LogLikelihoodTrace, name);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Values_that_cannot_be_are_refused_in_training(string name)
    {
        HmmFamily family = HmmFamily.Of(name);
        double[][] data = family.Draw(7, 10, 10);
        double[] bad = [.. data[1].Take(2 * family.Dimension), .. family.Impossible];
        string message = Assert.ThrowsAny<ArgumentException>(() => HmmLearner.Fit([data[0], bad], family.Options, family.Dimension)).Message;
        Assert.Contains("Sequence 1, step 2: ", message, StringComparison.Ordinal);
        Assert.Contains(family.Problem, message, StringComparison.Ordinal);
        double[] missing = [.. data[1].Take(family.Dimension), .. Enumerable.Repeat(double.NaN, family.Dimension)];
        Assert.Contains(
            "Sequence 1, step 1: Feature 0 is missing (NaN)",
            Assert.ThrowsAny<ArgumentException>(() => HmmLearner.Fit([data[0], missing], family.Options, family.Dimension)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void A_saved_model_scores_and_draws_the_same(string name)
    {
        HmmFamily family = HmmFamily.Of(name);
        double[][] data = family.Draw(8, 30, 20, 1, 15);
        bool isKeys = name == nameof(EmissionType.Categorical);
        IDataView view = isKeys ? SequenceViews.OfKeys(data, 4) : SequenceViews.Of(data, family.Dimension, isSingle: false);
        var context = new MLContext(seed: 1);
        HmmTransformer fitted = context.Transforms.Hmm(family.With(options => options.MaximumNumberOfIterations = 5)).Fit(view);
        using var folder = new TemporaryFolder();
        context.Model.Save(fitted, view.Schema, folder.PathOf("model.zip"));
        var loaded = (HmmTransformer)new MLContext().Model.Load(folder.PathOf("model.zip"), out _);
        RowTable.Read(fitted.Transform(view)).AssertSame(RowTable.Read(loaded.Transform(view)), name);
        Assert.Equal(fitted.Model.Transitions, loaded.Model.Transitions);
        Assert.Equal(fitted.Model.NumberOfParameters, loaded.Model.NumberOfParameters);
        Assert.Equal(RowTable.Read(fitted.Sample(5, seed: 2)).Format("Sequence", "Label"), RowTable.Read(loaded.Sample(5, seed: 2)).Format("Sequence", "Label"));

        // Draws are sequences that the model can learn from again.
        Assert.True(double.IsFinite(context.Transforms.Hmm(family.With(options => options.MaximumNumberOfIterations = 2)).Fit(loaded.Sample(10, seed: 3)).Summary.LogLikelihood));
        Assert.Equal(
            HmmLearner.Fit(data, family.With(options => (options.MaximumNumberOfIterations, options.NumberOfSymbols) = (5, isKeys ? 4 : null)), family.Dimension).Summary.LogLikelihoodTrace,
            fitted.Summary.LogLikelihoodTrace);
    }

    private static void AssertRises(IReadOnlyList<double> values, string what)
    {
        for (int i = 1; i < values.Count; i++)
            Assert.True(values[i] >= values[i - 1] - 1e-9, $"{what}, iteration {i}: {values[i - 1]:R} to {values[i]:R}");
    }

    private sealed class Report(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        void IProgress<TrainingProgress>.Report(TrainingProgress value) => report(value);
    }
}
