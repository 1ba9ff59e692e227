using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Blocks are merged by one tree, whoever does the work.</summary>
public sealed class BlockReductionTests
{
    [Theory]
    [InlineData(1, "0")]
    [InlineData(2, "(0 1)")]
    [InlineData(5, "(((0 1) (2 3)) 4)")]
    [InlineData(7, "(((0 1) (2 3)) ((4 5) 6))")]
    public void The_tree_depends_on_the_number_of_blocks_only(int blocks, string tree)
    {
        for (int threads = 1; threads <= 5; threads++)
            Assert.Equal(tree, Run(blocks, threads).Text);
    }

    [Fact]
    public void Statistics_are_used_again()
    {
        var pool = new System.Collections.Concurrent.ConcurrentBag<Terms>();
        int created = 0;
        for (int pass = 0; pass < 3; pass++)
        {
            Terms root = BlockReduction.Run(100, 1, pool, () => new Terms(created++), (block, terms) => terms.Text = $"{block}", default);
            pool.Add(root);
        }
        Assert.InRange(created, 1, 9);
    }

    [Fact]
    public void An_exception_of_a_block_comes_out_as_it_is() =>
        Assert.Throws<InvalidTimeZoneException>(() => BlockReduction.Run<Terms>(8, 3, [], () => new Terms(0), (_, _) => throw new InvalidTimeZoneException(), default));

    [Fact]
    public void Cancellation_comes_out_as_it_is() =>
        Assert.ThrowsAny<OperationCanceledException>(() => BlockReduction.Run<Terms>(8, 3, [], () => new Terms(0), (_, _) => { }, new CancellationToken(canceled: true)));

    [Fact]
    public void Mixture_statistics_survive_writing_and_reading()
    {
        var rows = new WeightedRows(RandomMixtures.Rows(new Random(1), 300, 3), 3, default);
        GaussianMixtureModel model = RandomMixtures.Model(new Random(2), 2, 3);
        MixtureStatistics written = new MixtureExpectation(rows, 2, isDiagonal: false, 1, default).Run(model, Array.ConvertAll(model.Components, component => component.Mean));
        using var stream = new MemoryStream();
        written.Write(new BinaryWriter(stream));
        stream.Position = 0;
        var read = new MixtureStatistics(2, 3, isDiagonal: false);
        read.Read(new BinaryReader(stream));

        Assert.Equal(stream.Length, stream.Position);
        Assert.Equal(written.LogLikelihood, read.LogLikelihood);
        Assert.Equal(written.Classification, read.Classification);
        for (int k = 0; k < 2; k++)
        {
            double[] mean = model.Components[k].Mean;
            Assert.Equal(written.Components[k].Weight, read.Components[k].Weight);
            Assert.Equal(written.Components[k].Center(mean).Mean, read.Components[k].Center(mean).Mean);
            Assert.Equal(written.Components[k].Center(mean).Matrix, read.Components[k].Center(mean).Matrix);
        }
    }

    private static Terms Run(int blocks, int threads) =>
        BlockReduction.Run(blocks, threads, [], () => new Terms(0), (block, terms) =>
        {
            // Later blocks finish first, so that siblings meet in every order.
            Thread.Sleep(blocks - block);
            terms.Text = $"{block}";
        }, default);

    private sealed class Terms(int number) : IBlockStatistics<Terms>
    {
        public int Number { get; } = number;

        public string Text { get; set; } = "";

        public void Clear() => Text = "";

        public void Merge(Terms other) => Text = $"({Text} {other.Text})";
    }
}
