using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.Statistics;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The mathematics of a mixture as an object: densities of incomplete rows, marginals, conditionals, draws, and what it refuses.</summary>
public sealed class GaussianMixtureModelTests
{
    private static readonly GaussianMixtureModel Model = GaussianMixtureLearner.Fit(
        ClassicData.Iris, 4, new GaussianMixtureEstimator.Options { NumberOfComponents = 3 }).Model;

    [Fact]
    public void A_single_Gaussian_is_a_mixture_of_one()
    {
        var standard = new GaussianMixtureModel([1], [DenseVector.OfArray([0])], [DenseMatrix.OfDiagonalArray([1])]);
        Assert.Equal(-0.5 * Math.Log(2 * Math.PI), standard.LogDensity([0]), 1e-15);
        Assert.Equal(-0.5 * Math.Log(2 * Math.PI) - 2, standard.LogDensity([2]), 1e-15);
        Assert.Equal(2, standard.NumberOfParameters);
    }

    [Fact]
    public void Missing_features_are_integrated_out()
    {
        Gen.Select(Gen.Double[0, 8].Array[4], Gen.Int[0, 14]).Sample((row, present) =>
        {
            int[] kept = [.. Enumerable.Range(0, 4).Where(j => (present >> j & 1) == 1)];
            double[] incomplete = [.. row.Select((value, j) => kept.Contains(j) ? value : double.NaN)];
            double expected = kept.Length == 0 ? 0 : Model.Marginal(kept).LogDensity([.. kept.Select(j => row[j])]);
            Assert.Equal(expected, Model.LogDensity(incomplete), 1e-10);
        }, iter: 300);
    }

    [Fact]
    public void A_row_with_nothing_has_log_density_zero_and_the_prior_as_posterior()
    {
        var posterior = new double[3];
        Assert.Equal(0, Model.Posterior([double.NaN, double.NaN, double.NaN, double.NaN], posterior));
        for (int k = 0; k < 3; k++)
            Assert.Equal(Model.Weights[k], posterior[k], 1e-12);
    }

    [Fact]
    public void A_joint_density_is_the_product_of_marginal_and_conditional()
    {
        Gen.Double[0, 8].Array[4].Sample(row =>
        {
            int[] known = [2, 0];
            double[] values = [row[2], row[0]];
            double marginal = Model.Marginal(known).LogDensity(values);
            double conditional = Model.Condition(known, values).LogDensity([row[1], row[3]]);
            double joint = Model.LogDensity(row);
            Assert.Equal(joint, marginal + conditional, 1e-9 * (1 + Math.Abs(joint)));
        }, iter: 300);
    }

    [Fact]
    public void Infinite_and_enormous_rows_have_finite_log_densities()
    {
        foreach (double value in new[] { double.PositiveInfinity, double.NegativeInfinity, 1e300, -1e200, 1e30 })
        {
            var posterior = new double[3];
            Assert.True(double.IsFinite(Model.Posterior([1, value, 2, 3], posterior)));
            Assert.Equal(1, posterior.Sum(), 1e-9);
            Assert.True(double.IsFinite(Model.Posterior([double.NaN, value, 2, 3], posterior)));
            Assert.Equal(1, posterior.Sum(), 1e-9);
        }
    }

    [Fact]
    public void Draws_have_the_moments_of_the_mixture()
    {
        var random = new Random(7);
        var row = new double[4];
        var rows = new double[40_000][];
        var counts = new double[3];
        for (int n = 0; n < rows.Length; n++)
        {
            counts[Model.Sample(random, row)]++;
            rows[n] = [.. row];
        }

        Vector<double> mean = Model.Mean();
        Matrix<double> covariance = Model.Covariance();
        for (int k = 0; k < 3; k++)
            Assert.Equal(Model.Weights[k], counts[k] / rows.Length, 0.01);
        for (int j = 0; j < 4; j++)
        {
            double[] column = [.. rows.Select(r => r[j])];
            Assert.Equal(mean[j], column.Mean(), 5 * Math.Sqrt(covariance[j, j] / rows.Length));
            Assert.Equal(covariance[j, 0], column.Covariance(rows.Select(r => r[0])), 0.05);
        }
    }

    [Fact]
    public void The_same_random_state_draws_the_same_row()
    {
        var a = new double[4];
        var b = new double[4];
        Assert.Equal(Model.Sample(new Random(3), a), Model.Sample(new Random(3), b));
        Assert.Equal(a, b);
    }

