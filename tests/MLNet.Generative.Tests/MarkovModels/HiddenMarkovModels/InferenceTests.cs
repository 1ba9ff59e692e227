using CsCheck;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>The recursions against a table of all paths, and against one another where there are too many.</summary>
public sealed class InferenceTests
{
    [Fact]
    public void Recursions_agree_with_the_table_of_all_paths() =>
        RandomChains.Cases(mostStates: 12, longest: 6).Where(one => Math.Pow(one.Chain.NumberOfStates, one.Frames.Length) <= 2500).Sample(
            one =>
            {
                (HiddenChain chain, FrameLikelihoods frames, string text) = one;
                var table = new PathTable(chain, frames);
                double tolerance = 1e-12 * (1 + (table.IsPossible ? table.Magnitude : 0));

                var inference = new ForwardBackward(chain);
                frames.CopyTo(inference.Frames);
                double filtered = inference.Filter();
                AssertEqual(table.LogLikelihood, filtered, tolerance, $"log P, {text}");
                AssertRows(inference, text);
                for (int t = 0; t < frames.Length && table.IsPossible; t++)
                {
                    var sofar = new FrameLikelihoods(chain.NumberOfStates);
                    sofar.Resize(t + 1);
                    for (int s = 0; s <= t; s++)
                        frames.LogFrame(s).CopyTo(sofar.LogFrame(s));
                    double[,] known = new PathTable(chain, sofar).Posterior;
                    for (int k = 0; k < chain.NumberOfStates; k++)
                        AssertEqual(known[t, k], inference.States[t * chain.Stride + k], 1e-10, $"filter, step {t}, state {k}, {text}");
                }

                var transitions = new double[chain.NumberOfStates * chain.Stride];
                AssertEqual(table.LogLikelihood, inference.Smooth(transitions, 1), tolerance, $"log P of smoothing, {text}");
                AssertRows(inference, text);
                for (int i = 0; i < chain.NumberOfStates; i++)
                {
                    for (int t = 0; t < frames.Length && table.IsPossible; t++)
                        AssertEqual(table.Posterior[t, i], inference.States[t * chain.Stride + i], 1e-10, $"posterior, step {t}, state {i}, {text}");
                    for (int j = 0; j < chain.Stride; j++)
                        AssertEqual(j < chain.NumberOfStates ? table.Transitions[i, j] : 0, transitions[i * chain.Stride + j], 1e-10, $"transitions {i} to {j}, {text}");
                }
            },
            iter: 4000);

    [Fact]
    public void Viterbi_finds_the_largest_of_all_paths() =>
        RandomChains.Cases(mostStates: 12, longest: 6).Where(one => Math.Pow(one.Chain.NumberOfStates, one.Frames.Length) <= 2500).Sample(
            one =>
            {
                (HiddenChain chain, FrameLikelihoods frames, string text) = one;
                var table = new PathTable(chain, frames);
                double tolerance = 1e-13 * (1e4 + (table.IsPossible ? Math.Abs(table.LogOfBest) : 0));
                var path = new int[frames.Length];
                double logProbability = new Viterbi().Run(chain, frames, path);
                AssertEqual(table.LogOfBest, logProbability, tolerance, $"log P of the path, {text}");
                if (table.IsPossible)
                    AssertEqual(table.LogOfBest, table.LogOf(path), tolerance, $"path, {text}");
                else
                    Assert.All(path, state => Assert.Equal(-1, state));
            },
            iter: 4000);

    [Fact]
    public void Paths_are_drawn_that_can_be() =>
        RandomChains.Cases(mostStates: 5, longest: 6).Where(one => Math.Pow(one.Chain.NumberOfStates, one.Frames.Length) <= 2500).Sample(
            one =>
            {
                (HiddenChain chain, FrameLikelihoods frames, string text) = one;
                var table = new PathTable(chain, frames);
                var inference = new ForwardBackward(chain);
                frames.CopyTo(inference.Frames);
                var path = new int[frames.Length];
                inference.DrawPath(new Random(1), path);
                if (table.IsPossible)
                    Assert.True(table.LogOf(path) > table.LogOfBest - 50, $"path of log P {table.LogOf(path)}, where the best has {table.LogOfBest}; {text}");
                else
                    Assert.All(path, state => Assert.Equal(-1, state));
            },
            iter: 4000);

    [Fact]
    public void Scaling_agrees_with_logarithms_on_long_sequences() =>
        RandomChains.Cases(mostStates: 20, longest: 600).Sample(
            one =>
            {
                (HiddenChain chain, FrameLikelihoods frames, string text) = one;
                var logForward = new double[frames.Length * chain.Stride];
                double expected = LogDomain.Forward(chain, frames, logForward, []);
                var inference = new ForwardBackward(chain);
                frames.CopyTo(inference.Frames);
                var transitions = new double[chain.NumberOfStates * chain.Stride];
                double logLikelihood = inference.Smooth(transitions, 1);

                AssertEqual(expected, logLikelihood, 1e-9 * frames.Length + 1e-13 * (double.IsInfinity(expected) ? 0 : Math.Abs(expected)), $"log P, {text}");
                AssertRows(inference, text);
                if (double.IsNegativeInfinity(expected))
                    return;
                var sums = new double[transitions.Length];
                LogDomain.Smooth(chain, frames, logForward, sums, 1);
                for (int place = 0; place < logForward.Length; place++)
                    AssertEqual(logForward[place], inference.States[place], 1e-8, $"posterior at {place}, {text}");
                for (int place = 0; place < sums.Length; place++)
                    AssertEqual(sums[place], transitions[place], 1e-8 * frames.Length, $"transitions at {place}, {text}");
                double steps = double.IsNegativeInfinity(expected) ? 0 : frames.Length - 1;
                AssertEqual(steps, transitions.Sum(), 1e-9 * frames.Length, $"transitions, {text}");
                Assert.DoesNotContain(transitions, count => double.IsNaN(count) || count < 0);
            },
            iter: 1500);

