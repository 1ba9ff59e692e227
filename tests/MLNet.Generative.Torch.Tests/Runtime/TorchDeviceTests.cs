using TorchSharp;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Which device is taken for what was asked and what there is.</summary>
[Collection(nameof(ProcessWideState))]
public sealed class TorchDeviceTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_CPU_is_the_default_and_GPUs_are_not_counted_for_it(bool fallbackToCpu)
    {
        Assert.Null(TorchDevice.Choose(null, fallbackToCpu, () => throw new InvalidOperationException(), null));
        Assert.Equal(DeviceType.CPU, TorchDevice.Resolve(null, fallbackToCpu).type);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    public void A_GPU_that_exists_is_taken(int index, int count) => Assert.Equal(index, TorchDevice.Choose(index, fallbackToCpu: true, () => count, null));

    [Fact]
    public void No_GPU_is_an_error_that_says_what_to_do()
    {
        var error = Assert.Throws<InvalidOperationException>(() => TorchDevice.Choose(1, fallbackToCpu: false, () => 0, null));
        foreach (string part in (string[])["index 1", "none", "FallbackToCpu", "GpuDeviceId", "TorchSharp-cuda-linux"])
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_GPU_is_the_CPU_with_a_message_where_that_will_do()
    {
        var messages = new List<string>();
        Assert.Null(TorchDevice.Choose(1, fallbackToCpu: true, () => 0, messages.Add));
        Assert.Contains("CPU is used", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 2, "2 GPUs, with indices from 0 to 1")]
    [InlineData(1, 1, "one GPU, with index 0")]
    [InlineData(-1, 2, "indices start at 0")]
    [InlineData(-1, 0, "indices start at 0")]
    public void A_wrong_index_is_an_error_even_if_the_CPU_would_do(int index, int count, string part) =>
        Assert.Contains(part, Assert.Throws<InvalidOperationException>(() => TorchDevice.Choose(index, fallbackToCpu: true, () => count, null)).Message, StringComparison.Ordinal);

    [Fact]
    public void Asking_libtorch_for_a_GPU_neither_throws_nor_prints()
    {
        LibTorch.EnsureLoaded();
        TextWriter console = Console.Out;
        using var printed = new StringWriter();
        Console.SetOut(printed);
        try
        {
            Assert.SkipWhen(torch.cuda.is_available(), "This system has a GPU.");
            Assert.Equal(DeviceType.CPU, TorchDevice.Resolve(0, fallbackToCpu: true).type);
            Assert.Throws<InvalidOperationException>(() => TorchDevice.Resolve(0, fallbackToCpu: false));
        }
        finally
        {
            Console.SetOut(console);
        }
        Assert.Equal("", printed.ToString());
    }
}