    [Fact]
    public void A_component_of_weight_zero_is_never_drawn_and_never_responsible()
    {
        Matrix<double> one = DenseMatrix.OfDiagonalArray([1]);
        var model = new GaussianMixtureModel([0, 1, 0], [DenseVector.OfArray([-9]), DenseVector.OfArray([0]), DenseVector.OfArray([9])], [one, one, one]);
        var random = new Random(1);
        var row = new double[1];
        var posterior = new double[3];
        for (int n = 0; n < 100; n++)
            Assert.Equal(1, model.Sample(random, row));
        model.Posterior([9], posterior);
        Assert.Equal([0, 1, 0], posterior);
    }

    [Fact]
    public void Changing_what_a_model_was_made_of_or_gave_away_does_not_change_it()
    {
        double[] weights = [1];
        Vector<double> mean = DenseVector.OfArray([2]);
        Matrix<double> covariance = DenseMatrix.OfDiagonalArray([3]);
        var model = new GaussianMixtureModel(weights, [mean], [covariance]);
        (weights[0], mean[0], covariance[0, 0]) = (9, 9, 9);
        model.Means[0][0] = 9;
        model.Covariances[0][0, 0] = 9;

        Assert.Equal(1, model.Weights[0]);
        Assert.Equal(2, model.Means[0][0]);
        Assert.Equal(3, model.Covariances[0][0, 0]);
    }

    [Theory]
    [InlineData(CovarianceType.Full, "VVV", "V")]
    [InlineData(CovarianceType.Tied, "EEE", "E")]
    [InlineData(CovarianceType.Diagonal, "VVI", "V")]
    [InlineData(CovarianceType.Spherical, "VII", "V")]
    public void Covariance_types_have_three_letters_or_one(CovarianceType type, string letters, string letter)
    {
        Assert.Equal(letters, type.ToLetters(2));
        Assert.Equal(letter, type.ToLetters(1));
        Assert.Equal("VVV mixture of 3 Gaussians of 4 features", Model.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => type.ToLetters(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ((CovarianceType)77).ToLetters(2));
    }

    [Fact]
    public void Wrong_parameters_are_refused_with_what_is_wrong()
    {
        Vector<double> mean = DenseVector.OfArray([0, 0]);
        Matrix<double> covariance = DenseMatrix.CreateIdentity(2);
        Refuses("at least one component", () => new GaussianMixtureModel([], [], []));
        Refuses("sum to 0.9", () => new GaussianMixtureModel([0.5, 0.4], [mean, mean], [covariance, covariance]));
        Refuses("Weight 1 is -0.5", () => new GaussianMixtureModel([1.5, -0.5], [mean, mean], [covariance, covariance]));
        Refuses("Weight 0 is NaN", () => new GaussianMixtureModel([double.NaN], [mean], [covariance]));
        Refuses("2 weights but 1 means", () => new GaussianMixtureModel([0.5, 0.5], [mean], [covariance, covariance]));
        Refuses("2 weights but 1 covariances", () => new GaussianMixtureModel([0.5, 0.5], [mean, mean], [covariance]));
        Refuses("Mean 0", () => new GaussianMixtureModel([1], [DenseVector.OfArray([0, double.PositiveInfinity])], [covariance]));
        Refuses("Covariance 0 is 1 × 1", () => new GaussianMixtureModel([1], [mean], [DenseMatrix.CreateIdentity(1)]));
        Refuses("not symmetric", () => new GaussianMixtureModel([1], [mean], [DenseMatrix.OfArray(new[,] { { 1, 0.5 }, { 0, 1 } })]));
        Refuses("not positive definite", () => new GaussianMixtureModel([1], [mean], [DenseMatrix.OfArray(new[,] { { 1.0, 2 }, { 2, 1 } })]));
        Refuses("not positive definite", () => new GaussianMixtureModel([1], [mean], [DenseMatrix.OfArray(new[,] { { 1.0, 0 }, { 0, 0 } })]));
    }

    [Fact]
    public void Wrong_questions_are_refused_with_what_is_wrong()
    {
        Refuses("The row has 3 numbers; the mixture has 4 features", () => Model.LogDensity([1, 2, 3]));
        Refuses("2 places", () => Model.Posterior([1, 2, 3, 4], new double[2]));
        Refuses("at least one feature", () => Model.Marginal());
        Refuses("no feature 4", () => Model.Marginal(0, 4));
        Refuses("named twice", () => Model.Marginal(1, 1));
        Refuses("1 known features but 2 values", () => Model.Condition([0], [1, 2]));
        Refuses("finite", () => Model.Condition([0], [double.NaN]));
        Refuses("nothing is left", () => Model.Condition([0, 1, 2, 3], [1, 1, 1, 1]));
    }

    private static void Refuses(string part, Func<object> action) =>
        Assert.Contains(part, Assert.ThrowsAny<ArgumentException>(action).Message, StringComparison.Ordinal);
}
