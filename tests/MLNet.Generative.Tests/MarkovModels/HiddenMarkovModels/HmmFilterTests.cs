using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

public sealed class HmmFilterTests
{
    [Fact]
    public void The_log_likelihood_of_a_million_steps_loses_no_digit()
    {
        HmmFilter filter = HmmModel.Categorical([.5, .5], new[,] { { .5, .5 }, { .5, .5 } }, new[,] { { .25, .75 }, { .25, .75 } }).CreateFilter();
        for (int t = 0; t < 1_000_000; t++)
            filter.Update([0]);
        Assert.Equal(-1386294.3611198906, filter.LogLikelihood, 1e-8);
    }

    [Fact]
    public void A_filter_agrees_with_the_model_step_by_step() =>
        Gen.Int[0, 1 << 30].Sample(
            seed =>
            {
                var random = new Random(seed);
                HmmModel model = RandomSequences.Model(random, random.Next(1, 10), random.Next(1, 3));
                double[] sequence = model.Sample(20, random).Sequence;
                for (int i = 0; i < sequence.Length; i++)
                    sequence[i] = random.Next(8) == 0 ? double.NaN : sequence[i];
                Matrix<double> known = model.Filter(sequence);
                HmmFilter filter = model.CreateFilter();
                for (int pass = 0; pass < 2; pass++)
                {
                    Assert.Equal(0, filter.NumberOfSteps);
                    Assert.Equal(0, filter.LogLikelihood);
                    AssertClose(model.InitialProbabilities, filter.State);
                    for (int t = 0; t < 20; t++)
                    {
                        double before = filter.LogLikelihood;
                        double gain = filter.Update(sequence.AsSpan(t * model.Dimension, model.Dimension));
                        Assert.Equal(filter.LogLikelihood, before + gain, 1e-12);
                        Assert.Equal(model.LogLikelihood(sequence.AsSpan(0, (t + 1) * model.Dimension)), filter.LogLikelihood, 1e-9);
                        AssertClose(known.Row(t), filter.State);
                        Assert.Equal(t + 1, filter.NumberOfSteps);
                    }
                    filter.Reset();
                }
            },
            iter: 200);

    [Fact]
    public void A_prediction_is_the_state_times_powers_of_A()
    {
        HmmModel model = RandomSequences.Model(new Random(3), 4, 1);
        Matrix<double> a = model.TransitionMatrix;
        HmmFilter filter = model.CreateFilter();
        AssertClose(model.InitialProbabilities, filter.Predict());
        AssertClose(Vector<double>.Build.DenseOfEnumerable(model.InitialProbabilities) * a * a, filter.Predict(3));
        filter.Update([1]);
        filter.Update([double.NaN]);
        Vector<double> state = Vector<double>.Build.DenseOfArray(filter.State);
        for (int steps = 1; steps < 5; steps++)
            AssertClose(state * a.Power(steps), filter.Predict(steps));
        AssertClose(model.StationaryDistribution(), filter.Predict(1000));
        AssertClose(state, filter.State);
        Assert.Throws<ArgumentOutOfRangeException>(() => filter.Predict(0));
    }

    [Fact]
    public void An_impossible_step_counts_as_missing()
    {
        HmmModel model = HmmModel.Categorical([1, 0], new[,] { { .5, .5 }, { 0, 1 } }, new[,] { { 1.0, 0, 0 }, { 0, 1, 0 } });
        HmmFilter filter = model.CreateFilter();
        Assert.Equal(double.NegativeInfinity, filter.Update([2]));
        AssertClose([1, 0], filter.State);
        Assert.Equal(double.NegativeInfinity, filter.LogLikelihood);
        Assert.Equal(double.NegativeInfinity, filter.Update([2]));
        AssertClose([.5, .5], filter.State);
        Assert.True(double.IsFinite(filter.Update([double.NaN])));
        AssertClose([.25, .75], filter.State);
        Assert.Equal(double.NegativeInfinity, filter.LogLikelihood);
        filter.Reset();
        Assert.True(double.IsFinite(filter.Update([0])));
        Assert.True(double.IsFinite(filter.LogLikelihood));
    }

    [Fact]
    public void A_frame_of_the_wrong_shape_changes_nothing()
    {
        HmmFilter filter = RandomSequences.Model(new Random(3), 4, 2).CreateFilter();
        filter.Update([1, 2]);
        double[] state = filter.State;
        Assert.Throws<ArgumentException>(() => filter.Update([1]));
        Assert.Throws<ArgumentException>(() => filter.Update([1, double.PositiveInfinity]));
        Assert.Equal(state, filter.State);
        Assert.Equal(1, filter.NumberOfSteps);
        filter.State[0] = 9;
        Assert.Equal(state, filter.State);
    }

    [Fact]
    public void Far_frames_lose_no_digit()
    {
        // Log-likelihoods of about -1e8, where only the difference between the states counts.
        HmmModel model = GaussianReferenceTests.OfOneFeature([.5, .5], new[,] { { .5, .5 }, { .5, .5 } }, [0, 0], [1, 1]);
        HmmFilter filter = model.CreateFilter();
        for (int t = 0; t < 50; t++)
        {
            filter.Update([14142]);
            Assert.Equal(1, filter.State.Sum(), 1e-14);
        }
    }

    private static void AssertClose(IEnumerable<double> expected, IEnumerable<double> actual)
    {
        Assert.Equal(expected.Count(), actual.Count());
        foreach ((double first, double second) in expected.Zip(actual))
            Assert.Equal(first, second, 1e-10);
    }
}
