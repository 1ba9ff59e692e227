using System.Reflection;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The list of what this package uses of ML.NET without its leave: complete, and clear when something is missing.</summary>
public sealed class MLNetInternalsTests
{
    private static readonly Assembly Core = MLNetInternals.Used[0].Assembly;

    [Fact]
    public void List_is_what_the_compiled_package_uses()
    {
        IEnumerable<string> listed = MLNetInternals.Used.SelectMany(entry => HiddenMembers.Lines(entry.Assembly.GetName().Name!, entry.Type, entry.Members));
        Assert.Equal(listed.Order(StringComparer.Ordinal), HiddenMembers.UsedBy(typeof(GaussianMixtureEstimator).Assembly).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nothing_is_missing_in_the_version_at_hand()
    {
        Assert.Empty(MLNetInternals.Find(MLNetInternals.Used));
        Assert.Null(MLNetInternals.Describe([]));
        MLNetInternals.Require();
    }

    [Fact]
    public void Missing_members_are_named_in_one_message_that_says_what_to_do()
    {
        List<string> missing = MLNetInternals.Find(
        [
            (Core, "Microsoft.ML.ModelHeader", ["ModelSignature", "NoSuchField"]),
            (Core, "Microsoft.ML.NoSuchType", ["Any"]),
        ]);
        Assert.Equal(["Microsoft.ML.ModelHeader.NoSuchField", "Microsoft.ML.NoSuchType"], missing);

        string message = MLNetInternals.Describe(missing)!;
        Assert.Contains("Microsoft.ML.ModelHeader.NoSuchField", message, StringComparison.Ordinal);
        Assert.Contains("Microsoft.ML.NoSuchType", message, StringComparison.Ordinal);
        Assert.Contains("Microsoft.ML 5.", message, StringComparison.Ordinal);
        Assert.Contains("Reference the version of Microsoft.ML that the MLNet.Generative package names", message, StringComparison.Ordinal);
    }
}
