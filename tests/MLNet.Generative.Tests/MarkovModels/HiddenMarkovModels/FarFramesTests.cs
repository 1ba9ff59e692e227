using MathNet.Numerics.LinearAlgebra;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>Frames so far from every state that logarithms have no digits behind the point.</summary>
public sealed class FarFramesTests
{
    [Theory]
    [InlineData(1e-9)]
    [InlineData(3e-13)]
    [InlineData(1e-15)]
    public void Posteriors_are_distributions_all_the_same(double variance)
    {
        Vector<double> zero = Vector<double>.Build.Dense(1);
        Matrix<double> narrow = Matrix<double>.Build.DenseIdentity(1) * variance;
        // Two states that are never left: of each the frames are far away in turn.
        var model = HmmModel.Gaussian([.3, .7], new double[,] { { 1, 0 }, { 0, 1 } }, [zero, zero + 1], [narrow, narrow]);
        double[] sequence = [0, 1, .3, .7, 0, 1, .9, .1];
        foreach (Matrix<double> probabilities in new[] { model.Posterior(sequence), model.Filter(sequence) })
            Assert.All(probabilities.RowSums(), sum => Assert.Equal(1, sum, 1e-12));
        Assert.Equal(sequence.Length - 1, model.ExpectedTransitions(sequence).Enumerate().Sum(), 1e-11);

        HmmFilter filter = model.CreateFilter();
        foreach (double value in sequence)
        {
            filter.Update([value]);
            Assert.Equal(1, filter.State.Sum(), 1e-12);
        }
    }
}
