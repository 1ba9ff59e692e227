using System.Globalization;
using System.IO.Compression;
using Microsoft.ML.Data;

namespace Gallery.Exhibits;

/// <summary>Images of handwritten digits, 8×8 grey values (Alpaydin and Kaynak 1998).</summary>
internal static class DigitImages
{
    /// <summary>The number of pixels in a row of an image.</summary>
    public const int Side = 8;

    private const int Brightest = 16;

    /// <summary>Reads the images, with grey values from 0 to 1.</summary>
    public static DigitImage[] Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var images = new List<DigitImage>();
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            float[] numbers = [.. line.Split(',').Select(cell => float.Parse(cell, CultureInfo.InvariantCulture))];
            images.Add(new DigitImage { Pixels = [.. numbers[..^1].Select(grey => grey / Brightest)], Digit = (int)numbers[^1] });
        }
        return [.. images];
    }
}

/// <summary>An image and the digit it shows.</summary>
internal sealed class DigitImage
{
    /// <summary>Grey values from 0 to 1, row by row.</summary>
    [VectorType(DigitImages.Side * DigitImages.Side)]
    public float[] Pixels { get; set; } = [];

    /// <summary>The digit.</summary>
    public int Digit { get; set; }
}
