using MathNet.Numerics.LinearAlgebra.Double;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Mixtures of Gaussians in each state.</summary>
public sealed class GaussianMixtureEmissionTests
{
    public static TheoryData<CovarianceType> PerState => [CovarianceType.Full, CovarianceType.Diagonal, CovarianceType.Spherical];

    [Fact]
    public void The_log_likelihood_is_the_log_density_of_the_mixture()
    {
        var random = new Random(1);
        GaussianMixtureModel[] mixtures = [RandomMixtures.Model(random, 3, 2), RandomMixtures.Model(random, 3, 2)];
        var emission = new GaussianMixtureEmission(mixtures);
        Assert.Equal((EmissionType.GaussianMixture, 2, 3), (emission.Type, emission.Dimension, emission.NumberOfComponents));
        Assert.Equal(2 * mixtures[0].NumberOfParameters, emission.NumberOfParameters);
        foreach (double[] frame in new double[][] { [1, 2], [1e100, -1e100], [double.NaN, 3], [1e-100, 0] })
            Assert.Equal([mixtures[0].LogDensity(frame), mixtures[1].LogDensity(frame)], EmissionCase.LogLikelihoods(emission, frame));
    }

    [Theory]
    [MemberData(nameof(PerState))]
    public void One_component_is_a_Gaussian_through_start_and_training(CovarianceType type)
    {
        var random = new Random(2);
        foreach (HmmPrior prior in new[] { new HmmPrior(), new HmmPrior { MeanStrength = 2, CovarianceStrength = 3 } })
        {
            var frames = new WeightedRows(RandomMixtures.Rows(random, 120, 2), 2, default);
            double[] responsibilities = EmissionCase.Responsibilities(random, 120);
            int[] clusters = [.. Enumerable.Range(0, 120).Select(n => n % 2)];
            var gaussians = new GaussianEmissionLearner(3, frames, EmissionCase.Moments(frames), InputPrecision.Double, type, 0, prior);
            GaussianMixtureEmissionLearner mixtures = EmissionCase.CreateMixtureLearner(frames, type, 1, prior);
            HmmEmission gaussian = gaussians.Start(frames, clusters, new Random(3)), mixture = mixtures.Start(frames, clusters, new Random(3));
            for (int step = 0; step < 3; step++)
            {
                Assert.Equal(gaussian.NumberOfParameters, mixture.NumberOfParameters);
                Assert.Equal(gaussians.LogPrior(gaussian), mixtures.LogPrior(mixture));
                for (int n = 0; n < 120; n++)
                    Assert.Equal(EmissionCase.LogLikelihoods(gaussian, frames.Row(n).ToArray()), EmissionCase.LogLikelihoods(mixture, frames.Row(n).ToArray()));
                Assert.Equal(gaussians.DescribeDegeneracy(gaussian).Count(), mixtures.DescribeDegeneracy(mixture).Count());
                gaussian = gaussians.Maximize(EmissionCase.Gather(gaussians, gaussian, frames, responsibilities), gaussian);
                mixture = mixtures.Maximize(EmissionCase.Gather(mixtures, mixture, frames, responsibilities), mixture);
            }
        }
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void One_state_learns_what_a_mixture_learns(CovarianceType type)
    {
        var frames = new WeightedRows(RandomMixtures.Rows(new Random(4), 128, 2), 2, default);
        DataMoments moments = EmissionCase.Moments(frames);
        var learner = new GaussianMixtureEmissionLearner(1, 3, frames, moments, InputPrecision.Double, type, 0, new HmmPrior(), 1, default);
        var options = new GaussianMixtureEstimator.Options { NumberOfComponents = 3, CovarianceType = type, MaximumNumberOfIterations = 1, Tolerance = 0 };
        double tolerance = type.HasCommonAxes() ? 1e-7 : 1e-10;
        var ones = new double[RowTile.Rows];
        Array.Fill(ones, 1);

        HmmEmission emission = learner.Start(frames, new int[128], new Random(5));
        GaussianMixtureModel expected = ((GaussianMixtureEmission)emission).Mixtures[0];
        for (int step = 0; step < 20; step++)
        {
            emission = learner.Maximize(EmissionCase.Gather(learner, emission, frames, ones), emission);
            options.InitialModel = expected;
            expected = GaussianMixtureLearner.Fit(RandomMixtures.Rows(new Random(4), 128, 2), 2, options).Model;
            GaussianMixtureModel found = ((GaussianMixtureEmission)emission).Mixtures[0];
            for (int m = 0; m < 3; m++)
            {
                Assert.Equal(expected.Weights[m], found.Weights[m], tolerance / 100);
                Assert.True((expected.Means[m] - found.Means[m]).L2Norm() < tolerance);
                Assert.True((expected.Covariances[m] - found.Covariances[m]).L2Norm() < tolerance);
            }
        }
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void A_component_without_frames_keeps_its_mean_with_weight_zero(CovarianceType type)
    {
        var frames = new WeightedRows(RandomMixtures.Rows(new Random(6), 100, 2), 2, default);
        GaussianMixtureEmissionLearner learner = EmissionCase.CreateMixtureLearner(frames, type, 2, new HmmPrior());
        var far = new GaussianMixtureModel([0.5, 0.5], [DenseVector.OfArray([2, 2]), DenseVector.OfArray([1e7, 0])], [DenseMatrix.CreateIdentity(2), DenseMatrix.CreateIdentity(2)]);
        HmmEmission emission = new GaussianMixtureEmission([far, far, far]);
        double[] responsibilities = EmissionCase.Responsibilities(new Random(7), 100);
        for (int step = 0; step < 4; step++)
            emission = learner.Maximize(EmissionCase.Gather(learner, emission, frames, responsibilities), emission);
        GaussianMixtureModel learned = ((GaussianMixtureEmission)emission).Mixtures[0];
        Assert.Equal([1, 0], learned.Weights);
        Assert.Equal([1e7, 0], learned.Means[1].AsArray());
        if (!type.IsShared())
            Assert.Equal(far.Covariances[1], learned.Covariances[1]);

        var lines = new double[3 * RowTile.Rows];
        emission.ComputeLogLikelihoods(EmissionCase.Tile(frames), 100, lines);
        Assert.All(lines, value => Assert.True(double.IsFinite(value)));
        Assert.Contains("Component 2 of state 1 is degenerate: it holds 0 frames; 2 features need at least 3.", learner.DescribeDegeneracy(emission));
    }

    [Theory]
    [MemberData(nameof(CovarianceTypes.All), MemberType = typeof(CovarianceTypes))]
    public void A_start_copes_with_clusters_that_are_empty_or_all_alike(CovarianceType type)
    {
        var random = new Random(8);
        double[] values = RandomMixtures.Rows(random, 60, 2);
        for (int n = 0; n < 10; n++)
            (values[2 * n], values[2 * n + 1]) = (1, 1);
        var frames = new WeightedRows(values, 2, default);
        // Cluster 0 has one distinct frame, cluster 2 has none.
        int[] clusters = [.. Enumerable.Range(0, 60).Select(n => n < 10 ? 0 : 1)];
        var start = (GaussianMixtureEmission)EmissionCase.CreateMixtureLearner(frames, type, 3, new HmmPrior()).Start(frames, clusters, random);
        Assert.All(start.Mixtures, mixture => Assert.Equal(3, mixture.NumberOfComponents));
        Assert.All(start.Mixtures[2].Weights, weight => Assert.Equal(1.0 / 3, weight));
        Assert.NotEqual(start.Mixtures[2].Means[0], start.Mixtures[2].Means[1]);
        for (int n = 0; n < 60; n++)
            Assert.All(EmissionCase.LogLikelihoods(start, frames.Row(n).ToArray()), value => Assert.True(double.IsFinite(value)));
    }

    [Fact]
    public void Thin_components_are_degenerate_and_floors_are_told()
    {
        double[] values = RandomMixtures.Rows(new Random(9), 100, 2);
        for (int n = 0; n < 40; n++)
            values[2 * n + 1] = 2;
        var frames = new WeightedRows(values, 2, default);
        var learner = new GaussianMixtureEmissionLearner(2, 1, frames, EmissionCase.Moments(frames), InputPrecision.Double, CovarianceType.Full, 0, new HmmPrior(), 1, default);
        HmmEmission start = learner.Start(frames, [.. Enumerable.Range(0, 100).Select(n => n < 40 ? 0 : 1)], new Random(1));
        Assert.StartsWith("Component 1 of state 1 is degenerate: in some direction", Assert.Single(learner.DescribeDegeneracy(start)), StringComparison.Ordinal);
        Assert.StartsWith("The covariances of 1 of 2 components are held up", Assert.Single(learner.DescribeNotes()), StringComparison.Ordinal);
    }

    [Fact]
    public void Mixtures_that_do_not_fit_together_are_refused()
    {
        var random = new Random(10);
        GaussianMixtureModel two = RandomMixtures.Model(random, 2, 2);
        Assert.Throws<ArgumentNullException>("mixtures", () => new GaussianMixtureEmission(null!));
        Assert.Throws<ArgumentException>("mixtures", () => new GaussianMixtureEmission(Array.Empty<GaussianMixtureModel>()));
        Assert.Throws<ArgumentException>("mixtures", () => new GaussianMixtureEmission([two, null!]));
        Assert.Throws<ArgumentException>("mixtures", () => new GaussianMixtureEmission([two, RandomMixtures.Model(random, 3, 2)]));
        Assert.Throws<ArgumentException>("mixtures", () => new GaussianMixtureEmission([two, RandomMixtures.Model(random, 2, 3)]));
        Assert.Throws<ArgumentException>("mixtures", () => GaussianMixtureEmission.Create(2, [two]));
    }

    [Fact]
    public void Gaussians_can_be_made_from_means_and_covariances()
    {
        var emission = new GaussianEmission([DenseVector.OfArray([1, 2])], [DenseMatrix.OfArray(new[,] { { 2, 0.5 }, { 0.5, 1 } })]);
        Assert.Equal(2, emission.Means[0][1]);
        Assert.Throws<ArgumentException>("covariances", () => new GaussianEmission([DenseVector.OfArray([1])], []));
        Assert.Throws<ArgumentException>("means", () => new GaussianEmission([], []));
        Assert.Throws<ArgumentException>("covariances", () => new GaussianEmission([DenseVector.OfArray([1])], [DenseMatrix.OfArray(new double[,] { { -1 } })]));
        Assert.Throws<ArgumentException>("means", () => GaussianEmission.Create(2, emission.Means, emission.Covariances));
    }
}
