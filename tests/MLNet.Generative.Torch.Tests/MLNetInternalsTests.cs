using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>This package uses nothing of ML.NET without its leave that the first package has not checked at the door.</summary>
public sealed class MLNetInternalsTests
{
    [Fact]
    public void Whatever_the_compiled_package_uses_is_on_the_list()
    {
        HashSet<string> used = HiddenMembers.UsedBy(typeof(VaeEstimator).Assembly);
        Assert.NotEmpty(used);
        Assert.Empty(used.Except(MLNetInternals.Used.SelectMany(entry => HiddenMembers.Lines(entry.Assembly.GetName().Name!, entry.Type, entry.Members))));
    }
}
