using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>What must hold for every fit of a hidden Markov model.</summary>
public sealed class BaumWelchTests
{
    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void The_log_likelihood_never_falls(CovarianceType type)
    {
        for (int seed = 0; seed < 10; seed++)
        {
            double[][] sequences = RandomSequences.Draw(seed, 3, 2, 40, 1, 20, 7, 60);
            FitSummary summary = HmmLearner.Fit(sequences, new HmmEstimator.Options
            {
                NumberOfStates = 4,
                CovarianceType = type,
                Initialization = HmmInitialization.RandomFrames,
                Seed = seed,
                MaximumNumberOfIterations = 60,
                Tolerance = 0,
            }, 2).Summary;
            for (int i = 1; i < summary.LogLikelihoodTrace.Count; i++)
                Assert.True(summary.LogLikelihoodTrace[i] >= summary.LogLikelihoodTrace[i - 1] - 1e-9, $"seed {seed}, iteration {i}");
            Assert.DoesNotContain(summary.Notes, note => note.Contains("fell", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void A_sequence_twice_is_a_weight_of_two(CovarianceType type)
    {
        double[][] data = RandomSequences.Draw(1, 2, 2, 30, 12, 25);
        HmmFit twice = Step([data[0], data[1], data[1], data[2]], type);
        HmmFit weighted = Step(data, type, [1, 2, 1]);
        HmmFit ignored = Step([.. data, [100, 100, 200, 200]], type, [1, 2, 1, 0]);

        double tolerance = type.HasCommonAxes() ? 1e-7 : 1e-10;
        Assert.Equal(twice.Summary.LogLikelihood, weighted.Summary.LogLikelihood, 1e-9);
        Assert.Equal(twice.Summary.TotalWeight, weighted.Summary.TotalWeight, 1e-9);
        Assert.Equal(twice.Summary.Bic, weighted.Summary.Bic, 1e-8);
        AssertClose(twice.Model, weighted.Model, tolerance);
        Assert.Equal(weighted.Summary.LogLikelihood, ignored.Summary.LogLikelihood, 1e-9);
        AssertClose(weighted.Model, ignored.Model, tolerance);
    }

    [Fact]
    public void The_order_of_sequences_does_not_matter()
    {
        double[][] data = RandomSequences.Draw(2, 2, 2, 30, 12, 1, 400, 25);
        HmmFit there = Step(data, CovarianceType.Full);
        HmmFit back = Step([.. data.Reverse()], CovarianceType.Full);
        Assert.Equal(there.Summary.LogLikelihood, back.Summary.LogLikelihood, 1e-9);
        AssertClose(there.Model, back.Model, 1e-10);
    }

    [Fact]
    public void Sequences_add_up()
    {
        double[][] data = RandomSequences.Draw(3, 2, 2, 30, 12, 1, 25);
        HmmModel start = RandomSequences.Model(new Random(7), 2, 2);
        HmmFit fit = HmmLearner.Fit(data, new HmmEstimator.Options { InitialModel = start, MaximumNumberOfIterations = 1 }, 2);
        Assert.Equal(data.Sum(sequence => start.LogLikelihood(sequence)), fit.Summary.LogLikelihoodTrace[0], 1e-9);
        Assert.Equal(data.Sum(sequence => fit.Model.LogLikelihood(sequence)), fit.Summary.LogLikelihood, 1e-9);

        Matrix<double> transitions = data.Select(sequence => start.ExpectedTransitions(sequence)).Aggregate((a, b) => a + b);
        double[] first = [.. Enumerable.Range(0, 2).Select(k => data.Average(sequence => start.Posterior(sequence)[0, k]))];
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(first[i], fit.Model.InitialProbabilities[i], 1e-12);
            Assert.Equal(transitions[i, 0] / transitions.Row(i).Sum(), fit.Model.TransitionMatrix[i, 0], 1e-12);
        }
        Assert.Equal(
            data.Sum(sequence =>
            {
                fit.Model.Viterbi(sequence, out double logProbability);
                return logProbability;
            }),
            fit.Summary.ClassificationLogLikelihood,
            1e-9);
    }

    [Fact]
    public void One_state_has_the_moments_of_all_steps()
    {
        double[][] data = RandomSequences.Draw(4, 3, 2, 50, 1, 30);
        Matrix<double> rows = Matrix<double>.Build.DenseOfRows([.. data.SelectMany(sequence => sequence.Chunk(2))]);
        Vector<double> mean = rows.ColumnSums() / rows.RowCount;
        Matrix<double> centred = Matrix<double>.Build.DenseOfRows(rows.EnumerateRows().Select(row => row - mean));
        HmmFit fit = HmmLearner.Fit(data, new HmmEstimator.Options { NumberOfStates = 1 }, 2);

        var emission = (GaussianEmission)fit.Model.Emissions;
        Assert.True((emission.Means[0] - mean).L2Norm() < 1e-12);
        Assert.True((emission.Covariances[0] - (centred.TransposeThisAndMultiply(centred) / rows.RowCount)).FrobeniusNorm() < 1e-12);
        Assert.Equal([1.0], fit.Model.InitialProbabilities);
        Assert.Equal(1, fit.Model.TransitionMatrix[0, 0]);
        GaussianMixtureFit mixture = GaussianMixtureLearner.Fit(data.SelectMany(x => x).ToArray(), 2, new GaussianMixtureEstimator.Options { NumberOfComponents = 1 });
        Assert.Equal(mixture.Summary.LogLikelihood, fit.Summary.LogLikelihood, 1e-9);
        Assert.Equal(mixture.Summary.NumberOfParameters, fit.Summary.NumberOfParameters);
    }

    [Fact]
    public void A_left_right_model_stays_one()
    {
        double[][] data = [.. Enumerable.Range(0, 5).Select(s => RandomSequences.Draw(s, 3, 1, 20)[0])];
        HmmModel start = GaussianReferenceTests.OfOneFeature([1, 0, 0], new[,] { { .5, .5, 0 }, { 0, .5, .5 }, { 0, 0, 1 } }, [0, 3, 6], [1, 1, 1]);
        HmmModel model = HmmLearner.Fit(data, new HmmEstimator.Options { InitialModel = start, MaximumNumberOfIterations = 50 }).Model;
        Assert.Equal([1.0, 0, 0], model.InitialProbabilities);
        Matrix<double> a = model.TransitionMatrix;
        Assert.Equal([0.0, 0, 0, 0], [a[0, 2], a[1, 0], a[2, 0], a[2, 1]]);
        Assert.Equal(1, a[2, 2]);
        Assert.All(data, sequence => Assert.All(model.Posterior(sequence).ToRowMajorArray(), probability => Assert.InRange(probability, 0, 1 + 1e-12)));
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void A_state_out_of_reach_keeps_what_it_has(CovarianceType type)
    {
        double[][] data = RandomSequences.Draw(5, 2, 1, 40, 30);
        HmmModel start = GaussianReferenceTests.OfOneFeature([.5, .5, 0], new[,] { { .5, .5, 0 }, { .5, .5, 0 }, { .1, .2, .7 } }, [0, 3, 77], [1, 1, 3]);
        HmmFit fit = HmmLearner.Fit(data, new HmmEstimator.Options { InitialModel = start, CovarianceType = type });
        var emission = (GaussianEmission)fit.Model.Emissions;
        Assert.Equal(77, emission.Means[2][0]);
        if (!type.IsShared())
            Assert.Equal(3, emission.Covariances[2][0, 0]);
        Assert.Equal([.1, .2, .7], fit.Model.TransitionMatrix.Row(2));
        Assert.True(fit.Summary.IsDegenerate);
        Assert.Contains(fit.Summary.Notes, note => note.StartsWith("State 3 is degenerate: no step is in it", StringComparison.Ordinal));

        HmmModel two = GaussianReferenceTests.OfOneFeature([.5, .5], new[,] { { .5, .5 }, { .5, .5 } }, [0, 3], [1, 1]);
        HmmFit without = HmmLearner.Fit(data, new HmmEstimator.Options { InitialModel = two, CovarianceType = type });
        Assert.Equal(without.Summary.LogLikelihood, fit.Summary.LogLikelihood, 1e-6);
    }

    [Fact]
    public void Two_single_steps_equal_two_steps()
    {
        double[][] data = RandomSequences.Draw(6, 3, 2, 50, 20, 10);
        HmmEstimator.Options Options(int iterations, HmmModel? start) => new() { NumberOfStates = 3, InitialModel = start, MaximumNumberOfIterations = iterations, Tolerance = 0 };
        HmmFit cold = HmmLearner.Fit(data, Options(2, null), 2);
        HmmFit warm = HmmLearner.Fit(data, Options(1, HmmLearner.Fit(data, Options(1, null), 2).Model), 2);
        Assert.Equal(cold.Summary.LogLikelihood, warm.Summary.LogLikelihood);
        Assert.Equal(RandomSequences.NumbersOf(cold.Model), RandomSequences.NumbersOf(warm.Model));
    }

    [Theory]
    [InlineData(HmmInitialization.KMeansPlusPlus)]
    [InlineData(HmmInitialization.Quantiles)]
    [InlineData(HmmInitialization.RandomFrames)]
    public void More_starts_are_never_worse_and_every_start_works(HmmInitialization initialization)
    {
        double[][] data = RandomSequences.Draw(7, 3, 2, 150, 100, 50);
        for (int seed = 0; seed < 5; seed++)
        {
            var options = new HmmEstimator.Options { NumberOfStates = 3, Seed = seed, Initialization = initialization };
            FitSummary one = HmmLearner.Fit(data, options, 2).Summary;
            options.NumberOfInitializations = 5;
            FitSummary five = HmmLearner.Fit(data, options, 2).Summary;
            Assert.True(five.LogLikelihood >= one.LogLikelihood || (one.IsDegenerate && !five.IsDegenerate));
            Assert.True(one.HasConverged);
        }
    }

    [Fact]
    public void Equal_seeds_give_equal_bits()
    {
        double[][] data = RandomSequences.Draw(8, 3, 2, 150, 100, 50);
        var options = new HmmEstimator.Options { NumberOfStates = 3, Initialization = HmmInitialization.RandomFrames, NumberOfInitializations = 3, MaximumNumberOfIterations = 3, Seed = 5 };
        double[] first = RandomSequences.NumbersOf(HmmLearner.Fit(data, options, 2).Model);
        Assert.Equal(first, RandomSequences.NumbersOf(HmmLearner.Fit(data, options, 2).Model));
        options.Seed = 6;
        Assert.NotEqual(first, RandomSequences.NumbersOf(HmmLearner.Fit(data, options, 2).Model));
    }

    [Theory]
    [InlineData(3000, 7)]
    [InlineData(1, 20_000)]
    [InlineData(40, 500)]
    public void Threads_change_no_bit(int count, int length)
    {
        double[][] data = RandomSequences.Draw(9, 3, 2, [.. Enumerable.Repeat(length, count)]);
        HmmFit[] fits = [.. new[] { 1, 2, 4 }.Select(threads => HmmLearner.Fit(
            data, new HmmEstimator.Options { NumberOfStates = 3, NumberOfInitializations = 2, MaximumNumberOfIterations = 4, NumberOfThreads = threads }, 2))];
        foreach (HmmFit fit in fits)
        {
            Assert.Equal(RandomSequences.NumbersOf(fits[0].Model), RandomSequences.NumbersOf(fit.Model));
            Assert.Equal(fits[0].Summary.LogLikelihoodTrace, fit.Summary.LogLikelihoodTrace);
            Assert.Equal(fits[0].Summary.ClassificationLogLikelihood, fit.Summary.ClassificationLogLikelihood);
        }
    }

    [Fact]
    public void Structures_with_equal_covariances_have_them()
    {
        double[][] data = RandomSequences.Draw(10, 3, 3, 200);
        Matrix<double>[] Fit(CovarianceType type) =>
            [.. ((GaussianEmission)HmmLearner.Fit(data, new HmmEstimator.Options { NumberOfStates = 3, CovarianceType = type }, 3).Model.Emissions).Covariances];
        Assert.All(Fit(CovarianceType.Tied), covariance => Assert.Equal(Fit(CovarianceType.Tied)[0], covariance));
        Assert.All(Fit(CovarianceType.Diagonal), covariance => Assert.Equal(0, covariance[0, 1]));
        Assert.All(Fit(CovarianceType.Spherical), covariance => Assert.Equal(covariance[0, 0], covariance[2, 2]));
    }

    private static HmmFit Step(IReadOnlyList<double[]> data, CovarianceType type, double[]? weights = null) =>
        HmmLearner.Fit(
            data,
            new HmmEstimator.Options { InitialModel = RandomSequences.Model(new Random(7), 2, 2), CovarianceType = type, MaximumNumberOfIterations = 3, Tolerance = 0 },
            2,
            weights);

    private static void AssertClose(HmmModel expected, HmmModel actual, double tolerance)
    {
        foreach ((double first, double second) in RandomSequences.NumbersOf(expected).Zip(RandomSequences.NumbersOf(actual)))
            Assert.Equal(first, second, tolerance);
    }
}
