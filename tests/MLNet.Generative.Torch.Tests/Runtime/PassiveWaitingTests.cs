using Xunit;

namespace MLNet.Generative.Tests;

[Collection(nameof(ProcessWideState))]
public sealed class PassiveWaitingTests
{
    [Fact]
    public void Variable_is_there_for_native_code_only_and_only_while_loading()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only GNU's OpenMP is asked.");
        Assert.SkipWhen(PassiveWaiting.IsSet("OMP_WAIT_POLICY") || PassiveWaiting.IsSet("GOMP_SPINCOUNT"), "The user has it his way.");
        using (PassiveWaiting.WhileLoading())
        {
            Assert.True(PassiveWaiting.IsSet("OMP_WAIT_POLICY"));
            Assert.Null(Environment.GetEnvironmentVariable("OMP_WAIT_POLICY"));
            // One inside another finds it set, and leaves it.
            PassiveWaiting.WhileLoading().Dispose();
            Assert.True(PassiveWaiting.IsSet("OMP_WAIT_POLICY"));
        }
        Assert.False(PassiveWaiting.IsSet("OMP_WAIT_POLICY"));
    }
}
