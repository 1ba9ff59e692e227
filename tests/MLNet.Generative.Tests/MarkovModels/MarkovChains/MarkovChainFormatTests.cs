using Microsoft.ML;
using Xunit;

namespace MLNet.Generative.Tests.MarkovModels.MarkovChains;

/// <summary>What is written is read, and numbers that make no sense are not.</summary>
public sealed class MarkovChainFormatTests
{
    private static readonly int[][] Rows = SymbolData.Random(20);

    [Theory]
    [InlineData(0, 3)]
    [InlineData(2, 3)]
    [InlineData(9, 256)]
    public void Model_is_read_as_written(int order, int symbols)
    {
        int[][] rows = [.. SymbolData.Random(20, symbols).Where(row => row.Length > 0), [.. Enumerable.Range(0, 20).Select(t => t * t % symbols)]];
        MarkovChainModel model = MarkovChainLearner.Fit(rows, new MarkovChainEstimator.Options { Order = order, NumberOfSymbols = symbols, Smoothing = 0.1, BackOff = true, MinimumCount = 2 }).Model;
        MarkovChainModel read = Read(Write(model));

        Assert.Equal(model.ToString(), read.ToString());
        Assert.Equal((model.Smoothing, model.BackOff, model.MinimumCount), (read.Smoothing, read.BackOff, read.MinimumCount));
        Assert.Equal(Write(model), Write(read));
        foreach (int[] row in SymbolData.Random(20, symbols, seed: 9))
            Assert.Equal(model.LogLikelihood(row), read.LogLikelihood(row));
    }

    [Fact]
    public void Every_altered_byte_is_noticed_or_harmless()
    {
        byte[] bytes = Write(MarkovChainLearner.Fit(Rows, new MarkovChainEstimator.Options { Order = 2 }).Model);
        var random = new Random(1);
        // Not the number of symbols: many more are allowed, and make long vectors.
        for (int i = 4; i < bytes.Length; i++)
        {
            byte[] altered = [.. bytes];
            altered[i] ^= (byte)(1 << random.Next(8));
            MarkovChainModel model;
            try
            {
                model = Read(altered);
            }
            catch (FormatException)
            {
                continue;
            }
            double[] next = model.Predict([0, 1 % model.NumberOfSymbols]);
            Assert.All(next, p => Assert.InRange(p, 0, 1));
            Assert.False(double.IsNaN(model.LogLikelihood([0, 0, 0])));
        }
    }

    [Theory]
    [InlineData(0, "number of symbols is 0")]
    [InlineData(4, "order is -1")]
    [InlineData(8, "pseudo-count is NaN")]
    [InlineData(17, "smallest count is NaN")]
    [InlineData(25, "number of transitions is -1")]
    [InlineData(29, "a symbol is outside the alphabet")]
    [InlineData(37, "a count is NaN")]
    public void Numbers_that_make_no_sense_are_named(int position, string problem)
    {
        byte[] bytes = Write(MarkovChainLearner.Fit(Rows, new MarkovChainEstimator.Options { Order = 2 }).Model);
        int length = position is 0 or 4 or 25 ? 4 : 8;
        Array.Fill(bytes, position == 0 ? (byte)0 : (byte)0xFF, position, length);
        Assert.Contains(problem, Assert.ThrowsAny<FormatException>(() => Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Transitions_out_of_order_are_refused()
    {
        byte[] bytes = Write(MarkovChainLearner.Fit([[0, 1, 0]], new MarkovChainEstimator.Options { Order = 0 }).Model);
        // Two transitions of 16 bytes at the end: exchanged.
        byte[] exchanged = [.. bytes[..^32], .. bytes[^16..], .. bytes[^32..^16]];
        Assert.Contains("not in order", Assert.ThrowsAny<FormatException>(() => Read(exchanged)).Message, StringComparison.Ordinal);
    }

    private static byte[] Write(MarkovChainModel model)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        MarkovChainFormat.Write(writer, model);
        return stream.ToArray();
    }

    private static MarkovChainModel Read(byte[] bytes)
    {
        using var reader = new BlockReader(new MLContext(), bytes);
        try
        {
            return MarkovChainFormat.ReadModel(reader);
        }
        catch (EndOfStreamException exception)
        {
            // As the block that contains it does.
            throw new FormatException(exception.Message, exception);
        }
    }
}
