using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Maps of the features under which a structure stays itself: the log-likelihood of its fit then shifts by −N log|det|, and by nothing else.</summary>
public sealed class StructureInvarianceTests
{
    public static TheoryData<CovarianceType> ParallelToTheFeatures => Where(letters => letters[1] != 'I' && letters[2] == 'I');

    public static TheoryData<CovarianceType> OfAnyOrientation => Where(letters => letters[1] == 'I' || letters[2] != 'I');

    /// <summary>Those of which affine maps keep the structure: one matrix up to its volume, or any matrices of equal or variable volume.</summary>
    public static TheoryData<CovarianceType> Affine => Where(letters => letters is "EEE" or "VEE" or "EVV" or "VVV");

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void Shifts_one_scale_for_all_and_the_order_of_features_change_nothing(CovarianceType type) =>
        AssertShifts(type, random =>
        {
            int[] order = [0, 1, 2, 3];
            random.Shuffle(order);
            double scale = Math.Exp(Normal.Sample(random, 0, 2));
            return Matrix<double>.Build.Dense(4, 4, (i, j) => order[i] == j ? scale : 0);
        });

    [Theory]
    [MemberData(nameof(ParallelToTheFeatures))]
    public void Scales_of_features_change_nothing(CovarianceType type) =>
        AssertShifts(type, random => Matrix<double>.Build.DenseDiagonal(4, 4, _ => Math.Exp(Normal.Sample(random, 0, 2))));

    [Theory]
    [MemberData(nameof(OfAnyOrientation))]
    public void Rotations_change_nothing(CovarianceType type) =>
        AssertShifts(type, random => Normals(random).QR().Q);

    [Theory]
    [MemberData(nameof(Affine))]
    public void Affine_maps_change_nothing(CovarianceType type) =>
        AssertShifts(type, random => 0.5 * Normals(random) + 3 * Matrix<double>.Build.DenseIdentity(4));

    [Fact]
    public void The_types_are_sorted_as_their_letters_say()
    {
        Assert.Equal(4, ParallelToTheFeatures.Count);
        Assert.Equal(10, OfAnyOrientation.Count);
        Assert.Equal(4, Affine.Count);
    }

    private static void AssertShifts(CovarianceType type, Func<Random, Matrix<double>> draw)
    {
        GaussianMixtureModel start = Fit(ClassicData.Iris, type, iterations: 1);
        double before = LogLikelihood(ClassicData.Iris, type, start);
        for (int seed = 0; seed < 4; seed++)
        {
            var random = new Random(seed);
            Matrix<double> map = draw(random);
            Vector<double> shift = Vector<double>.Build.Dense(4, _ => Normal.Sample(random, 0, 20));
            var moved = new GaussianMixtureModel(
                [.. start.Weights],
                [.. start.Means.Select(mean => map * mean + shift)],
                [.. start.Covariances.Select(covariance => Symmetric(map * covariance * map.Transpose()))]);
            double[] rows = [.. ClassicData.Iris.Chunk(4).SelectMany(row => (map * Vector<double>.Build.DenseOfArray(row) + shift).AsArray())];
            Assert.Equal(before - 150 * Math.Log(Math.Abs(map.Determinant())), LogLikelihood(rows, type, moved), 1e-6);
        }

        static Matrix<double> Symmetric(Matrix<double> matrix) => (matrix + matrix.Transpose()) / 2;
    }

    private static double LogLikelihood(double[] rows, CovarianceType type, GaussianMixtureModel start)
    {
        FitSummary summary = GaussianMixtureLearner.Fit(rows, 4, new GaussianMixtureEstimator.Options
        {
            InitialModel = start,
            CovarianceType = type,
            MaximumNumberOfIterations = 20_000,
            Tolerance = 1e-14,
        }).Summary;
        Assert.True(summary.HasConverged);
        Assert.False(summary.IsDegenerate);
        return summary.LogLikelihood;
    }

    private static GaussianMixtureModel Fit(double[] rows, CovarianceType type, int iterations) =>
        GaussianMixtureLearner.Fit(rows, 4, new GaussianMixtureEstimator.Options { NumberOfComponents = 3, CovarianceType = type, MaximumNumberOfIterations = iterations }).Model;

    private static Matrix<double> Normals(Random random) => Matrix<double>.Build.Dense(4, 4, (_, _) => Normal.Sample(random, 0, 1));

    private static TheoryData<CovarianceType> Where(Func<string, bool> condition) =>
        [.. CovarianceTypes.All.Select(row => row.Data).Where(type => condition(type.ToLetters(4)))];
}
