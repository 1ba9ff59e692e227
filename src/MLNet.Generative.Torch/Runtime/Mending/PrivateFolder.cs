using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace MLNet.Generative;

/// <summary>Folders in which nobody but this user, and the system's administrator, can put a file: a library is loaded from no other.</summary>
[SupportedOSPlatform("linux")]
internal static partial class PrivateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode WritableByOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Makes a folder, with those above it that are missing, for this user only.</summary>
    /// <param name="path">The folder.</param>
    /// <exception cref="UnauthorizedAccessException">The folder or one above it belongs to another user or can be written by others.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public static void Create(string path)
    {
        CreateMissing(new(path));
        // Whoever can write a folder can put another in the place of one below it.
        for (DirectoryInfo? folder = new(path); folder is not null; folder = folder.Parent)
            Check(folder.FullName);
    }

    // The base library gives the permissions to the last folder only.
    private static void CreateMissing(DirectoryInfo folder)
    {
        if (folder.Exists || folder.Parent is null)
            return;
        CreateMissing(folder.Parent);
        Directory.CreateDirectory(folder.FullName, OwnerOnly);
    }

    private static void Check(string path)
    {
        (uint owner, UnixFileMode mode) = Describe(path);
        bool isOwn = owner == 0 || owner == EffectiveUser();
        // In a folder with the sticky bit, such as that for temporary files, others cannot rename what is not theirs.
        if (!isOwn || ((mode & WritableByOthers) != 0 && (mode & UnixFileMode.StickyBit) == 0))
            throw new UnauthorizedAccessException($"Others than this user can write to {path}: no library is loaded from there.");
    }

    /// <summary>Owner and permissions of a folder, which must not be a link: whoever owns it could lead it elsewhere. The base library does not tell owners; the layout is that of statx(2), part of Linux's interface.</summary>
    private static (uint Owner, UnixFileMode Mode) Describe(string path)
    {
        const int currentFolder = -100, doNotFollowLinks = 0x100, typeModeAndOwner = 0x1 | 0x2 | 0x8;
        const int ownerPlace = 20, modePlace = 28, typeMask = 0xf000, folder = 0x4000;
        byte[] result = new byte[256];
        if (Statx(currentFolder, path, doNotFollowLinks, typeModeAndOwner, result) != 0)
            throw new IOException($"The owner of {path} cannot be found.");
        int mode = BitConverter.ToUInt16(result, modePlace);
        if ((mode & typeMask) != folder)
            throw new UnauthorizedAccessException($"{path} is a link or a file, not a folder: no library is loaded from there.");
        return (BitConverter.ToUInt32(result, ownerPlace), (UnixFileMode)(mode & 0xfff));
    }

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "statx", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int Statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] result);

    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    [DllImport("libc", EntryPoint = "geteuid")]
    private static extern uint EffectiveUser();
}
