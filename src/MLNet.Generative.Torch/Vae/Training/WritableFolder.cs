namespace MLNet.Generative;

/// <summary>Tries a folder before a training starts, so that hours of work do not end at a folder that cannot be written.</summary>
internal static class WritableFolder
{
    /// <summary>The full name of a file that can be written: its folder is made if there is none.</summary>
    /// <param name="path">The file, or a folder that exists.</param>
    /// <param name="fileName">The name of the file in such a folder.</param>
    /// <param name="option">The option, for errors.</param>
    /// <exception cref="ArgumentException">The folder cannot be made or written.</exception>
    public static string FileIn(string path, string fileName, string option)
    {
        string full = FullPath(path, option);
        if (Path.EndsInDirectorySeparator(full) || Directory.Exists(full))
            full = Path.Combine(full, fileName);
        // Under a name as long as that of the file which will take the place of this one.
        Try(Path.GetDirectoryName(full)!, Path.GetFileName(full) + "." + Path.GetRandomFileName() + ".tmp", path, option);
        return full;
    }

    /// <summary>The full name of a folder that can be written, which is made if there is none.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="option">The option, for errors.</param>
    /// <exception cref="ArgumentException">The folder cannot be made or written.</exception>
    public static string Check(string path, string option)
    {
        string full = FullPath(path, option);
        Try(full, Path.GetRandomFileName(), path, option);
        return full;
    }

    private static string FullPath(string path, string option)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new ArgumentException($"{option} is empty; it must be a path, or null for none.", option);
        try
        {
            return Path.GetFullPath(path);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException or PathTooLongException)
        {
            throw new ArgumentException($"{option} is '{path}', which is no path: {exception.Message}", option, exception);
        }
    }

    private static void Try(string folder, string probeName, string path, string option)
    {
        try
        {
            Directory.CreateDirectory(folder);
            using FileStream probe = new(Path.Combine(folder, probeName), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            probe.WriteByte(0);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"{option} is '{path}', but nothing can be written into the folder '{folder}': {exception.Message} Choose another folder, or change its permissions.", option, exception);
        }
    }
}
