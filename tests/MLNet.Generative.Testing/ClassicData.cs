using System.Globalization;
using System.IO.Compression;

namespace MLNet.Generative.Testing;

/// <summary>Classic data sets, as they lie beside the tests.</summary>
public static class ClassicData
{
    /// <summary>Old Faithful: 272 rows of eruption length and waiting time, row-major.</summary>
    public static double[] Faithful { get; } = Read("faithful.csv", skip: 1, columns: 2);

    /// <summary>Iris: 150 rows of four lengths, row-major.</summary>
    public static double[] Iris { get; } = Read("iris.csv", skip: 1, columns: 4);

    /// <summary>Handwritten digits: 1,797 images of 8×8 grey values from 0 to 16, row-major.</summary>
    public static double[] Digits { get; } = ReadDigits();

    /// <summary>The file of a data set.</summary>
    public static string PathOf(string fileName) => Path.Combine(AppContext.BaseDirectory, "data", fileName);

    /// <summary>The first columns of a comma-separated file, row-major.</summary>
    public static double[] Read(string fileName, int skip, int columns) =>
        [.. File.ReadLines(PathOf(fileName)).Skip(skip).Where(line => line.Length > 0).SelectMany(line =>
            line.Split(',').Take(columns).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)))];

    private static double[] ReadDigits()
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(PathOf("digits.csv.gz")), CompressionMode.Decompress));
        var pixels = new List<double>();
        while (reader.ReadLine() is { Length: > 0 } line)
            pixels.AddRange(line.Split(',').Take(64).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)));
        return [.. pixels];
    }
}
