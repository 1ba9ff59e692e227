using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>What a model draws, and where it settles.</summary>
public sealed class HmmSamplingTests
{
    [Fact]
    public void Draws_have_the_frequencies_of_the_model()
    {
        HmmModel model = RandomSequences.Model(new Random(1), 3, 2);
        var random = new Random(2);
        const int count = 20_000;
        double[] first = new double[3], second = new double[3];
        var sums = new double[3];
        var visits = new double[3];
        for (int n = 0; n < count; n++)
        {
            (double[] sequence, int[] states) = model.Sample(2, random);
            Assert.Equal(4, sequence.Length);
            first[states[0]] += 1.0 / count;
            second[states[1]] += 1.0 / count;
            sums[states[1]] += sequence[3];
            visits[states[1]]++;
        }
        Vector<double> pi = Vector<double>.Build.DenseOfEnumerable(model.InitialProbabilities);
        for (int k = 0; k < 3; k++)
        {
            Assert.Equal(pi[k], first[k], 0.015);
            Assert.Equal((pi * model.TransitionMatrix)[k], second[k], 0.015);
            Assert.Equal(((GaussianEmission)model.Emissions).Means[k][1], sums[k] / visits[k], 0.06);
        }
        Assert.Equal(model.Sample(10, new Random(3)).Sequence, model.Sample(10, new Random(3)).Sequence);
        Assert.NotEqual(model.Sample(10, new Random(3)).Sequence, model.Sample(10, new Random(4)).Sequence);
    }

    [Fact]
    public void Drawn_paths_have_the_frequencies_of_the_posterior()
    {
        HmmModel model = GaussianReferenceTests.OfOneFeature([.3, .7], new[,] { { .8, .2 }, { .4, .6 } }, [0, 1], [1, 0.5]);
        double[] sequence = [0.2, 0.9, double.NaN, 0.4, 0.6];
        Matrix<double> posterior = model.Posterior(sequence), transitions = model.ExpectedTransitions(sequence);
        var random = new Random(1);
        const int count = 20_000;
        var visits = new double[5, 2];
        var moves = new double[2, 2];
        for (int n = 0; n < count; n++)
        {
            int[] path = model.SamplePath(sequence, random);
            for (int t = 0; t < 5; t++)
            {
                visits[t, path[t]] += 1.0 / count;
                if (t > 0)
                    moves[path[t - 1], path[t]] += 1.0 / count;
            }
        }
        Assert.True((posterior - Matrix<double>.Build.DenseOfArray(visits)).FrobeniusNorm() < 0.02);
        Assert.True((transitions - Matrix<double>.Build.DenseOfArray(moves)).FrobeniusNorm() < 0.05);
    }

    [Fact]
    public void A_path_is_drawn_through_a_state_that_only_the_end_makes_likely()
    {
        // At the first step state 1 has a probability of exp(-1250), and yet nothing else can be.
        HmmModel model = GaussianReferenceTests.OfOneFeature([.5, .5], new[,] { { 1.0, 0 }, { 0, 1 } }, [0, 50], [1, 1]);
        Assert.Equal([1, 1, 1], model.SamplePath([0, 50, 50], new Random(1)));
        Assert.Equal([1, 1, 1], model.Viterbi([0, 50, 50], out _));
    }

    [Fact]
    public void The_stationary_distribution_is_where_the_chain_settles()
    {
        AssertSettles([.5, .5], new[,] { { .7, .3 }, { .4, .6 } }, [4 / 7.0, 3 / 7.0]);
        AssertSettles([1, 0, 0], new[,] { { 0, 1.0, 0 }, { 0, 0, 1 }, { 1, 0, 0 } }, [1 / 3.0, 1 / 3.0, 1 / 3.0]);
        AssertSettles([.2, .3, .5], new[,] { { .4, .3, .3 }, { .2, .6, .2 }, { .1, .1, .8 } }, [2 / 11.0, 3 / 11.0, 6 / 11.0]);
        AssertSettles([1], new[,] { { 1.0 } }, [1]);

        // Closed classes: as likely as the start leads to them.
        AssertSettles([.25, .75], new[,] { { 1.0, 0 }, { 0, 1 } }, [.25, .75]);
        AssertSettles([1, 0, 0], new[,] { { .5, .2, .3 }, { 0, 1, 0 }, { 0, 0, 1 } }, [0, .4, .6]);
        AssertSettles([.5, .5, 0, 0], new[,] { { .5, .5, 0, 0 }, { 0, .5, .25, .25 }, { 0, 0, 0, 1 }, { 0, 0, 1, 0 } }, [0, 0, .5, .5]);
        AssertSettles([0, 1, 0, 0], new[,] { { 0, 1.0, 0, 0 }, { 1, 0, 0, 0 }, { 0, 0, .5, .5 }, { 0, 0, 0, 1 } }, [.5, .5, 0, 0]);
        AssertSettles([.5, .5], new[,] { { 1 - 1e-12, 1e-12 }, { 3e-12, 1 - 3e-12 } }, [.75, .25], 1e-3);
    }

    private static void AssertSettles(double[] pi, double[,] a, double[] expected, double tolerance = 1e-12)
    {
        HmmModel model = GaussianReferenceTests.OfOneFeature(pi, a, new double[pi.Length], [.. pi.Select(_ => 1.0)]);
        double[] shares = model.StationaryDistribution();
        Assert.Equal(1, shares.Sum(), 1e-12);
        for (int k = 0; k < expected.Length; k++)
            Assert.Equal(expected[k], shares[k], tolerance);
    }
}
