using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>What must hold for every fit, whatever the data.</summary>
public sealed class LearningPropertyTests
{
    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void The_log_likelihood_never_falls(CovarianceType type)
    {
        GaussianMixtureModel? model = null;
        double last = double.NegativeInfinity;
        double[] rows = RandomMixtures.Rows(new Random(11), 500, 3);
        for (int step = 0; step < 600; step++)
        {
            GaussianMixtureFit fit = GaussianMixtureLearner.Fit(rows, 3, new GaussianMixtureEstimator.Options
            {
                NumberOfComponents = 4,
                CovarianceType = type,
                Initialization = GaussianMixtureInitialization.RandomRows,
                InitialModel = model,
                MaximumNumberOfIterations = 1,
                Tolerance = 0,
                NumberOfThreads = 1,
            });
            Assert.True(fit.Summary.LogLikelihood >= last - 1e-10 * Math.Abs(last), $"step {step}: {last} to {fit.Summary.LogLikelihood}");
            Assert.DoesNotContain(fit.Summary.Notes, note => note.Contains("fell", StringComparison.Ordinal));
            (model, last) = (fit.Model, fit.Summary.LogLikelihood);
        }
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void Two_single_steps_equal_two_steps(CovarianceType type)
    {
        var options = new GaussianMixtureEstimator.Options { NumberOfComponents = 3, CovarianceType = type, MaximumNumberOfIterations = 2, Tolerance = 0 };
        GaussianMixtureFit cold = GaussianMixtureLearner.Fit(ClassicData.Iris, 4, options);
        options.MaximumNumberOfIterations = 1;
        options.InitialModel = GaussianMixtureLearner.Fit(ClassicData.Iris, 4, options).Model;
        GaussianMixtureFit warm = GaussianMixtureLearner.Fit(ClassicData.Iris, 4, options);

        Assert.Equal(cold.Summary.LogLikelihood, warm.Summary.LogLikelihood);
        Assert.Equal(cold.Model.Means[1].AsArray(), warm.Model.Means[1].AsArray());
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void More_starts_are_never_worse(CovarianceType type)
    {
        for (int seed = 0; seed < 5; seed++)
        {
            var options = new GaussianMixtureEstimator.Options { NumberOfComponents = 4, CovarianceType = type, Seed = seed, Initialization = GaussianMixtureInitialization.RandomRows };
            FitSummary one = GaussianMixtureLearner.Fit(ClassicData.Iris, 4, options).Summary;
            options.NumberOfInitializations = 5;
            FitSummary five = GaussianMixtureLearner.Fit(ClassicData.Iris, 4, options).Summary;
            Assert.True(five.LogLikelihood >= one.LogLikelihood || (one.IsDegenerate && !five.IsDegenerate));
        }
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void One_component_has_the_sample_moments(CovarianceType type)
    {
        GaussianMixtureModel model = GaussianMixtureLearner.Fit(ClassicData.Iris, 4, new GaussianMixtureEstimator.Options { NumberOfComponents = 1, CovarianceType = type }).Model;
        Matrix<double> rows = Matrix<double>.Build.DenseOfRowMajor(150, 4, ClassicData.Iris);
        Vector<double> mean = rows.ColumnSums() / 150;
        Matrix<double> centered = Matrix<double>.Build.DenseOfRows(rows.EnumerateRows().Select(row => row - mean));
        Matrix<double> covariance = centered.TransposeThisAndMultiply(centered) / 150;
        Matrix<double> expected = type.ToLetters(4)[1..] switch
        {
            "II" => Matrix<double>.Build.DenseDiagonal(4, 4, covariance.Trace() / 4),
            "EI" or "VI" => Matrix<double>.Build.DenseOfDiagonalVector(covariance.Diagonal()),
            _ => covariance,
        };

        Assert.True((model.Means[0] - mean).L2Norm() < 1e-12);
        Assert.True((model.Covariances[0] - expected).FrobeniusNorm() < 1e-10, $"{(model.Covariances[0] - expected).FrobeniusNorm()}");
    }

    [Fact]
    public void Structures_are_averages_of_one_another()
    {
        GaussianMixtureFit Step(CovarianceType type) => GaussianMixtureLearner.Fit(
            ClassicData.Iris, 4, new GaussianMixtureEstimator.Options { NumberOfComponents = 3, CovarianceType = type, MaximumNumberOfIterations = 1, InitialModel = Start() });
        GaussianMixtureModel full = Step(CovarianceType.Full).Model;
        GaussianMixtureModel tied = Step(CovarianceType.Tied).Model;
        GaussianMixtureModel diagonal = Step(CovarianceType.Diagonal).Model;
        GaussianMixtureModel spherical = Step(CovarianceType.Spherical).Model;

        Matrix<double> average = Matrix<double>.Build.Dense(4, 4);
        for (int k = 0; k < 3; k++)
        {
            average += full.Weights[k] * full.Covariances[k];
            Assert.True((full.Covariances[k].Diagonal() - diagonal.Covariances[k].Diagonal()).L2Norm() < 1e-12);
            Assert.Equal(diagonal.Covariances[k].Diagonal().Average(), spherical.Covariances[k][0, 0], 1e-12);
            Assert.Equal(0, diagonal.Covariances[k][0, 1]);
        }
        Assert.True((average - tied.Covariances[0]).FrobeniusNorm() < 1e-7);

        static GaussianMixtureModel Start() => GaussianMixtureLearner.Fit(
            ClassicData.Iris, 4, new GaussianMixtureEstimator.Options { NumberOfComponents = 3, MaximumNumberOfIterations = 3 }).Model;
    }

    [Fact]
    public void With_one_feature_and_component_all_structures_have_the_same_criteria()
    {
        double[] bics = [.. CovarianceTypes.All.Select(type => GaussianMixtureLearner.Fit(
            ClassicData.Iris, 1, new GaussianMixtureEstimator.Options { NumberOfComponents = 1, CovarianceType = type.Data }).Summary.Bic)];
        Assert.All(bics, bic => Assert.Equal(bics[0], bic, 1e-9));
    }

    [Fact]
    public void Probabilities_sum_to_one_and_labels_agree_with_them()
    {
        GaussianMixtureModel model = GaussianMixtureLearner.Fit(ClassicData.Iris, 4, new GaussianMixtureEstimator.Options { NumberOfComponents = 4 }).Model;
        Gen.Double[-20, 20].Array[4].Sample(row =>
        {
            var posterior = new double[4];
            Assert.True(double.IsFinite(model.Posterior(row, posterior)));
            Assert.Equal(1, posterior.Sum(), 1e-12);
            Assert.All(posterior, probability => Assert.InRange(probability, 0, 1));
        }, iter: 1000);
    }

    [Fact]
    public void Separated_blobs_are_found()
    {
        double[][] centers = [[0, 0], [20, 0], [0, 20], [20, 20]];
        var random = new Random(5);
        int[] truth = [.. Enumerable.Range(0, 400).Select(_ => random.Next(4))];
        double[] rows = [.. truth.SelectMany(blob => centers[blob].Select(c => c + 2 * random.NextDouble()))];
        foreach (CovarianceType type in CovarianceTypes.All.Select(row => row.Data))
        {
            GaussianMixtureModel model = GaussianMixtureLearner.Fit(rows, 2, new GaussianMixtureEstimator.Options { NumberOfComponents = 4, CovarianceType = type }).Model;
            var posterior = new double[4];
            int[] labels = [.. Enumerable.Range(0, 400).Select(n =>
            {
                model.Posterior(rows.AsSpan(2 * n, 2), posterior);
                return Array.IndexOf(posterior, posterior.Max());
            })];
            Assert.Equal(4, truth.Zip(labels).Distinct().Count());
        }
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void The_order_of_rows_does_not_matter(CovarianceType type)
    {
        double[] reversed = [.. ClassicData.Iris.Chunk(4).Reverse().SelectMany(row => row)];
        double a = Fit(ClassicData.Iris, 4, type: type).Summary.LogLikelihood;
        double b = Fit(reversed, 4, type: type).Summary.LogLikelihood;
        Assert.Equal(a, b, 1e-7);
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void The_order_of_components_does_not_matter(CovarianceType type)
    {
        GaussianMixtureModel start = Fit(ClassicData.Iris, 4, iterations: 2, type: type).Model;
        var swapped = new GaussianMixtureModel(
            [start.Weights[2], start.Weights[0], start.Weights[1]],
            [start.Means[2], start.Means[0], start.Means[1]],
            [start.Covariances[2], start.Covariances[0], start.Covariances[1]]);
        GaussianMixtureFit a = Fit(ClassicData.Iris, 4, start: start, type: type);
        GaussianMixtureFit b = Fit(ClassicData.Iris, 4, start: swapped, type: type);
        Assert.Equal(a.Summary.LogLikelihood, b.Summary.LogLikelihood, 1e-8);
        Assert.True((a.Model.Means[0] - b.Model.Means[1]).L2Norm() < 1e-6);
    }

    [Fact]
    public void An_affine_map_shifts_the_log_likelihood_of_full_covariances_by_its_determinant()
    {
        Gen.Select(Gen.Double[-1, 1].Array[16], Gen.Double[-50, 50].Array[4]).Sample((entries, shift) =>
        {
            Matrix<double> map = Matrix<double>.Build.DenseOfRowMajor(4, 4, entries) + 3 * Matrix<double>.Build.DenseIdentity(4);
            GaussianMixtureModel start = Fit(ClassicData.Iris, 4, iterations: 1).Model;
            var moved = new GaussianMixtureModel(
                [.. start.Weights],
                [.. start.Means.Select(mean => map * mean + Vector<double>.Build.DenseOfArray(shift))],
                [.. start.Covariances.Select(covariance => Symmetric(map * covariance * map.Transpose()))]);
            double[] rows = [.. ClassicData.Iris.Chunk(4).SelectMany(row => (map * Vector<double>.Build.DenseOfArray(row) + Vector<double>.Build.DenseOfArray(shift)).AsArray())];

            double before = Fit(ClassicData.Iris, 4, start: start).Summary.LogLikelihood;
            double after = Fit(rows, 4, start: moved).Summary.LogLikelihood;
            Assert.Equal(before - 150 * Math.Log(Math.Abs(map.Determinant())), after, 1e-6);
        }, iter: 20);

        static Matrix<double> Symmetric(Matrix<double> matrix) => (matrix + matrix.Transpose()) / 2;
    }

    [Fact]
    public void Regularization_adds_to_every_variance()
    {
        GaussianMixtureModel plain = Fit(ClassicData.Iris, 4, components: 1).Model;
        GaussianMixtureModel regularized = GaussianMixtureLearner.Fit(
            ClassicData.Iris, 4, new GaussianMixtureEstimator.Options { NumberOfComponents = 1, CovarianceRegularization = 0.25 }).Model;
        Matrix<double> difference = regularized.Covariances[0] - plain.Covariances[0];
        Assert.True((difference - 0.25 * Matrix<double>.Build.DenseIdentity(4)).FrobeniusNorm() < 1e-12);
    }

    private static GaussianMixtureFit Fit(double[] rows, int dimension, int components = 3, int iterations = 5000, GaussianMixtureModel? start = null, CovarianceType type = CovarianceType.Full) =>
        GaussianMixtureLearner.Fit(rows, dimension, new GaussianMixtureEstimator.Options
        {
            NumberOfComponents = components,
            CovarianceType = type,
            InitialModel = start,
            MaximumNumberOfIterations = iterations,
            Tolerance = 1e-14,
        });
}
