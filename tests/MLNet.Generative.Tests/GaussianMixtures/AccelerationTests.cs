using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using Microsoft.ML;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Accelerated expectation-maximisation ends where the plain one does, sooner, and never falls on the way.</summary>
public sealed class AccelerationTests
{
    [Theory]
    [MemberData(nameof(StructureReferenceTests.Table), MemberType = typeof(StructureReferenceTests))]
    public void Reference_log_likelihoods_of_Old_Faithful(CovarianceType type, double one, double two, int parameters)
    {
        GaussianMixtureFit Of(int components) => Fit(ClassicData.Faithful, 2, components, type, options => (options.NumberOfInitializations, options.StartFromSimplerTypes) = (5, true));
        Assert.Equal(one, Of(1).Summary.LogLikelihood, 1e-6);
        GaussianMixtureFit pair = Of(2);
        Assert.Equal(two, pair.Summary.LogLikelihood, 1e-6);
        Assert.Equal(parameters, pair.Model.NumberOfParameters);
        Assert.True(pair.Summary.HasConverged);
        Assert.Empty(pair.Summary.Notes);
        Covariances.StructureAssert.HaveStructure(type.ToLetters(2), pair.Model.Covariances);
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void The_same_maximum_as_without(CovarianceType type)
    {
        foreach ((double[] rows, int dimension, int components) in new[] { (ClassicData.Faithful, 2, 2), (ClassicData.Faithful, 2, 3), (ClassicData.Iris, 4, 2), (ClassicData.Iris, 4, 3) })
        {
            GaussianMixtureFit plain = Fit(rows, dimension, components, type, options => options.Acceleration = EmAcceleration.None);
            GaussianMixtureFit fast = Fit(rows, dimension, components, type);

            Assert.Equal(plain.Summary.LogLikelihood, fast.Summary.LogLikelihood, 1e-6);
            Assert.Equal(plain.Summary.IsDegenerate, fast.Summary.IsDegenerate);
            for (int k = 0; k < components; k++)
            {
                Assert.Equal(plain.Model.Weights[k], fast.Model.Weights[k], 1e-4);
                Assert.True((plain.Model.Means[k] - fast.Model.Means[k]).L2Norm() < 1e-4 * plain.Model.Means[k].L2Norm());
                Assert.True((plain.Model.Covariances[k] - fast.Model.Covariances[k]).FrobeniusNorm() < 1e-4 * plain.Model.Covariances[k].FrobeniusNorm());
            }
        }
    }

    [Fact]
    public void The_reference_fit_of_three_components_of_equal_covariance()
    {
        GaussianMixtureFit fit = Fit(ClassicData.Faithful, 2, 3, CovarianceType.EEE, options => options.NumberOfInitializations = 5);
        int[] order = [.. Enumerable.Range(0, 3).OrderBy(k => fit.Model.Weights[k])];
        Assert.Equal(-1126.31592782, fit.Summary.LogLikelihood, 1e-6);
        Assert.All(new[] { .168605606, .356378116, .475016278 }, (weight, i) => Assert.Equal(weight, fit.Model.Weights[order[i]], 1e-6));
        Assert.All(new[] { 77.468859472, 54.491284945, 80.872751381 }, (mean, i) => Assert.Equal(mean, fit.Model.Means[order[i]][1], 1e-4));
        Assert.Equal(.470158243, fit.Model.Covariances[0][0, 1], 1e-6);
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void The_log_likelihood_never_falls(CovarianceType type) =>
        Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[20, 200], Gen.Int[1, 5], Gen.Int[2, 6]).Sample((seed, count, dimension, components) =>
        {
            double[] rows = RandomMixtures.Rows(new Random(seed), count, dimension);
            FitSummary Of(EmAcceleration acceleration) => Fit(rows, dimension, components, type, options =>
                (options.Acceleration, options.Tolerance, options.MaximumNumberOfIterations, options.NumberOfThreads) = (acceleration, 1e-10, 1000, 1)).Summary;
            FitSummary fast = Of(EmAcceleration.Anderson);
            Assert.True(double.IsFinite(fast.LogLikelihood));
            Assert.Equal(fast.LogLikelihood, fast.LogLikelihoodTrace[^1]);
            // Plain steps may fall where a component is at its floor, or is seeded again, and a little beside; an extrapolation may not.
            if (!Of(EmAcceleration.None).Notes.Any(note => note.Contains("fell", StringComparison.Ordinal) || note.Contains("re-seeded", StringComparison.Ordinal)))
                AssertNeverFalls(fast, 1e-7);
        }, iter: 20);

    [Fact]
    public void Slow_fits_take_far_fewer_passes_over_the_rows()
    {
        int plain = 0, fast = 0;
        foreach (CovarianceType type in new[] { CovarianceType.VVV, CovarianceType.EEE, CovarianceType.VEI, CovarianceType.VVI })
        {
            foreach (int components in new[] { 5, 7, 9 })
            {
                plain += Fit(ClassicData.Faithful, 2, components, type, options => (options.Acceleration, options.Tolerance) = (EmAcceleration.None, 1e-10)).Summary.NumberOfIterations;
                fast += Fit(ClassicData.Faithful, 2, components, type, options => options.Tolerance = 1e-10).Summary.NumberOfIterations;
            }
        }
        Assert.True(fast * 3 < plain, $"{plain} iterations without, {fast} with");
    }

    [Theory]
    [InlineData(CovarianceType.VVV, 5)]
    [InlineData(CovarianceType.VEI, 7)]
    public void Training_ends_only_where_a_plain_step_changes_nothing(CovarianceType type, int components)
    {
        const double tolerance = 1e-8;
        GaussianMixtureFit fit = Fit(ClassicData.Faithful, 2, components, type, options => options.Tolerance = tolerance);
        FitSummary next = Fit(
            ClassicData.Faithful, 2, components, type, options => (options.Acceleration, options.InitialModel, options.MaximumNumberOfIterations) = (EmAcceleration.None, fit.Model, 1)).Summary;
        Assert.True(fit.Summary.HasConverged);
        Assert.InRange(next.LogLikelihood - fit.Summary.LogLikelihood, 0, tolerance * 272);
    }

    [Fact]
    public void Every_largest_number_of_iterations_gives_the_model_of_its_log_likelihood()
    {
        FitSummary whole = Fit(ClassicData.Faithful, 2, 5, CovarianceType.VVV).Summary;
        // An iteration that is not taken leaves the log-likelihood as it was.
        Assert.Contains(whole.LogLikelihoodTrace.Zip(whole.LogLikelihoodTrace.Skip(1)), pair => pair.First == pair.Second);
        for (int iterations = 1; iterations <= 60; iterations++)
        {
            var told = new List<double>();
            GaussianMixtureFit fit = Fit(ClassicData.Faithful, 2, 5, CovarianceType.VVV, options =>
            {
                options.MaximumNumberOfIterations = iterations;
                options.Progress = new Listener(step => told.Add(step.Objective));
            });
            Assert.Equal(iterations, fit.Summary.NumberOfIterations);
            Assert.Equal(StopReason.MaximumNumberOfIterations, fit.Summary.StopReason);
            Assert.Equal(told, fit.Summary.LogLikelihoodTrace);
            Assert.Equal(ClassicData.Faithful.Chunk(2).Sum(row => fit.Model.LogDensity(row)), fit.Summary.LogLikelihood, 1e-8);
            Assert.Equal(whole.LogLikelihoodTrace.Take(iterations), fit.Summary.LogLikelihoodTrace.Take(iterations));
        }
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void Degenerate_data_have_finite_fits(CovarianceType type)
    {
        double[] blocks = [.. new double[] { 102, 57, 200 }.SelectMany(value => Enumerable.Repeat(value, 16 * 16))];
        double[] ties = [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 5, 5, 5, 5, 5, 5, 5, 8, 8, 8, 8];
        double[] constant = [.. ClassicData.Faithful.Chunk(2).SelectMany(row => new[] { row[0], 715, row[1] })];
        double[] repeated = [.. ClassicData.Faithful.Chunk(2).SelectMany(row => new[] { row[0], row[0], row[1] })];
        double[] zeros = [.. RandomMixtures.Rows(new Random(7), 200, 3).Select(value => Math.Max(0, value - 2.5))];
        double[] few = RandomMixtures.Rows(new Random(1), 6, 10);
        foreach ((double[] rows, int dimension, int components) in new[] { (blocks, 16, 3), (ties, 1, 5), (constant, 3, 4), (repeated, 3, 4), (zeros, 3, 5), (few, 10, 2) })
        {
            GaussianMixtureFit fit = Fit(rows, dimension, components, type, options => (options.Tolerance, options.MaximumNumberOfIterations) = (1e-10, 1000));
            Assert.All(fit.Summary.LogLikelihoodTrace, value => Assert.True(double.IsFinite(value)));
            Assert.All(rows.Chunk(dimension), row => Assert.True(double.IsFinite(fit.Model.LogDensity(row))));
            AssertNeverFalls(fit.Summary);
        }
    }

    [Fact]
    public void A_constant_column_does_not_hinder()
    {
        double[] constant = [.. ClassicData.Faithful.Chunk(2).SelectMany(row => new[] { row[0], 715, row[1] })];
        Assert.InRange(Fit(constant, 3, 5, CovarianceType.VVV).Summary.NumberOfIterations, 1, Fit(constant, 3, 5, CovarianceType.VVV, options => options.Acceleration = EmAcceleration.None).Summary.NumberOfIterations / 2);
    }

    [Fact]
    public void A_row_of_weight_two_is_two_rows()
    {
        double[] weights = [.. Enumerable.Range(0, 272).Select(n => 1.0 + n % 3)];
        double[] repeated = [.. ClassicData.Faithful.Chunk(2).SelectMany((row, n) => Enumerable.Repeat(row, 1 + n % 3)).SelectMany(row => row)];
        GaussianMixtureFit weighted = Fit(ClassicData.Faithful, 2, 2, CovarianceType.VVV, weights: weights);
        GaussianMixtureFit copied = Fit(repeated, 2, 2, CovarianceType.VVV);
        int low = weighted.Model.Means[0][0] < 3 ? 0 : 1;

        Assert.Equal(copied.Summary.LogLikelihood, weighted.Summary.LogLikelihood, 1e-6);
        Assert.Equal(0.348807436499, weighted.Model.Weights[low], 1e-6);
        Assert.Equal(2.02232985671, weighted.Model.Means[low][0], 1e-6);
    }

    [Fact]
    public void A_component_that_is_seeded_again_starts_afresh()
    {
        Matrix<double> identity = DenseMatrix.CreateIdentity(2);
        var start = new GaussianMixtureModel(
            [0.4, 0.4, 0.2], [DenseVector.OfArray([2, 55]), DenseVector.OfArray([4.3, 80]), DenseVector.OfArray([-1e5, 1e6])], [identity, identity, identity]);
        GaussianMixtureFit fit = Fit(ClassicData.Faithful, 2, 3, CovarianceType.VVV, options => options.InitialModel = start);
        Assert.Contains(fit.Summary.Notes, note => note.Contains("re-seeded", StringComparison.Ordinal));
        Assert.True(fit.Summary.HasConverged);
        Assert.True(fit.Summary.LogLikelihood > -1130.27, "the re-seeded component adds to the fit of the other two");
    }

    [Fact]
    public void It_can_be_cancelled()
    {
        using var source = new CancellationTokenSource();
        int last = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => Fit(ClassicData.Faithful, 2, 5, CovarianceType.VVV, options =>
        {
            options.CancellationToken = source.Token;
            options.Progress = new Listener(step =>
            {
                if ((last = step.Iteration) == 40)
                    source.Cancel();
            });
        }));
        Assert.Equal(40, last);
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        double[] rows = RandomMixtures.Rows(new Random(5), 20_000, 3);
        GaussianMixtureFit[] fits = [.. new[] { 1, 2, 4 }.Select(threads => Fit(rows, 3, 5, CovarianceType.VVV, options => (options.NumberOfThreads, options.MaximumNumberOfIterations) = (threads, 100)))];
        Assert.All(fits, fit =>
        {
            Assert.Equal(fits[0].Summary.LogLikelihoodTrace, fit.Summary.LogLikelihoodTrace);
            Assert.Equal(fits[0].Model.Covariances[4].AsColumnMajorArray(), fit.Model.Covariances[4].AsColumnMajorArray());
        });
    }

    [Fact]
    public void A_regularisation_turns_it_off()
    {
        FitSummary Of(EmAcceleration acceleration) =>
            Fit(ClassicData.Faithful, 2, 5, CovarianceType.VVV, options => (options.Acceleration, options.CovarianceRegularization, options.Tolerance) = (acceleration, 0.01, 1e-10)).Summary;
        Assert.Equal(Of(EmAcceleration.None).LogLikelihoodTrace, Of(EmAcceleration.Anderson).LogLikelihoodTrace);
    }

    [Fact]
    public void A_selection_takes_it()
    {
        var options = new GaussianMixtureSelectionOptions { MaximumNumberOfComponents = 5, Seed = 1 };
        GaussianMixtureSelection<GaussianMixtureFit> plain = GaussianMixtureLearner.Select(ClassicData.Faithful, 2, options);
        options.Acceleration = EmAcceleration.Anderson;
        GaussianMixtureSelection<GaussianMixtureFit> fast = GaussianMixtureLearner.Select(ClassicData.Faithful, 2, options);

        Assert.Equal(("EEE", 3), (fast.BestRow.Structure, fast.BestRow.NumberOfComponents));
        Assert.Equal(2314.295678, fast.BestRow.Get(InformationCriterion.Bic), 1e-5);
        Assert.True(2 * fast.Table.Sum(row => row.Summary!.NumberOfIterations) < plain.Table.Sum(row => row.Summary!.NumberOfIterations));
    }

    [Fact]
    public void The_trainer_takes_it_and_its_files_load()
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = EruptionRows.Singles(mlContext, ClassicData.Faithful);
        GaussianMixtureTransformer fitted = mlContext.Clustering.Trainers.GaussianMixture(
            new GaussianMixtureEstimator.Options { NumberOfComponents = 3, CovarianceType = CovarianceType.EEE, Acceleration = EmAcceleration.Anderson }).Fit(data);
        using var folder = new TemporaryFolder();
        mlContext.Model.Save(fitted, data.Schema, folder.PathOf("model.zip"));
        var loaded = (GaussianMixtureTransformer)mlContext.Model.Load(folder.PathOf("model.zip"), out _);

        Assert.Equal(fitted.Summary.LogLikelihoodTrace, loaded.Summary.LogLikelihoodTrace);
        Assert.All(ClassicData.Faithful.Chunk(2), row => Assert.Equal(fitted.Model.LogDensity(row), loaded.Model.LogDensity(row)));
    }

    private static void AssertNeverFalls(FitSummary summary, double rounding = 1e-9)
    {
        for (int i = 1; i < summary.LogLikelihoodTrace.Count; i++)
        {
            double before = summary.LogLikelihoodTrace[i - 1];
            Assert.True(summary.LogLikelihoodTrace[i] >= before - rounding * Math.Max(Math.Abs(before), summary.TotalWeight), $"iteration {i}: {before} to {summary.LogLikelihoodTrace[i]}");
        }
    }

    private static GaussianMixtureFit Fit(
        double[] rows, int dimension, int components, CovarianceType type, Action<GaussianMixtureEstimator.Options>? change = null, double[]? weights = null)
    {
        var options = new GaussianMixtureEstimator.Options
        {
            NumberOfComponents = components,
            CovarianceType = type,
            Acceleration = EmAcceleration.Anderson,
            StartFromSimplerTypes = false,
            Seed = 1,
            Tolerance = 1e-15,
            MaximumNumberOfIterations = 20_000,
        };
        change?.Invoke(options);
        return GaussianMixtureLearner.Fit(rows, dimension, options, weights);
    }

    private sealed class Listener(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
