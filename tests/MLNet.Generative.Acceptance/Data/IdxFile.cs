using System.Buffers.Binary;
using System.IO.Compression;

namespace MLNet.Generative.Acceptance;

/// <summary>
/// Files of bytes in the format IDX, compressed: four bytes 0, 0, 8 (for bytes) and the number of dimensions, then each dimension as a big-endian 32-bit number, then the
/// values.
/// </summary>
public static class IdxFile
{
    private const int MagicOfImages = 0x0803;

    /// <summary>Reads images: the values, divided by 255.</summary>
    /// <exception cref="InvalidDataException">The file holds something else.</exception>
    public static IReadOnlyList<float[]> ReadImages(string path)
    {
        using var stream = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        if (ReadNumber(stream) != MagicOfImages)
            throw new InvalidDataException($"{path} is no IDX file of images.");
        int count = ReadNumber(stream);
        var bytes = new byte[ReadNumber(stream) * ReadNumber(stream)];
        var images = new float[count][];
        for (int i = 0; i < count; i++)
        {
            stream.ReadExactly(bytes);
            images[i] = Array.ConvertAll(bytes, value => value / 255f);
        }
        return images;
    }

    /// <summary>Writes square images of values from 0 to 1, rounded to bytes.</summary>
    public static void WriteImages(string path, IReadOnlyList<float[]> images)
    {
        using var stream = new GZipStream(File.Create(path), CompressionLevel.Fastest);
        int side = (int)Math.Sqrt(images[0].Length);
        WriteNumbers(stream, MagicOfImages, images.Count, side, side);
        foreach (float[] image in images)
            stream.Write(Array.ConvertAll(image, value => (byte)Math.Round(value * 255)));
    }

    private static int ReadNumber(Stream stream)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        stream.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt32BigEndian(bytes);
    }

    private static void WriteNumbers(Stream stream, params ReadOnlySpan<int> numbers)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        foreach (int number in numbers)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, number);
            stream.Write(bytes);
        }
    }
}
