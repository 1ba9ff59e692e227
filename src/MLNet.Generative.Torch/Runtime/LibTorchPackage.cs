using System.Runtime.InteropServices;

namespace MLNet.Generative;

/// <summary>The NuGet package that brings libtorch for a system, and what to say where it is missing.</summary>
internal static class LibTorchPackage
{
    /// <summary>The version of libtorch that our version of TorchSharp was built for.</summary>
    public const string Version = "2.10.0";

    /// <summary>The package for this process, or null if there is none.</summary>
    public static string? Name => NameFor(RuntimeInformation.RuntimeIdentifier);

    /// <summary>The package for a system.</summary>
    /// <param name="runtimeIdentifier">The system and the processor, as in <see cref="RuntimeInformation.RuntimeIdentifier"/>.</param>
    /// <returns>The package's name, or null if there is none.</returns>
    public static string? NameFor(string runtimeIdentifier)
    {
        string[] parts = runtimeIdentifier.Split('-');
        // A distribution's own identifier, such as ubuntu.22.04-x64, still means Linux; musl has another C library, which libtorch does not run on.
        bool isMusl = parts.Contains("musl") || parts[0].StartsWith("alpine", StringComparison.Ordinal);
        bool isWindows = parts[0].StartsWith("win", StringComparison.Ordinal);
        bool isMac = parts[0].StartsWith("osx", StringComparison.Ordinal);
        return (isWindows, isMac, parts[^1]) switch
        {
            (true, _, "x64") => "libtorch-cpu-win-x64",
            (true, _, "arm64") => "libtorch-cpu-win-arm64",
            (_, true, "arm64") => "libtorch-cpu-osx-arm64",
            (false, false, "x64") when !isMusl => "libtorch-cpu-linux-x64",
            _ => null,
        };
    }

    /// <summary>The error for this process.</summary>
    public static Exception IsMissing() => IsMissing(RuntimeInformation.RuntimeIdentifier);

    /// <summary>The error for a system.</summary>
    /// <param name="runtimeIdentifier">The system and the processor.</param>
    public static Exception IsMissing(string runtimeIdentifier) => NameFor(runtimeIdentifier) is { } package
        ? new DllNotFoundException(
            $"libtorch, on which variational autoencoders run, is not among the application's files. Add the package for this system to the application's project: "
            + $"dotnet add package {package} --version {Version}")
        : new PlatformNotSupportedException(
            $"Variational autoencoders run on libtorch, for which TorchSharp has no package on this system ({runtimeIdentifier}). "
            + "There are packages for Windows (x64, arm64), Linux with glibc (x64) and macOS (arm64).");
}
