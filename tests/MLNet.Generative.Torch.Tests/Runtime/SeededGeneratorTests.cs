using TorchSharp;
using Xunit;
using static TorchSharp.torch;

namespace MLNet.Generative.Tests;

/// <summary>Which of TorchSharp's draws follow a generator of our own and leave the global one alone, and which do not.</summary>
[Collection(nameof(ProcessWideState))]
public sealed class SeededGeneratorTests
{
    private static readonly Dictionary<string, Func<Generator, Tensor>> Followers = new()
    {
        ["rand"] = generator => rand([100], generator: generator),
        ["randn"] = generator => randn([100], generator: generator),
        ["randn of doubles"] = generator => randn([7], ScalarType.Float64, generator: generator),
        ["randint"] = generator => randint(1000, [100], generator: generator),
        ["randperm"] = generator => randperm(100, generator: generator),
        ["normal of tensors"] = generator => normal(zeros(100), ones(100), generator),
        ["normal of a size"] = generator => normal(0, 1, [100], generator: generator),
        ["bernoulli"] = generator => bernoulli(full(100, 0.5), generator),
        ["multinomial"] = generator => multinomial(ones(100), 50, replacement: true, generator),
        ["multinomial without replacement"] = generator => multinomial(ones(100), 50, replacement: false, generator),
        ["poisson"] = generator => poisson(full(100, 5.0), generator),
        ["binomial"] = generator => binomial(full(100, 10.0), full(100, 0.5), generator),
        ["uniform_"] = generator => empty(100).uniform_(-1, 1, generator),
        ["normal_"] = generator => empty(100).normal_(0, 1, generator),
        ["bernoulli_ of a number"] = generator => empty(100).bernoulli_(0.5, generator),
        ["bernoulli_ of a tensor"] = generator => empty(100).bernoulli_(full(100, 0.5), generator),
        ["exponential_"] = generator => empty(100).exponential_(1, generator),
        ["cauchy_"] = generator => empty(100).cauchy_(0, 1, generator),
        ["geometric_"] = generator => empty(100).geometric_(0.1, generator),
        ["log_normal_"] = generator => empty(100).log_normal_(0, 1, generator),
        ["random_"] = generator => empty(100).random_(0, 1000, generator),
        ["standard gamma"] = generator => _standard_gamma(ones(100), generator),
        ["Dirichlet"] = generator => _sample_dirichlet(ones(20, 5), generator),
        ["a distribution"] = generator => distributions.Normal(zeros(100), ones(100), generator).sample(),
        ["randint_int"] = generator => tensor(torch.randint_int(1 << 30, generator)),
        ["rand_float"] = generator => tensor(torch.rand_float(generator)),
        ["randn_float"] = generator => tensor(torch.randn_float(generator)),
    };

    private static readonly Dictionary<string, Func<Tensor>> Strangers = new()
    {
        ["rand_like"] = () => zeros(100).rand_like(),
        ["randn_like"] = () => zeros(100).randn_like(),
        ["dropout"] = () => nn.functional.dropout(ones(100), 0.5, training: true),
        ["a layer's weights"] = () => nn.Linear(10, 10).weight,
        ["an initialiser"] = () => nn.init.xavier_uniform_(empty(10, 10)),
    };

    public SeededGeneratorTests() => LibTorch.EnsureLoaded();

    public static TheoryData<string> Following => [.. Followers.Keys];

    public static TheoryData<string> Straying => [.. Strangers.Keys];

    [Theory]
    [MemberData(nameof(Following))]
    public void A_draw_follows_its_generator_and_leaves_the_global_one_alone(string draw)
    {
        using DisposeScope scope = NewDisposeScope();
        byte[] before = GlobalState();
        byte[] first = Draw(draw, seed: 5);

        Assert.Equal(first, Draw(draw, seed: 5));
        Assert.NotEqual(first, Draw(draw, seed: 6));
        Assert.Equal(before, GlobalState());
    }

    [Theory]
    [MemberData(nameof(Straying))]
    public void A_draw_without_a_generator_takes_from_the_global_one(string draw)
    {
        using DisposeScope scope = NewDisposeScope();
        byte[] before = GlobalState();
        Strangers[draw]();
        Assert.NotEqual(before, GlobalState());
    }

    [Fact]
    public void Seeds_and_streams_give_sequences_of_their_own()
    {
        using DisposeScope scope = NewDisposeScope();
        var seen = new HashSet<float>();
        foreach (int seed in (int[])[0, 1, 2, -1, int.MinValue, int.MaxValue])
        {
            for (int stream = 0; stream < 4; stream++)
            {
                using Generator generator = SeededGenerator.Create(seed, stream);
                Assert.True(seen.Add(randn(1, generator: generator).item<float>()));
            }
        }
    }

    // The pair as 2^32 + 42, through SplitMix64, upper half: a saved model draws the same noise with any later version.
    [Fact]
    public void A_seed_and_a_stream_are_mixed_in_a_way_that_does_not_change()
    {
        using Generator generator = SeededGenerator.Create(42, stream: 1);
        Assert.Equal(1309202109, generator.initial_seed());
    }

    private static byte[] Draw(string draw, int seed)
    {
        using Generator generator = SeededGenerator.Create(seed);
        return Followers[draw](generator).bytes.ToArray();
    }

    private static byte[] GlobalState() => Generator.Default.get_state().data<byte>().ToArray();
}
