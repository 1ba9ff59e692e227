using System.IO.Compression;
using System.Text;
using Microsoft.ML;

namespace MLNet.Generative.Testing;

/// <summary>A saved model in memory: a zip archive whose entries can be looked at and altered.</summary>
public sealed class ModelFile
{
    private readonly byte[] _bytes;

    /// <summary>A file with this content.</summary>
    public ModelFile(byte[] bytes) => _bytes = bytes;

    /// <summary>The file's content.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Saves as a user does.</summary>
    public static ModelFile Save(ITransformer transformer, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        new MLContext().Model.Save(transformer, schema, stream);
        return new ModelFile(stream.ToArray());
    }

    /// <summary>Loads as a user does, with a new <see cref="MLContext"/> that knows nothing.</summary>
    public ITransformer Load(out DataViewSchema schema) => new MLContext().Model.Load(new MemoryStream(_bytes), out schema);

    /// <inheritdoc cref="Load(out DataViewSchema)"/>
    public ITransformer Load() => Load(out _);

    /// <summary>Loads with a context of the caller's.</summary>
    public ITransformer Load(MLContext context) => context.Model.Load(new MemoryStream(_bytes), out _);

    /// <summary>The entries of the archive, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> ReadEntries()
    {
        using var archive = new ZipArchive(new MemoryStream(_bytes), ZipArchiveMode.Read);
        var entries = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (ZipArchiveEntry entry in archive.Entries)
        {
            using Stream stream = entry.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            entries.Add(entry.FullName, content.ToArray());
        }
        return entries;
    }

    /// <summary>The entries that a type of the packages under test loads.</summary>
    public IReadOnlyList<ModelEntry> FindOurEntries() =>
        [.. ReadEntries().Where(entry => ModelEntry.IsModel(entry.Value)).Select(entry => new ModelEntry(entry.Key, entry.Value)).Where(entry => entry.LoaderAssemblyName.StartsWith("MLNet.Generative", StringComparison.Ordinal))];

    /// <summary>The same file with another content of one entry.</summary>
    public ModelFile With(string entryName, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] original) in ReadEntries())
            {
                using Stream entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(name == entryName ? content : original);
            }
        }
        return new ModelFile(stream.ToArray());
    }

    /// <summary>The first bytes of the file.</summary>
    public ModelFile Truncate(int length) => new(_bytes[..length]);
}

/// <summary>One entry of a model file: ML.NET's header, and the block that a transformer wrote.</summary>
/// <param name="Name">The entry's name in the archive.</param>
/// <param name="Content">Its content.</param>
public sealed record ModelEntry(string Name, byte[] Content)
{
    // Offsets in ML.NET's header.
    private const int ModelPosition = 0x10;
    private const int ModelLength = 0x18;
    private const int VersionWritten = 0x48;
    private const int VersionReadable = 0x4C;
    private const int Loader = 0x50;
    private const int LoaderLength = 24;
    private const int LoaderAssemblyPosition = 0x90;
    private const int LoaderAssemblyLength = 0x98;
    private const int HeaderLength = 0x100;

    /// <summary>Where the transformer's own bytes begin.</summary>
    public int BlockStart => (int)BitConverter.ToInt64(Content, ModelPosition);

    /// <summary>How many there are.</summary>
    public int BlockLength => (int)BitConverter.ToInt64(Content, ModelLength);

    /// <summary>The name under which the transformer's loader is registered.</summary>
    public string LoaderName => Encoding.ASCII.GetString(Content, Loader, LoaderLength).TrimEnd('\0');

    /// <summary>The assembly that the entry asks to be loaded.</summary>
    public string LoaderAssemblyName =>
        Encoding.Unicode.GetString(Content, (int)BitConverter.ToInt64(Content, LoaderAssemblyPosition), BitConverter.ToInt32(Content, LoaderAssemblyLength));

    /// <summary>The version of the format in which the block is written.</summary>
    public uint Written => BitConverter.ToUInt32(Content, VersionWritten);

    /// <summary>Whether an entry begins as a model does.</summary>
    public static bool IsModel(byte[] content) => content.Length >= HeaderLength && content.AsSpan(0, 8).SequenceEqual("ML\0MODEL"u8);

    /// <summary>The content as a transformer of other versions would have written it.</summary>
    public byte[] WithVersions(uint written, uint readable)
    {
        byte[] content = [.. Content];
        BitConverter.TryWriteBytes(content.AsSpan(VersionWritten), written);
        BitConverter.TryWriteBytes(content.AsSpan(VersionReadable), readable);
        return content;
    }

    /// <summary>The content with one bit of one byte turned over.</summary>
    public byte[] WithFlippedBit(int position)
    {
        byte[] content = [.. Content];
        content[position] ^= (byte)(1 << (position % 8));
        return content;
    }
}
