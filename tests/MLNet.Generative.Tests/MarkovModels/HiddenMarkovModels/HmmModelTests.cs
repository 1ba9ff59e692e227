using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

public sealed class HmmModelTests
{
    private static readonly HmmModel Two = GaussianReferenceTests.OfOneFeature([.3, .7], new[,] { { .8, .2 }, { .4, .6 } }, [0, 2], [1, 0.5]);

    [Fact]
    public void Numbers_that_are_no_probabilities_are_refused()
    {
        double[,] a = { { .8, .2 }, { .4, .6 } };
        AssertRefused("pi sums to 0.75", [.25, .5], a);
        AssertRefused("pi contains -0.1", [1.1, -.1], a);
        AssertRefused("pi contains NaN", [double.NaN, 1], a);
        AssertRefused("pi is empty", [], a);
        AssertRefused("Row 1 of a sums to 0.5", [.5, .5], new[,] { { .8, .2 }, { .4, .1 } });
        AssertRefused("Row 0 of a contains -0.2", [.5, .5], new[,] { { 1.2, -.2 }, { .4, .6 } });
        AssertRefused("a is 3 × 2", [.5, .5], new[,] { { .8, .2 }, { .4, .6 }, { .5, .5 } });
        AssertRefused("a is 2 × 3", [.5, .5], new[,] { { .8, .2, 0 }, { .4, .6, 0 } });
        AssertRefused("a is 2 × 0", [.5, .5], new double[2, 0]);

        // What rounding leaves is fine.
        Assert.NotNull(GaussianReferenceTests.OfOneFeature([.1 + .2, .7], new[,] { { 1 - 1e-12, 0 }, { 0, 1 } }, [0, 1], [1, 1]));
    }

    [Fact]
    public void Parameters_that_are_no_Gaussians_are_refused()
    {
        double[] pi = [.5, .5];
        double[,] a = { { .8, .2 }, { .4, .6 } };
        Vector<double> mean = Vector<double>.Build.Dense(2);
        Matrix<double> unit = Matrix<double>.Build.DenseIdentity(2);
        Assert.Throws<ArgumentNullException>("pi", () => HmmModel.Gaussian(null!, a, [mean, mean], [unit, unit]));
        Assert.Throws<ArgumentNullException>("a", () => HmmModel.Gaussian(pi, null!, [mean, mean], [unit, unit]));
        Assert.Throws<ArgumentNullException>("means", () => HmmModel.Gaussian(pi, a, null!, [unit, unit]));
        Assert.Throws<ArgumentNullException>("covariances", () => HmmModel.Gaussian(pi, a, [mean, mean], null!));
        Assert.ThrowsAny<ArgumentException>(() => HmmModel.Gaussian(pi, a, [mean], [unit, unit]));
        Assert.ThrowsAny<ArgumentException>(() => HmmModel.Gaussian(pi, a, [mean, mean], [unit]));
        Assert.ThrowsAny<ArgumentException>(() => HmmModel.Gaussian(pi, a, [mean, Vector<double>.Build.Dense(3)], [unit, unit]));
        Assert.ThrowsAny<ArgumentException>(() => HmmModel.Gaussian(pi, a, [mean, mean], [unit, Matrix<double>.Build.DenseIdentity(3)]));
        Assert.ThrowsAny<ArgumentException>(() => HmmModel.Gaussian(pi, a, [mean, Vector<double>.Build.Dense(2, double.NaN)], [unit, unit]));
        Assert.ThrowsAny<ArgumentException>(() => HmmModel.Gaussian(pi, a, [mean, mean], [unit, -unit]));
        Assert.ThrowsAny<ArgumentException>(() => HmmModel.Gaussian(pi, a, [mean, mean], [unit, Matrix<double>.Build.DenseOfArray(new[,] { { 1, .5 }, { 0, 1 } })]));
        Assert.ThrowsAny<ArgumentException>(() => HmmModel.Gaussian(pi, a, [mean, mean], [unit, Matrix<double>.Build.DenseOfArray(new[,] { { 1, 2.0 }, { 2, 1 } })]));
    }

    [Fact]
    public void A_model_cannot_be_changed_through_what_it_was_made_of_or_gives()
    {
        double[] pi = [.5, .5];
        double[,] a = { { .8, .2 }, { .4, .6 } };
        HmmModel model = GaussianReferenceTests.OfOneFeature(pi, a, [0, 2], [1, 1]);
        double before = model.LogLikelihood([0, 1, 2]);
        (pi[0], a[0, 0]) = (9, 9);
        model.TransitionMatrix[0, 0] = 9;
        ((GaussianEmission)model.Emissions).Means[0][0] = 9;
        ((GaussianEmission)model.Emissions).Covariances[0][0, 0] = 9;
        Assert.Equal(before, model.LogLikelihood([0, 1, 2]));
        Assert.Equal(.5, model.InitialProbabilities[0]);
        Assert.Equal(.8, model.TransitionMatrix[0, 0]);
    }

