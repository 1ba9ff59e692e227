using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>Small models from textbooks whose answers are known exactly.</summary>
public sealed class DiscreteReferenceTests
{
    private static readonly double[,] Weather = { { .7, .3 }, { .4, .6 } };
    private static readonly double[,] Activities = { { .1, .4, .5 }, { .6, .3, .1 } };

    [Fact]
    public void Rain_and_sun()
    {
        HmmModel model = HmmModel.Categorical([.6, .4], Weather, Activities);
        double[] sequence = [0, 1, 2];
        Assert.Equal(-3.3928721329161653, model.LogLikelihood(sequence), 1e-12);
        AssertMatrix([.06, .24, .0552, .0486, .02904, .004572], model.LogForward(sequence).PointwiseExp());
        AssertMatrix([.1298, .1076, .38, .26, 1, 1], model.LogBackward(sequence).PointwiseExp());
        AssertMatrix(
            [.23170296322741868, .7682970367725815, .6240628347018922, .37593716529810783, .8639771510174935, .1360228489825063],
            model.Posterior(sequence));
        AssertMatrix([.76472688325598, .09103891467333, .72331310246341, .42092109960728], model.ExpectedTransitions(sequence), 1e-12);
        Assert.Equal([1, 0, 0], model.Viterbi(sequence, out double logProbability));
        Assert.Equal(-4.309519943887134, logProbability, 1e-12);

        HmmFilter filter = model.CreateFilter();
        foreach (double symbol in sequence)
            filter.Update([symbol]);
        double[] next = filter.Predict();
        Assert.Equal([.659193145305248, .340806854694752], next, (x, y) => Math.Abs(x - y) < 1e-12);
        Matrix<double> b = ((CategoricalEmission)model.Emissions).Probabilities;
        AssertMatrix([.2704034273473759, .3659193145305247, .3636772581220992], (Vector<double>.Build.DenseOfArray(next) * b).ToRowMatrix());
    }

    [Fact]
    public void Rain_and_sun_with_a_day_missing()
    {
        HmmModel model = HmmModel.Categorical([.6, .4], Weather, Activities);
        double[] sequence = [0, double.NaN, 2];
        Assert.Equal(Math.Log(.09456), model.LogLikelihood(sequence), 1e-12);
        AssertMatrix([.5545685279187818, .4454314720812182], model.Posterior(sequence).Row(1).ToRowMatrix());
        Assert.Equal([1, 0, 0], model.Viterbi(sequence, out _));
        Assert.Equal(.09456, Enumerable.Range(0, 3).Sum(symbol => Math.Exp(model.LogLikelihood([0, symbol, 2]))), 1e-12);
    }

    [Fact]
    public void Rain_and_sun_as_a_multinomial_of_one_trial()
    {
        HmmModel model = HmmModel.Multinomial([.6, .4], Weather, Activities, 1);
        double[] sequence = [1, 0, 0, 0, 1, 0, 0, 0, 1];
        Assert.Equal(-3.3928721329161653, model.LogLikelihood(sequence), 1e-12);
        Assert.Equal([1, 0, 0], model.Viterbi(sequence, out double logProbability));
        Assert.Equal(-4.309519943887134, logProbability, 1e-12);
        double nan = double.NaN;
        Assert.Equal(Math.Log(.09456), model.LogLikelihood([1, 0, 0, nan, nan, nan, 0, 0, 1]), 1e-12);
    }

    [Fact]
    public void Umbrella()
    {
        HmmModel model = HmmModel.Categorical([.5, .5], new[,] { { .7, .3 }, { .3, .7 } }, new[,] { { .9, .1 }, { .2, .8 } });
        double[] sequence = [0, 0, 1, 0, 0];
        Assert.Equal(-3.3725020443321743, model.LogLikelihood(sequence), 1e-12);
        AssertMatrix([.45, .10, .3105, .0410, .022965, .09748, .04078755, .0150251, .0297529335, .004550767], model.LogForward(sequence).PointwiseExp());
        AssertMatrix([.06611763, .04550767, .090639, .150251, .4593, .2437, .69, .41, 1, 1], model.LogBackward(sequence).PointwiseExp(), 1e-8);
        AssertColumn([.8673388895754844, .8204190536236753, .3074835760066176, .8204190536236756, .8673388895754844], model.Posterior(sequence), 1e-12);
        AssertColumn([.8181818, .8833570412517782, .1906679397235253, .7307940045849821, .8673388895754844], model.Filter(sequence), 1e-7);
        Assert.Equal([0, 0, 1, 0, 0], model.Viterbi(sequence, out double logProbability));
        Assert.Equal(-4.459028291034797, logProbability, 1e-12);
    }

    [Fact]
    public void Content_of_C_and_G()
    {
        HmmModel model = HmmModel.Categorical([.5, .5], new[,] { { .5, .5 }, { .4, .6 } }, new[,] { { .2, .3, .3, .2 }, { .3, .2, .2, .3 } });
        Assert.Equal(-5.561462936154913, model.LogLikelihood([2, 2, 1, 0]), 1e-12);
        Assert.Equal([0, 0, 0, 1], model.Viterbi([2, 2, 1, 0], out _));
        double[] sequence = [2, 2, 1, 0, 1, 3, 2, 0, 0];
        Assert.Equal(-12.48287649154717, model.LogLikelihood(sequence), 1e-12);
        Assert.Equal([0, 0, 0, 1, 1, 1, 1, 1, 1], model.Viterbi(sequence, out double logProbability));
        Assert.Equal(-16.973402296219483, logProbability, 1e-12);
    }

    [Fact]
    public void The_R_package_HMM()
    {
        HmmModel model = HmmModel.Categorical([.9, .1], new[,] { { .8, .2 }, { .3, .7 } }, new[,] { { .75, .25 }, { .12, .88 } });
        double[] sequence = [0, 0, 1, 1];
        AssertMatrix([.675, .012, .4077, .017208, .0828306, .082355328, .0227427696, .065309067648], model.LogForward(sequence).PointwiseExp());
        AssertMatrix([.128982144, .082407504, .196816, .453856, .376, .691, 1, 1], model.LogBackward(sequence).PointwiseExp());
    }

    [Fact]
    public void A_million_equal_symbols()
    {
        HmmModel model = HmmModel.Categorical([.5, .5], new[,] { { .5, .5 }, { .5, .5 } }, new[,] { { .25, .25, .25, .25 }, { .25, .25, .25, .25 } });
        var random = new Random(1);
        double[] sequence = [.. Enumerable.Range(0, 1_000_000).Select(_ => (double)random.Next(4))];
        Assert.Equal(-1386294.3611198906, model.LogLikelihood(sequence), 1e-8);
    }

    private static void AssertMatrix(double[] expected, Matrix<double> actual, double tolerance = 1e-12)
    {
        Assert.Equal(expected.Length, actual.RowCount * actual.ColumnCount);
        double[] values = [.. actual.EnumerateRows().SelectMany(row => row)];
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], values[i], tolerance);
    }

    private static void AssertColumn(double[] expected, Matrix<double> actual, double tolerance)
    {
        for (int t = 0; t < expected.Length; t++)
            Assert.Equal(expected[t], actual[t, 0], tolerance);
    }
}
