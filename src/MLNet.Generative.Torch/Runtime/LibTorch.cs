using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using TorchSharp;

namespace MLNet.Generative;

/// <summary>
/// Finds and loads libtorch. Our code calls <see cref="EnsureLoaded"/> before it first touches TorchSharp: a load that fails inside
/// TorchSharp's type initialiser prints a page of text and leaves the type unusable for the rest of the process.
/// </summary>
/// <remarks>
/// Where TorchSharp's own load succeeds, or the user has loaded libtorch himself, nothing is done. Where the native package is missing, the
/// error names it. Where the only obstacle is one symbol version that an older libstdc++ lacks (Debian 12, Ubuntu 22.04), a mended copy of
/// TorchSharp's native library is loaded (<see cref="SymbolMend"/>); the files of the application are never changed.
/// Every other failure is left to TorchSharp and its own message.
/// </remarks>
internal static class LibTorch
{
    /// <summary>Setting this environment variable to <c>0</c> switches the mend off.</summary>
    public const string MendSwitch = "MLNET_GENERATIVE_LIBTORCH_MEND";

    private static readonly Lock Gate = new();
    private static volatile bool s_isDone;
    private static string? s_untold;

    /// <summary>Makes TorchSharp ready for use. Safe from any thread, and free after the first time.</summary>
    /// <param name="log">Told once, by the first caller that brings one, if a mended copy was loaded.</param>
    /// <exception cref="DllNotFoundException">The native package is missing; the message says which to add.</exception>
    /// <exception cref="PlatformNotSupportedException">There is no native package for this system.</exception>
    public static void EnsureLoaded(Action<string>? log = null)
    {
        if (s_isDone && (s_untold is null || log is null))
            return;
        lock (Gate)
        {
            if (!s_isDone)
            {
                using var waiting = BriefSpinning.WhileLoading();
                s_untold = Load();
                s_isDone = true;
            }
            if (s_untold is null || log is null)
                return;
            log(s_untold);
            s_untold = null;
        }
    }

    /// <summary>Loads what TorchSharp will find, and returns what the user should know about it.</summary>
    private static string? Load()
    {
        // The first step of TorchSharp's own load; naming the type's assembly does not run its initialiser.
        bool hasLibTorch = NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out _);
        if (NativeLibrary.TryLoad("LibTorchSharp", typeof(torch).Assembly, null, out _))
            return null;
        var assets = NativeAssets.Find();
        if (!hasLibTorch && assets.LibTorch is null)
            throw LibTorchPackage.IsMissing();
        bool mayMend = RuntimeInformation.ProcessArchitecture == Architecture.X64 && Environment.GetEnvironmentVariable(MendSwitch) != "0";
        return OperatingSystem.IsLinux() && mayMend && assets.LibTorchSharp is { } library ? LoadMended(library, assets.LibTorch) : null;
    }

    /// <summary>
    /// Loads libtorch by full path and then a mended copy of TorchSharp's library, if that is what is needed. TorchSharp's own load then finds
    /// the copy in the process by its name, as does the copy the three libraries that it needs.
    /// </summary>
    [SupportedOSPlatform("linux")]
    private static string? LoadMended(string library, string? folder)
    {
        var mend = SymbolMend.LibTorchSharp;
        try
        {
            foreach (string needed in folder is null ? [] : (string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"])
                NativeLibrary.Load(Path.Combine(folder!, needed));
            if (!LacksSymbolVersion(library))
                return null;
            byte[] original = File.ReadAllBytes(library);
            string place = MendedCopy.Load(MendedCopy.UserCache, original, mend.Apply(original));
            return $"{library} asks for the symbol version {mend.Version}, which this system's libstdc++ does not offer. It is unchanged; "
                + $"a copy that asks for {mend.ReplacementVersion} instead was loaded from {place}. Set the environment variable {MendSwitch}=0 to switch this off.";
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // TorchSharp will fail too and say so itself; what was tried here is for whoever reads the log.
            return $"No mended copy of {library} could be loaded: {failure.Message}";
        }
    }

    /// <summary>Whether the library fails to load because libstdc++ is older than the version it asks for. The loader's message, in whatever language, names the version.</summary>
    private static bool LacksSymbolVersion(string library)
    {
        try
        {
            NativeLibrary.Load(library);
            return false;
        }
        catch (DllNotFoundException failure)
        {
            return failure.Message.Contains(SymbolMend.LibTorchSharp.Version, StringComparison.Ordinal);
        }
    }
}
