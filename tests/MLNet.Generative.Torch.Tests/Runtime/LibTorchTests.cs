using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLNet.Generative.Testing;
using Xunit;

namespace MLNet.Generative.Tests;

/// <summary>Loading libtorch, each time in a process of its own: a process can do it once.</summary>
public sealed class LibTorchTests : IDisposable
{
    private const string Program = "TorchSum", Sum = "sum: 7";
    private readonly TemporaryFolder _folder = new();

    private static string Natives => Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native");

    /// <summary>The variable that gives a process a cache of its own.</summary>
    private string OwnCache => $"XDG_DATA_HOME={_folder.PathOf("data")}";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_program_adds_numbers_and_its_files_stay_as_they_are()
    {
        string[] before = Fingerprints();
        IReadOnlyList<string> lines = FreshProcess.RunAmongTests(Program, OwnCache);

        Assert.Equal(Sum, lines[^1]);
        Assert.Equal(before, Fingerprints());
        if (!IsMendNeeded)
            Assert.Single(lines);
    }

    [Fact]
    public void The_mend_is_told_once_and_is_there_the_next_time()
    {
        SkipUnlessMendIsNeeded();
        IReadOnlyList<string> first = FreshProcess.RunAmongTests(Program, OwnCache);
        string copy = Assert.Single(Directory.GetFiles(_folder.PathOf("data"), "*", SearchOption.AllDirectories));
        DateTime written = File.GetLastWriteTimeUtc(copy);
        IReadOnlyList<string> second = FreshProcess.RunAmongTests(Program, OwnCache);

        Assert.Equal(first, second);
        Assert.Equal(written, File.GetLastWriteTimeUtc(copy));
        Assert.Equal(2, first.Count);
        Assert.StartsWith("told: ", first[0], StringComparison.Ordinal);
        foreach (string part in (string[])["GLIBCXX_3.4.32", copy, Path.Combine(Natives, "libLibTorchSharp.so"), "MLNET_GENERATIVE_LIBTORCH_MEND=0"])
            Assert.Contains(part, first[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_copy_is_mended()
    {
        SkipUnlessMendIsNeeded();
        FreshProcess.RunAmongTests(Program, OwnCache);
        string copy = Assert.Single(Directory.GetFiles(_folder.PathOf("data"), "*", SearchOption.AllDirectories));
        byte[] good = File.ReadAllBytes(copy);
        File.WriteAllBytes(copy, good[..1000]);

        Assert.Equal(Sum, FreshProcess.RunAmongTests(Program, OwnCache)[^1]);
        Assert.Equal(good, File.ReadAllBytes(copy));
    }

    [Fact]
    public void Without_a_cache_a_temporary_file_does()
    {
        SkipUnlessMendIsNeeded();
        File.WriteAllBytes(_folder.PathOf("data"), []);
        Directory.CreateDirectory(_folder.PathOf("temporary"));
        IReadOnlyList<string> lines = FreshProcess.RunAmongTests(Program, OwnCache, $"TMPDIR={_folder.PathOf("temporary")}");

        Assert.Equal(Sum, lines[^1]);
        Assert.Contains("a temporary file", lines[0], StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.PathOf("temporary"), "mlnet-generative-*"));
    }

    [Fact]
    public async Task Two_programs_at_once_share_the_cache()
    {
        SkipUnlessMendIsNeeded();
        IReadOnlyList<string>[] lines = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => FreshProcess.RunAmongTests(Program, OwnCache))));

