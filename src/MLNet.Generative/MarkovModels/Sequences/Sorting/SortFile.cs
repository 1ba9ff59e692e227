namespace MLNet.Generative;

/// <summary>A temporary file that only its owner can read, and that is deleted when it is closed, at the latest when the garbage collector finds it.</summary>
internal sealed class SortFile : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Makes an empty file.</summary>
    /// <param name="folder">The folder.</param>
    public SortFile(string folder)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        _file = new FileStream(Path.Combine(folder, $"MLNet.Generative-{Path.GetRandomFileName()}"), options);
    }

    /// <summary>The number of bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Writes bytes at the end.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(_file.SafeFileHandle, bytes, Length);
        Length += bytes.Length;
    }

    /// <summary>Reads bytes.</summary>
    /// <param name="offset">Where they begin.</param>
    /// <param name="bytes">Receives them.</param>
    /// <exception cref="EndOfStreamException">There are not so many.</exception>
    public void Read(long offset, Span<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = RandomAccess.Read(_file.SafeFileHandle, bytes, offset);
            if (count == 0)
                throw new EndOfStreamException($"The temporary file '{_file.Name}' is shorter than what was written to it.");
            offset += count;
            bytes = bytes[count..];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
