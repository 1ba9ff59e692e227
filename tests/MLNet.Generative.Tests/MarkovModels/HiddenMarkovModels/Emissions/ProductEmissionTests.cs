using MathNet.Numerics.LinearAlgebra.Double;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Products of emissions.</summary>
public sealed class ProductEmissionTests
{
    private static readonly PoissonEmission Counts = new(new double[,] { { 1, 2 }, { 3, 0 } });
    private static readonly CategoricalEmission Symbols = new(new[,] { { 0.5, 0.5 }, { 0, 1 } });
    private static readonly GaussianEmission Points = new([DenseVector.OfArray([0]), DenseVector.OfArray([1])], [DenseMatrix.CreateIdentity(1), DenseMatrix.CreateIdentity(1)]);

    [Fact]
    public void The_log_likelihood_is_the_sum_over_the_parts()
    {
        var product = new ProductEmission(Points, Counts, Symbols);
        Assert.Equal((EmissionType.Product, 2, 4), (product.Type, product.NumberOfStates, product.Dimension));
        Assert.Equal(Points.NumberOfParameters + Counts.NumberOfParameters + Symbols.NumberOfParameters, product.NumberOfParameters);
        Assert.Same(Symbols, product.Parts[2]);
        foreach (double[] frame in new double[][] { [0.5, 1, 2, 1], [double.NaN, 1, 0, 0], [-3, double.NaN, 4, double.NaN], [1e100, 1e15, 0, 1] })
        {
            double[] found = EmissionCase.LogLikelihoods(product, frame);
            double[] points = EmissionCase.LogLikelihoods(Points, frame[0]), counts = EmissionCase.LogLikelihoods(Counts, frame[1], frame[2]), symbols = EmissionCase.LogLikelihoods(Symbols, frame[3]);
            for (int k = 0; k < 2; k++)
            {
                double expected = points[k] + counts[k] + symbols[k];
                Assert.False(double.IsNaN(found[k]));
                Assert.True(found[k] == expected || Math.Abs(found[k] - expected) < 1e-14 * (1 + Math.Abs(expected)), $"{expected} {found[k]}");
            }
        }
    }

    [Fact]
    public void A_problem_names_the_feature_of_the_whole_frame()
    {
        var product = new ProductEmission(Points, Counts, Symbols, new MultinomialEmission(new[,] { { 0.5, 0.5 }, { 0.1, 0.9 } }, 4));
        Assert.Equal("Feature 2 is 1.5, but a Poisson count is a whole number that is not negative", product.FindProblem([0, 1, 1.5, 0, 2, 2]));
        Assert.Equal("Feature 3 is 7, but the symbols are the whole numbers from 0 to 1", product.FindProblem([0, 1, 1, 7, 2, 2]));
        Assert.Equal("Features 4 to 5 sum to 5, but the multinomial has 4 trials", product.FindProblem([0, 1, 1, 1, 3, 2]));
        Assert.Null(product.FindProblem([0, 1, 1, 1, 3, 1]));
    }

    [Fact]
    public void A_learner_learns_each_part_as_its_own_learner_does()
    {
        var random = new Random(1);
        (WeightedRows frames, EmissionLearner learner, HmmEmission current) = EmissionCase.Get("Product").Create(random, 128);
        Assert.True(learner.CanStartFromClusters);
        Assert.Equal("Feature 2 is 9, but the symbols are the whole numbers from 0 to 4", learner.FindProblem([0, 0, 9, 0, 0, 0]));
        double[] responsibilities = EmissionCase.Responsibilities(random, 128);
        var learned = (ProductEmission)learner.Maximize(EmissionCase.Gather(learner, current, frames, responsibilities), current);

        var counts = new WeightedRows(Enumerable.Range(0, 128).SelectMany(n => frames.Row(n)[3..5].ToArray()).ToArray(), 2, default);
        var alone = new PoissonEmissionLearner(3, counts, new HmmPrior());
        HmmEmission start = ((ProductEmission)current).Parts[2];
        var expected = (PoissonEmission)alone.Maximize(EmissionCase.Gather(alone, start, counts, responsibilities), start);
        Assert.Equal(expected.Rates, ((PoissonEmission)learned.Parts[2]).Rates);
    }

    [Fact]
    public void Notes_of_the_parts_say_of_which_features_they_are()
    {
        var values = new double[3 * 40];
        for (int n = 0; n < 40; n++)
            (values[3 * n], values[3 * n + 1], values[3 * n + 2]) = (n, n % 7, n % 5);
        var frames = new WeightedRows(values, 3, default);
        var learner = new ProductEmissionLearner(frames, [1, 2], (part, own) => part == 0
            ? new PoissonEmissionLearner(2, own, new HmmPrior())
            : new GaussianEmissionLearner(2, own, EmissionCase.Moments(own), InputPrecision.Double, CovarianceType.Full, 0, new HmmPrior()));
        HmmEmission start = learner.Start(frames, [.. Enumerable.Range(0, 40).Select(n => n < 2 ? 0 : 1)], new Random(1));
        Assert.Contains(learner.DescribeDegeneracy(start), note => note.StartsWith("Features 1 to 2: State 1 is degenerate: it holds 2 frames", StringComparison.Ordinal));
        Assert.StartsWith("Features 1 to 2: The covariances of", Assert.Single(learner.DescribeNotes()), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_threads_may_use_one_product()
    {
        var random = new Random(2);
        (WeightedRows frames, _, HmmEmission emission) = EmissionCase.Get("Product").Create(random, 128);
        var expected = new double[3 * RowTile.Rows];
        emission.ComputeLogLikelihoods(EmissionCase.Tile(frames), 128, expected);
        Parallel.For(0, 200, _ =>
        {
            var lines = new double[3 * RowTile.Rows];
            emission.ComputeLogLikelihoods(EmissionCase.Tile(frames), 128, lines);
            Assert.Equal(expected, lines);
        });
    }

    [Fact]
    public void Parts_that_do_not_fit_together_are_refused()
    {
        Assert.Throws<ArgumentNullException>("parts", () => new ProductEmission((IReadOnlyList<HmmEmission>)null!));
        Assert.Throws<ArgumentException>("parts", () => new ProductEmission());
        Assert.Throws<ArgumentException>("parts", () => new ProductEmission(Counts, null!));
        Assert.Throws<ArgumentException>("parts", () => new ProductEmission(Counts, new PoissonEmission([1])));
        Assert.StartsWith("Part 1 is a product itself.", Assert.Throws<ArgumentException>("parts", () => new ProductEmission(Counts, new ProductEmission(Symbols))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("parts", () => ProductEmission.Create(3, [Counts]));
    }
}