        Assert.All(lines, program => Assert.Equal(Sum, program[^1]));
        Assert.Single(Directory.GetFiles(_folder.PathOf("data"), "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void What_the_user_has_loaded_himself_is_left_alone()
    {
        SkipUnlessMendIsNeeded();
        byte[] mended = SymbolMend.LibTorchSharp.Apply(File.ReadAllBytes(Path.Combine(Natives, "libLibTorchSharp.so")));
        File.WriteAllBytes(_folder.PathOf("mine.so"), mended);
        IReadOnlyList<string> lines = FreshProcess.RunAmongTests(
            Program, [OwnCache, .. ((string[])["libc10.so", "libtorch_cpu.so", "libtorch.so"]).Select(library => Path.Combine(Natives, library)), _folder.PathOf("mine.so")]);

        Assert.Equal([Sum], lines);
        Assert.False(Directory.Exists(_folder.PathOf("data")));
    }

    [Fact]
    public void Switched_off_TorchSharp_speaks_for_itself()
    {
        SkipUnlessMendIsNeeded();
        // Where TorchSharp finds the packages, it first copies them beside the program.
        IReadOnlyList<string> lines = FreshProcess.RunAmongTests(Program, OwnCache, "MLNET_GENERATIVE_LIBTORCH_MEND=0", $"NUGET_PACKAGES={_folder.PathOf("none")}");

        Assert.Contains(lines, line => line.StartsWith("NotSupportedException: This application or script uses TorchSharp but", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("told", StringComparison.Ordinal));
        Assert.False(Directory.Exists(_folder.PathOf("data")));
    }

    [Fact]
    public void A_program_without_the_native_package_is_told_which_to_add()
    {
        Assert.SkipUnless(LibTorchPackage.Name is not null, "There is no package for this system.");
        IReadOnlyList<string> lines = FreshProcess.RunFile(CopyOfProgram());

        string line = Assert.Single(lines);
        Assert.StartsWith("DllNotFoundException: ", line, StringComparison.Ordinal);
        Assert.EndsWith($"dotnet add package {LibTorchPackage.Name} --version {LibTorchPackage.Version}", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_published_program_has_its_native_files_beside_it()
    {
        Assert.SkipUnless(IsLinuxX64, "The native files of this system have other names.");
        string program = CopyOfProgram();
        foreach (string library in (string[])["libLibTorchSharp.so", "libtorch.so", "libtorch_cpu.so", "libc10.so", "libgomp-98b21ff3.so.1"])
            File.CreateSymbolicLink(Path.Combine(Path.GetDirectoryName(program)!, library), Path.Combine(Natives, library));

        Assert.Equal(Sum, FreshProcess.RunFile(program)[^1]);
    }

    [Fact]
    public void Native_files_are_found_flat_and_under_runtimes()
    {
        Assert.SkipUnless(IsLinuxX64, "The native files of this system have other names.");
        string flat = Path.GetDirectoryName(Touch("flat/libtorch_cpu.so"))!;
        string library = Touch("built/runtimes/linux-x64/native/libLibTorchSharp.so");

        Assert.Equal(new NativeAssets(flat, library), NativeAssets.FindIn(["", _folder.PathOf("missing"), flat, _folder.PathOf("built")]));
        Assert.Equal(default, NativeAssets.FindIn([_folder.PathOf("missing")]));
    }

    [Fact]
    public void Loading_again_from_many_threads_does_nothing()
    {
        Parallel.For(0, 16, _ => LibTorch.EnsureLoaded());
        using var numbers = TorchSharp.torch.tensor((float[])[1, 2, 4]);
        Assert.Equal(7, numbers.sum().item<float>());
    }

    private static bool IsLinuxX64 => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>Known without the code under test: the loader's own list of versions is in the file.</summary>
    private static bool IsMendNeeded { get; } = IsLinuxX64 && !new[] { "/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/usr/lib", "/lib/x86_64-linux-gnu" }
        .Select(folder => Path.Combine(folder, "libstdc++.so.6")).Where(File.Exists)
        .Any(library => File.ReadAllBytes(library).AsSpan().IndexOf("GLIBCXX_3.4.32\0"u8) >= 0);

    private static void SkipUnlessMendIsNeeded() => Assert.SkipUnless(IsMendNeeded, "This system's libstdc++ is new enough for TorchSharp as it is.");

    private static string[] Fingerprints() =>
    [
        .. Directory.GetFiles(AppContext.BaseDirectory, "*LibTorchSharp*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"),
        .. Directory.GetFileSystemEntries(AppContext.BaseDirectory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{file} {File.GetLastWriteTimeUtc(file):o}"),
    ];

    /// <summary>The program and the assemblies of the tests in a folder of their own, without native files and without the list that says where they are.</summary>
    private string CopyOfProgram()
    {
        string folder = Directory.CreateDirectory(_folder.PathOf("program")).FullName;
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Append(Path.Combine(AppContext.BaseDirectory, $"{Program}.runtimeconfig.json")))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        return Path.Combine(folder, $"{Program}.dll");
    }

    private string Touch(string file)
    {
        string path = _folder.PathOf(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, []);
        return path;
    }
}
