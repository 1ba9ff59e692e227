using System.Runtime.Versioning;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>The cache of mended copies: what is reused, what is replaced, and which folders are not trusted.</summary>
[SupportedOSPlatform("linux")]
public sealed class MendedCopyTests : IDisposable
{
    private static readonly byte[] Original = [1, 2, 3], Mended = [4, 5, 6];
    private readonly TemporaryFolder _folder = new();

    public MendedCopyTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Copies are made on Linux only.");

    private string Cache => _folder.PathOf("cache");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_copy_is_kept_and_used_again()
    {
        string path = MendedCopy.Store(Cache, Original, Mended);
        DateTime written = File.GetLastWriteTimeUtc(path);

        Assert.Equal(path, MendedCopy.Store(Cache, Original, Mended));
        Assert.Equal(Mended, File.ReadAllBytes(path));
        Assert.Equal(written, File.GetLastWriteTimeUtc(path));
        Assert.Equal("libLibTorchSharp.so", Path.GetFileName(path));
        Assert.Equal(path, Assert.Single(Directory.GetFiles(Cache, "*", SearchOption.AllDirectories)));
    }

    [Fact]
    public void Another_original_has_a_copy_of_its_own()
    {
        string path = MendedCopy.Store(Cache, Original, Mended);
        Assert.NotEqual(path, MendedCopy.Store(Cache, [1, 2, 4], Mended));
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 4, 5 })]
    [InlineData(new byte[] { 4, 5, 7 })]
    [InlineData(new byte[] { 4, 5, 6, 0 })]
    public void A_damaged_copy_is_replaced(byte[] damaged)
    {
        string path = MendedCopy.Store(Cache, Original, Mended);
        File.WriteAllBytes(path, damaged);

        MendedCopy.Store(Cache, Original, Mended);

        Assert.Equal(Mended, File.ReadAllBytes(path));
    }

    [Fact]
    public void Only_the_user_can_enter_the_cache()
    {
        string path = MendedCopy.Store(Cache, Original, Mended);
        for (DirectoryInfo folder = new(Path.GetDirectoryName(path)!); folder.Name != "cache"; folder = folder.Parent!)
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, folder.UnixFileMode);
    }

    [Fact]
    public void Many_at_once_find_a_whole_copy()
    {
        byte[] large = new byte[1 << 20];
        new Random(1).NextBytes(large);
        Parallel.For(0, 64, i =>
        {
            string path = MendedCopy.Store(Cache, Original, large);
            if (i % 8 == 0)
                File.Delete(path);
            else if (File.Exists(path))
                AssertWholeOrGone(path, large);
        });
    }

    [Fact]
    public void A_cache_that_others_can_write_is_not_used()
    {
        Directory.CreateDirectory(Cache);
        File.SetUnixFileMode(Cache, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupWrite);
        Assert.Throws<UnauthorizedAccessException>(() => MendedCopy.Store(Cache, Original, Mended));
    }

    [Fact]
    public void A_folder_with_the_copy_that_others_can_write_is_not_used()
    {
        string folder = Path.GetDirectoryName(MendedCopy.Store(Cache, Original, Mended))!;
        File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        Assert.Throws<UnauthorizedAccessException>(() => MendedCopy.Store(Cache, Original, Mended));
    }

    [Fact]
    public void A_link_is_not_followed()
    {
        Directory.CreateDirectory(_folder.PathOf("elsewhere"));
        File.CreateSymbolicLink(Cache, _folder.PathOf("elsewhere"));
        Assert.Throws<UnauthorizedAccessException>(() => MendedCopy.Store(Cache, Original, Mended));
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_an_error_that_the_loader_can_handle()
    {
        File.WriteAllBytes(_folder.PathOf("file"), []);
        Assert.ThrowsAny<IOException>(() => MendedCopy.Store(_folder.PathOf("file/cache"), Original, Mended));
    }

    [Fact]
    public void What_is_no_library_is_not_loaded_and_leaves_no_temporary_file()
    {
        Assert.Throws<DllNotFoundException>(() => MendedCopy.Load("", Original, Mended));
        Assert.Throws<DllNotFoundException>(() => MendedCopy.Load(Cache, Original, Mended));
    }

    private static void AssertWholeOrGone(string path, byte[] expected)
    {
        try
        {
            Assert.Equal(expected, File.ReadAllBytes(path));
        }
        catch (FileNotFoundException)
        {
            // Another thread has just removed it.
        }
    }
}
