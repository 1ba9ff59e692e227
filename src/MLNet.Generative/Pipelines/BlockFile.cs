using System.ComponentModel;
using System.Text;

namespace MLNet.Generative;

/// <summary>
/// A file of one checked block, replaced as a whole: whenever a program is stopped, either the old content is there or the new one. For the authors of estimators in this
/// family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class BlockFile
{
    // *** Binary format ***
    // byte[8]: signature
    // ModelBlock

    private const int SignatureLength = 8;

    /// <summary>Replaces the file, or makes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="signature">What kind of file it is: eight characters of ASCII.</param>
    /// <param name="writePayload">Writes the content.</param>
    /// <exception cref="IOException">The file cannot be written. What was there before still is.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for lack of permission.</exception>
    public static void Write(string path, string signature, Action<BinaryWriter> writePayload)
    {
        string temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
                {
                    writer.Write(Encoding.ASCII.GetBytes(signature));
                    ModelBlock.Write(writer, writePayload);
                }
                // On the disk before it takes the place of the old one.
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="signature">What kind of file it must be.</param>
    /// <param name="what">What errors call it, such as "checkpoint".</param>
    /// <param name="readPayload">Makes something of the content.</param>
    /// <exception cref="FormatException">It is no such file, or it is truncated or altered.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for lack of permission.</exception>
    public static T Read<T>(string path, string signature, string what, Func<BlockReader, T> readPayload)
    {
        using FileStream stream = File.OpenRead(path);
        using var reader = new BinaryReader(stream, Encoding.UTF8);
        if (Encoding.ASCII.GetString(reader.ReadBytes(SignatureLength)) != signature)
            throw new FormatException($"'{path}' is no {what}. Give the path of a {what}, or of a file that does not exist.");
        return ModelBlock.Read(null, reader, $"The {what} '{path}'", "Delete it to begin anew, or bring back a copy of it.", readPayload);
    }
}
