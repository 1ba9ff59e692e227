using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The folders of the library are floors: none uses a type of a floor above it.</summary>
public sealed class FloorsTests
{
    private static readonly string[] FromTheGroundUp = ["Numerics", "Learning", "Pipelines", "Distributions", "AnomalyDetection", "GaussianMixtures", "MarkovModels"];

    private static readonly SourceFloors Library = new("MLNet.Generative", FromTheGroundUp);

    [Fact]
    public void Every_folder_is_a_floor() => Assert.Equal(FromTheGroundUp.Order(), Library.FindFolders());

    [Fact]
    public void No_floor_uses_a_type_of_a_floor_above_it()
    {
        Assert.True(Library.FindTypes().Count > 40);
        Assert.Empty(Library.FindUpwardUses());
    }

    [Fact]
    public void No_file_is_longer_than_one_sitting() => Assert.Empty(Library.FindLongFiles());

    [Fact]
    public void Library_stays_free_of_TorchSharp() =>
        Assert.DoesNotContain(typeof(GaussianMixtureEstimator).Assembly.GetReferencedAssemblies(), assembly => assembly.Name == "TorchSharp");
}
