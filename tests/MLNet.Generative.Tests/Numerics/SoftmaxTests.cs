using CsCheck;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Probabilities from the logarithms of their shares.</summary>
public sealed class SoftmaxTests
{
    [Fact]
    public void Terms_become_probabilities_as_in_the_textbook()
    {
        Gen.Select(Gen.Double[-400, 300].Array[1, 40], Gen.Int[0, 39]).Sample((terms, at) =>
        {
            if (terms.Length > 1)
                terms[at % terms.Length] = double.NegativeInfinity;
            double largest = terms.Max();
            double total = terms.Sum(term => Math.Exp(term - largest));
            double[] probabilities = [.. terms];
            double logSum = Softmax.InPlace(probabilities);

            Assert.Equal(largest + Math.Log(total), logSum, 1e-14 * (1 + Math.Abs(logSum)));
            for (int k = 0; k < terms.Length; k++)
                Assert.Equal(Math.Exp(terms[k] - largest) / total, probabilities[k], 1e-15);
            Assert.Equal(1, probabilities.Sum(), 1e-14);
        }, iter: 500);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(19)]
    public void Terms_that_are_all_alike_share_equally_however_small_they_are(int count)
    {
        foreach (double term in (double[])[0, -1e299, double.MinValue])
        {
            double[] terms = new double[count];
            Array.Fill(terms, term);
            double logSum = Softmax.InPlace(terms);
            Assert.Equal(term + Math.Log(count), logSum, 1e-14);
            Assert.All(terms, probability => Assert.Equal(1.0 / count, probability));
        }
    }

    [Fact]
    public void What_lies_far_below_the_largest_has_no_share()
    {
        double[] terms = [-5000, 3, double.NegativeInfinity, -698, -697 + 3, -1e300];
        Assert.Equal(3, Softmax.InPlace(terms));
        Assert.Equal([0, 1, 0, 0], (double[])[terms[0], terms[1], terms[2], terms[5]]);
        Assert.Equal(0, terms[3]);
        Assert.InRange(terms[4], 1e-303, 1e-302);
    }
}
