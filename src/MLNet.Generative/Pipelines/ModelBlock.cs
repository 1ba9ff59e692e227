using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Runtime;

namespace MLNet.Generative;

/// <summary>
/// A block of a model file that notices damage: length, payload, then the length again and a SHA-256 of the payload. Nothing of a block is used before all of it is verified.
/// </summary>
internal static class ModelBlock
{
    // *** Binary format ***
    // int64: length of the payload in bytes
    // byte[length]: payload
    // int64: length again
    // byte[32]: SHA-256 of the payload

    /// <summary>Writes a block.</summary>
    public static void Write(BinaryWriter writer, Action<BinaryWriter> writePayload)
    {
        using var stream = new MemoryStream();
        using (var payload = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            writePayload(payload);
        ReadOnlySpan<byte> bytes = stream.GetBuffer().AsSpan(0, (int)stream.Length);

        writer.Write((long)bytes.Length);
        writer.Write(bytes);
        writer.Write((long)bytes.Length);
        writer.Write(SHA256.HashData(bytes));
    }

    /// <summary>Reads a block of a model file and checks it.</summary>
    /// <exception cref="FormatException">The block is truncated or altered, or its content makes no sense.</exception>
    public static T Read<T>(IExceptionContext context, BinaryReader reader, Func<BlockReader, T> readPayload) =>
        Read(context, reader, "The model file", "Save the model again, or copy the file again.", readPayload);

    /// <summary>Reads a block and checks it.</summary>
    /// <param name="context">Where errors come from; <see langword="null"/> if nowhere in particular.</param>
    /// <param name="reader">Where to read.</param>
    /// <param name="file">What kind of file it is, as the beginning of a sentence.</param>
    /// <param name="advice">What to do if it is damaged.</param>
    /// <param name="readPayload">Makes something of the payload.</param>
    /// <exception cref="FormatException">The block is truncated or altered, or its content makes no sense.</exception>
    public static T Read<T>(IExceptionContext? context, BinaryReader reader, string file, string advice, Func<BlockReader, T> readPayload)
    {
        byte[] bytes = ReadVerified(reader)
            ?? throw context.ExceptDecode($"{file} is truncated or altered: the checksum of a block does not match its content. {advice}");
        using var payload = new BlockReader(context, bytes, file);
        try
        {
            T value = readPayload(payload);
            payload.Check(payload.Remaining == 0, $"{payload.Remaining} bytes are left over");
            return value;
        }
        catch (EndOfStreamException exception)
        {
            throw context.ExceptDecode(exception, $"{file} cannot be read: a block ends too early.");
        }
        catch (IOException exception)
        {
            // A text of negative length.
            throw context.ExceptDecode(exception, $"{file} cannot be read: {exception.Message}");
        }
    }

    private static byte[]? ReadVerified(BinaryReader reader)
    {
        try
        {
            long length = reader.ReadInt64();
            if (length < 0 || length > Array.MaxLength || length > reader.BaseStream.Length - reader.BaseStream.Position)
                return null;
            byte[] bytes = reader.ReadBytes((int)length);
            long again = reader.ReadInt64();
            byte[] checksum = reader.ReadBytes(SHA256.HashSizeInBytes);
            return bytes.Length == length && again == length && CryptographicOperations.FixedTimeEquals(checksum, SHA256.HashData(bytes)) ? bytes : null;
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }
}
