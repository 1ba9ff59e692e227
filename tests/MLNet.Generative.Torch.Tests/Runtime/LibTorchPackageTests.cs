using System.Reflection;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Which package is named to a user who has none.</summary>
public sealed class LibTorchPackageTests
{
    [Theory]
    [InlineData("linux-x64", "libtorch-cpu-linux-x64")]
    [InlineData("ubuntu.22.04-x64", "libtorch-cpu-linux-x64")]
    [InlineData("win-x64", "libtorch-cpu-win-x64")]
    [InlineData("win10-x64", "libtorch-cpu-win-x64")]
    [InlineData("win-arm64", "libtorch-cpu-win-arm64")]
    [InlineData("osx-arm64", "libtorch-cpu-osx-arm64")]
    [InlineData("linux-arm64", null)]
    [InlineData("linux-musl-x64", null)]
    [InlineData("alpine.3.20-x64", null)]
    [InlineData("osx-x64", null)]
    [InlineData("win-x86", null)]
    public void Each_system_has_its_package_or_none(string system, string? package)
    {
        Exception error = LibTorchPackage.IsMissing(system);

        Assert.Equal(package, LibTorchPackage.NameFor(system));
        if (package is null)
            Assert.Contains(system, Assert.IsType<PlatformNotSupportedException>(error).Message, StringComparison.Ordinal);
        else
            Assert.EndsWith($"dotnet add package {package} --version {LibTorchPackage.Version}", Assert.IsType<DllNotFoundException>(error).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_is_the_one_that_the_tests_run_with_and_TorchSharp_was_built_for()
    {
        string referenced = typeof(LibTorchPackageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "LibTorchVersion").Value!;
        // A constant, which is read without running the type's initialiser.
        FieldInfo expected = typeof(TorchSharp.torch).GetField("libtorchPackageVersion", BindingFlags.NonPublic | BindingFlags.Static)!;

        Assert.Equal(LibTorchPackage.Version, referenced);
        Assert.Equal(LibTorchPackage.Version + ".0", expected.GetRawConstantValue());
    }
}