    [Fact]
    public void Sequences_of_the_wrong_shape_are_refused()
    {
        HmmModel model = RandomSequences.Model(new Random(1), 3, 2);
        foreach (Action<double[]> question in Questions(model))
        {
            Assert.Contains("3 numbers, which is no multiple of the 2 values", Assert.Throws<ArgumentException>(() => question([1, 2, 3])).Message, StringComparison.Ordinal);
            Assert.Contains("Step 1: Feature 1 is ", Assert.Throws<ArgumentException>(() => question([1, 2, 3, double.NegativeInfinity])).Message, StringComparison.Ordinal);
        }
        Assert.Throws<ArgumentNullException>(() => model.Sample(1, null!));
        Assert.Throws<ArgumentNullException>(() => model.SamplePath([1, 2], null!));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Sample(-1, new Random(1)));
    }

    [Fact]
    public void An_empty_sequence_has_probability_one_and_no_steps()
    {
        Assert.Equal(0, Two.LogLikelihood([]));
        Assert.Empty(Two.Viterbi([], out double logProbability));
        Assert.Equal(0, logProbability);
        Assert.Empty(Two.SamplePath([], new Random(1)));
        Assert.Equal(0, Two.ExpectedTransitions([]).ToRowMajorArray().Sum());
        Assert.Empty(Two.Sample(0, new Random(1)).Sequence);
        foreach (Action action in new Action[] { () => Two.Posterior([]), () => Two.Filter([]), () => Two.LogForward([]), () => Two.LogBackward([]) })
            Assert.Contains("empty", Assert.Throws<ArgumentException>(action).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_impossible_sequence_is_reported_and_not_a_NaN()
    {
        HmmModel model = HmmModel.Categorical([1, 0], new[,] { { 1.0, 0 }, { 0, 1 } }, new[,] { { 1.0, 0 }, { 0, 1 } });
        double[] sequence = [0, 1, 0];
        Assert.Equal(double.NegativeInfinity, model.LogLikelihood(sequence));
        Assert.Equal([-1, -1, -1], model.Viterbi(sequence, out double logProbability));
        Assert.Equal(double.NegativeInfinity, logProbability);
        Assert.All(model.Posterior(sequence).ToRowMajorArray(), value => Assert.Equal(.5, value));
        Assert.All(model.Filter(sequence).ToRowMajorArray(), value => Assert.Equal(.5, value));
        Assert.Equal([-1, -1, -1], model.SamplePath(sequence, new Random(1)));
        Assert.Equal(0, model.ExpectedTransitions(sequence).ToRowMajorArray().Sum());
        Assert.DoesNotContain(model.LogForward(sequence).ToRowMajorArray(), double.IsNaN);
        Assert.DoesNotContain(model.LogBackward(sequence).ToRowMajorArray(), double.IsNaN);
    }

    [Fact]
    public void Forward_and_backward_give_posterior_filter_and_transitions() =>
        Gen.Int[0, 1 << 30].Sample(
            seed =>
            {
                var random = new Random(seed);
                HmmModel model = RandomSequences.Model(random, random.Next(1, 10), random.Next(1, 4));
                double[] sequence = model.Sample(random.Next(1, 30), random).Sequence;
                for (int i = 0; i < sequence.Length; i++)
                    sequence[i] = random.Next(8) == 0 ? double.NaN : sequence[i];
                double logLikelihood = model.LogLikelihood(sequence);
                Matrix<double> forward = model.LogForward(sequence), backward = model.LogBackward(sequence);
                Matrix<double> posterior = model.Posterior(sequence), filter = model.Filter(sequence);
                for (int t = 0; t < forward.RowCount; t++)
                {
                    Vector<double> joint = (forward.Row(t) + backward.Row(t)).Map(Math.Exp);
                    Assert.Equal(logLikelihood, Math.Log(joint.Sum()), 1e-9);
                    Assert.True((posterior.Row(t) - (joint / joint.Sum())).L2Norm() < 1e-10);
                    Vector<double> known = forward.Row(t).Map(Math.Exp);
                    Assert.True((filter.Row(t) - (known / known.Sum())).L2Norm() < 1e-10);
                }
                Matrix<double> transitions = model.ExpectedTransitions(sequence);
                Assert.Equal(forward.RowCount - 1, transitions.ToRowMajorArray().Sum(), 1e-9);
                Vector<double> left = posterior.ColumnSums() - posterior.Row(posterior.RowCount - 1);
                Assert.True((transitions.RowSums() - left).L2Norm() < 1e-9);
            },
            iter: 300);

    [Fact]
    public void Equal_rows_of_A_are_a_mixture()
    {
        var random = new Random(3);
        GaussianMixtureModel mixture = RandomMixtures.Model(random, 3, 2);
        double[] rows = RandomMixtures.Rows(random, 50, 2);
        double[,] a = new double[3, 3];
        for (int i = 0; i < 9; i++)
            a[i / 3, i % 3] = mixture.Weights[i % 3];
        HmmModel model = HmmModel.Gaussian([.. mixture.Weights], a, mixture.Means, mixture.Covariances);
        Assert.Equal(rows.Chunk(2).Sum(row => mixture.LogDensity(row)), model.LogLikelihood(rows), 1e-9);
    }

    [Fact]
    public void A_missing_value_is_integrated_out()
    {
        // By the trapezoidal rule, which is exact enough for what is smooth and dies away.
        HmmModel model = RandomSequences.Model(new Random(5), 3, 2);
        double[] sequence = [1, 2, 3, double.NaN, double.NaN, double.NaN, 2, 2];
        double[] filled = [1, 2, 3, 0, 0, 0, 2, 2];
        const double step = 0.1;
        double largest = double.NegativeInfinity;
        var logs = new List<double>();
        double[] withoutSecond = [1, 2, 3, double.NaN];
        for (double x = -15; x < 25; x += step)
        {
            withoutSecond[3] = x;
            logs.Add(model.LogLikelihood(withoutSecond));
            largest = Math.Max(largest, logs[^1]);
        }
        Assert.Equal(largest + Math.Log(step * logs.Sum(log => Math.Exp(log - largest))), model.LogLikelihood([1, 2, 3, double.NaN]), 1e-9);

        Matrix<double> a = model.TransitionMatrix;
        HmmModel skipping = HmmModel.Gaussian(
            [.. model.InitialProbabilities], (a * a).ToArray(), ((GaussianEmission)model.Emissions).Means, ((GaussianEmission)model.Emissions).Covariances);
        Assert.Equal(skipping.LogLikelihood([1, 2, 5, 5]), model.LogLikelihood([1, 2, double.NaN, double.NaN, 5, 5]), 1e-10);
        Assert.Equal(0, model.LogLikelihood([double.NaN, double.NaN, double.NaN, double.NaN]), 1e-12);
        Assert.True((model.Posterior([double.NaN, double.NaN, double.NaN, double.NaN]).Row(1) - (Vector<double>.Build.DenseOfEnumerable(model.InitialProbabilities) * a)).L2Norm() < 1e-12);
        Assert.True(model.LogLikelihood(sequence) > model.LogLikelihood(filled));
    }

    [Fact]
    public void A_model_is_made_of_its_parts()
    {
        HmmModel model = RandomSequences.Model(new Random(6), 3, 2);
        double[] sequence = [1, 2, 3, 4, 0, 1];
        var same = new HmmModel([.. model.InitialProbabilities], model.TransitionMatrix.ToArray(), model.Emissions);
        Assert.Equal(model.LogLikelihood(sequence), same.LogLikelihood(sequence));

        // Two counts in each step, which no factory makes, and a start for learning.
        var counts = new HmmModel([.5, .5], new[,] { { .9, .1 }, { .2, .8 } }, new PoissonEmission(new double[,] { { 1, 9 }, { 8, 2 } }));
        Assert.Equal([0, 0, 1], counts.Viterbi([1, 10, 0, 8, 9, 1], out _));
        Assert.Equal("Poisson emissions of 2 values in 2 states", counts.Emissions.ToString());
        Assert.Equal("hidden Markov model of 2 states with Poisson emissions of 2 values", counts.ToString());
        HmmFit fit = HmmLearner.Fit([counts.Sample(200, new Random(1)).Sequence], new HmmEstimator.Options { InitialModel = counts }, dimension: 2);
        Assert.Equal(EmissionType.Poisson, fit.Model.Emissions.Type);
        Assert.True(fit.Summary.LogLikelihoodTrace[^1] >= fit.Summary.LogLikelihoodTrace[0]);

        Assert.Throws<ArgumentNullException>(() => new HmmModel(null!, new double[,] { { 1 } }, counts.Emissions));
        Assert.Throws<ArgumentNullException>(() => new HmmModel([1], (double[,])null!, counts.Emissions));
        Assert.Throws<ArgumentNullException>(() => new HmmModel([1], new double[,] { { 1 } }, null!));
        Assert.Contains("emissions have 2 states; pi has 1", Assert.Throws<ArgumentException>(() => new HmmModel([1], new double[,] { { 1 } }, counts.Emissions)).Message, StringComparison.Ordinal);
        Assert.Contains("a is 1 × 1; it needs a row", Assert.Throws<ArgumentException>(() => new HmmModel([.5, .5], new double[,] { { 1 } }, counts.Emissions)).Message, StringComparison.Ordinal);
    }

    private static Action<double[]>[] Questions(HmmModel model) =>
    [
        sequence => model.LogLikelihood(sequence),
        sequence => model.Viterbi(sequence, out _),
        sequence => model.Posterior(sequence),
        sequence => model.Filter(sequence),
        sequence => model.LogForward(sequence),
        sequence => model.LogBackward(sequence),
        sequence => model.ExpectedTransitions(sequence),
        sequence => model.SamplePath(sequence, new Random(1)),
    ];

    private static void AssertRefused(string message, double[] pi, double[,] a) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => GaussianReferenceTests.OfOneFeature(pi, a, new double[pi.Length], [.. pi.Select(_ => 1.0)])).Message, StringComparison.Ordinal);
}
