using System.Runtime.InteropServices;
using TorchSharp;

namespace MLNet.Generative;

/// <summary>Where the native files of libtorch and TorchSharp lie.</summary>
/// <param name="LibTorch">The folder of libtorch, or null if it was not found.</param>
/// <param name="LibTorchSharp">TorchSharp's native library, or null if it was not found.</param>
internal readonly record struct NativeAssets(string? LibTorch, string? LibTorchSharp)
{
    /// <summary>
    /// Looks where the runtime itself looks, then beside the application and beside TorchSharp: flat, as a published program has them, or under
    /// <c>runtimes</c>, as a build leaves them.
    /// </summary>
    public static NativeAssets Find()
    {
        string runtimeFolders = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        // In a single file, TorchSharp has no location.
        string? torchSharp = Path.GetDirectoryName(typeof(torch).Assembly.Location);
        return FindIn([.. runtimeFolders.Split(Path.PathSeparator), AppContext.BaseDirectory, .. Notebook(torchSharp), torchSharp ?? ""]);
    }

    /// <summary>Looks in given folders, and under <c>runtimes</c> in each of them.</summary>
    /// <param name="folders">The folders; empty names are passed over.</param>
    public static NativeAssets FindIn(IEnumerable<string> folders)
    {
        string[] candidates = [.. folders.Where(folder => folder.Length > 0).SelectMany(folder => (string[])[folder, Path.Combine(folder, "runtimes", System, "native")])];
        return new(
            candidates.FirstOrDefault(folder => File.Exists(Path.Combine(folder, FileOf("torch_cpu")))),
            candidates.Select(folder => Path.Combine(folder, FileOf("LibTorchSharp"))).FirstOrDefault(File.Exists));
    }

    /// <summary>The system as TorchSharp's and libtorch's packages name it.</summary>
    private static string System =>
        (OperatingSystem.IsWindows() ? "win-" : OperatingSystem.IsMacOS() ? "osx-" : "linux-")
        + (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64");

    private static string FileOf(string library) =>
        OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";

    /// <summary>The folders of a notebook, where TorchSharp is used from within its package, <c>torchsharp/VERSION/lib/net6.0</c>, and libtorch's package lies beside it.</summary>
    private static string[] Notebook(string? torchSharp)
    {
        if (string.IsNullOrEmpty(torchSharp) || LibTorchPackage.Name is not { } package)
            return [];
        string ownPackage = Path.GetFullPath(Path.Combine(torchSharp, "..", ".."));
        return [ownPackage, Path.Combine(ownPackage, "..", "..", package, LibTorchPackage.Version)];
    }
}
