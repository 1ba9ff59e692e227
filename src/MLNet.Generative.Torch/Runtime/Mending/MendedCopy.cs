using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace MLNet.Generative;

/// <summary>
/// The mended copy of a library: a file in a folder of the user's own, found by the contents of the original and checked byte for byte before each use.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class MendedCopy
{
    /// <summary>The copy's file name.</summary>
    public const string FileName = "libLibTorchSharp.so";

    /// <summary>Where copies are kept: the user's folder of application data, which follows <c>XDG_DATA_HOME</c>. Empty if the user has none.</summary>
    public static string UserCache
    {
        get
        {
            string data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
            return data.Length > 0 ? Path.Combine(data, "MLNet.Generative", "libtorch") : "";
        }
    }

    /// <summary>Loads the copy from the user's cache or, where there is none that can be written and trusted, from a temporary folder that is gone afterwards.</summary>
    /// <param name="cache">The cache; empty for none.</param>
    /// <param name="original">The library.</param>
    /// <param name="mended">The mended library.</param>
    /// <returns>In words, from where it was loaded.</returns>
    /// <exception cref="DllNotFoundException">The loader refuses the copy.</exception>
    public static string Load(string cache, byte[] original, byte[] mended)
    {
        string obstacle = "the user has no folder of application data";
        try
        {
            if (cache.Length > 0)
            {
                string path = Store(cache, original, mended);
                NativeLibrary.Load(path);
                return path;
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or DllNotFoundException)
        {
            // A home that is missing, full, read-only, writable by others, or mounted such that nothing in it may be executed.
            obstacle = failure.Message;
        }
        LoadOnce(mended);
        return $"a temporary file that is already removed (not kept for the next time: {obstacle})";
    }

    /// <summary>Puts the copy into the cache, unless it is already there.</summary>
    /// <param name="cache">The cache.</param>
    /// <param name="original">The library.</param>
    /// <param name="mended">The mended library.</param>
    /// <returns>The copy's path.</returns>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The cache cannot be written, or others could write there.</exception>
    public static string Store(string cache, byte[] original, byte[] mended)
    {
        string folder = Path.Combine(cache, $"{Convert.ToHexStringLower(SHA256.HashData(original))}-{SymbolMend.Revision}");
        PrivateFolder.Create(folder);
        string path = Path.Combine(folder, FileName);
        if (!Holds(path, mended))
            Replace(path, mended);
        return path;
    }

    private static bool Holds(string path, byte[] bytes)
    {
        try
        {
            return File.ReadAllBytes(path).AsSpan().SequenceEqual(bytes);
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Nobody sees half a file: another process finds the old one, or the new one. A process that has the old one loaded keeps it.</summary>
    private static void Replace(string path, byte[] bytes)
    {
        string unfinished = $"{path}.{Guid.NewGuid():n}";
        try
        {
            File.WriteAllBytes(unfinished, bytes);
            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>
    /// Loads from a new folder with an unforeseeable name that only this user can enter, so that nobody can have put anything there. A library that is
    /// loaded needs its file no more.
    /// </summary>
    private static void LoadOnce(byte[] mended)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mlnet-generative-");
        try
        {
            string path = Path.Combine(folder.FullName, FileName);
            File.WriteAllBytes(path, mended);
            NativeLibrary.Load(path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