    [Fact]
    public void A_product_too_small_for_a_double_is_not_lost()
    {
        // From state 1, which is all but excluded, state 2 is all but out of reach; and then it explains every step.
        var chain = new HiddenChain([1, 1e-100, 0], [1, 0, 0, 0, 1, 1e-300, 0, 0, 1]);
        var frames = new FrameLikelihoods(3);
        frames.Resize(6);
        double[] frame = [0, 0, 0];
        for (int t = 0; t < 6; t++)
        {
            if (t == 2)
                frame = [-620, -620, 0];
            frame.CopyTo(frames.LogFrame(t));
        }
        var inference = new ForwardBackward(chain);
        frames.CopyTo(inference.Frames);
        var table = new PathTable(chain, frames);
        AssertEqual(table.LogLikelihood, inference.Filter(), 1e-10, "log P");
        Assert.Equal(-400 * Math.Log(10) + Math.Log(2), table.LogLikelihood, 1e-9);
    }

    [Fact]
    public void Nothing_is_left_of_the_sequence_before() =>
        Gen.Select(Gen.Int[1, 20], RandomChains.AnyShape, Gen.Int[0, 1 << 30]).Sample(
            (states, shape, seed) =>
            {
                var random = new Random(seed);
                HiddenChain chain = RandomChains.Chain(shape, states, random);
                var inference = new ForwardBackward(chain);
                var viterbi = new Viterbi();
                for (int sequence = 0; sequence < 6; sequence++)
                {
                    FrameLikelihoods frames = RandomChains.Frames(RandomChains.Kinds[random.Next(RandomChains.Kinds.Length)], states, random.Next(40), random);
                    var fresh = new ForwardBackward(chain);
                    frames.CopyTo(fresh.Frames);
                    frames.CopyTo(inference.Frames);
                    Assert.Equal(fresh.Filter(), inference.Filter());
                    Assert.Equal(fresh.States, inference.States);

                    double[] expected = new double[states * chain.Stride], transitions = new double[states * chain.Stride];
                    Assert.Equal(fresh.Smooth(expected, 0.5), inference.Smooth(transitions, 0.5));
                    Assert.Equal(fresh.States, inference.States);
                    Assert.Equal(expected, transitions);
                    AssertRows(inference, shape);

                    int[] path = new int[frames.Length], again = new int[frames.Length];
                    Assert.Equal(new Viterbi().Run(chain, frames, path), viterbi.Run(chain, inference.Frames, again));
                    Assert.Equal(path, again);
                }
            },
            iter: 300);

    [Theory]
    [InlineData("dense")]
    [InlineData("left-right")]
    [InlineData("sparse")]
    public void Ten_thousand_steps_of_a_hundred_states_stay_exact(string shape)
    {
        var random = new Random(4);
        HiddenChain chain = RandomChains.Chain(shape, 100, random);
        var inference = new ForwardBackward(chain);
        RandomChains.Frames("100", 100, 10_000, random).CopyTo(inference.Frames);
        double expected = LogDomain.Forward(chain, inference.Frames, new double[10_000 * chain.Stride], []);
        var transitions = new double[100 * chain.Stride];
        AssertEqual(expected, inference.Smooth(transitions, 1), 1e-5, "log P");
        AssertRows(inference, "10,000 steps");
        AssertEqual(9_999, transitions.Sum(), 1e-6, "transitions");
    }

    [Fact]
    public void A_million_steps_lose_no_digit()
    {
        var chain = new HiddenChain([0.5, 0.5], [0.5, 0.5, 0.5, 0.5]);
        var inference = new ForwardBackward(chain);
        inference.Frames.Resize(1_000_000);
        for (int t = 0; t < 1_000_000; t++)
            inference.Frames.LogFrame(t).Fill(Math.Log(0.25));
        Assert.Equal(-1386294.3611198906, inference.Filter(), 1e-9);
    }

    /// <summary>Every row is a distribution, and the places beyond K hold nothing.</summary>
    private static void AssertRows(ForwardBackward inference, string text)
    {
        (int states, int stride) = (inference.Frames.NumberOfStates, inference.Frames.Stride);
        for (int t = 0; t < inference.Frames.Length; t++)
        {
            double sum = 0;
            foreach (double probability in inference.States.Slice(t * stride, states))
            {
                if (!(probability >= 0))
                    Assert.Fail($"step {t}: {probability}, {text}");
                sum += probability;
            }
            AssertEqual(1, sum, 1e-11, $"sum of step {t}, {text}");
            foreach (double padding in inference.States.Slice(t * stride + states, stride - states))
                AssertEqual(0, padding, 0, $"padding of step {t}, {text}");
        }
    }

    private static void AssertEqual(double expected, double actual, double tolerance, string what)
    {
        bool isSame = expected.Equals(actual) || Math.Abs(expected - actual) <= tolerance;
        Assert.True(isSame, $"{what}: expected {expected:R}, got {actual:R}");
    }
}
