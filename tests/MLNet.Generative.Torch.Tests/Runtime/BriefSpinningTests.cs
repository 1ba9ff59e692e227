using Xunit;

namespace MLNet.Generative.Tests;

[Collection(nameof(ProcessWideState))]
public sealed class BriefSpinningTests
{
    [Fact]
    public void Variable_is_there_for_native_code_only_and_only_while_loading()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only GNU's OpenMP is asked.");
        Assert.SkipWhen(BriefSpinning.IsSet("OMP_WAIT_POLICY") || BriefSpinning.IsSet("GOMP_SPINCOUNT"), "The user has it his way.");
        using (BriefSpinning.WhileLoading())
        {
            Assert.True(BriefSpinning.IsSet("GOMP_SPINCOUNT"));
            Assert.Null(Environment.GetEnvironmentVariable("GOMP_SPINCOUNT"));
            // One inside another finds it set, and leaves it.
            BriefSpinning.WhileLoading().Dispose();
            Assert.True(BriefSpinning.IsSet("GOMP_SPINCOUNT"));
        }
        Assert.False(BriefSpinning.IsSet("GOMP_SPINCOUNT"));
    }
}
