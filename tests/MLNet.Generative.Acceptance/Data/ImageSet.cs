using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Generative.Acceptance;

/// <summary>Images to train and to test on: pixels from 0 to 1.</summary>
/// <param name="Training">The images to train on.</param>
/// <param name="Test">The images to test on, all of the same size.</param>
public sealed record ImageSet(IReadOnlyList<float[]> Training, IReadOnlyList<float[]> Test)
{
    internal const string TrainingFile = "train-images-idx3-ubyte.gz";
    internal const string TestFile = "t10k-images-idx3-ubyte.gz";

    /// <summary>Reads the two files of a folder.</summary>
    /// <exception cref="InvalidDataException">A file is no such file.</exception>
    public static ImageSet Read(string folder) => new(IdxFile.ReadImages(Path.Combine(folder, TrainingFile)), IdxFile.ReadImages(Path.Combine(folder, TestFile)));

    /// <summary>Images as a data view with a vector column <c>Features</c>.</summary>
    public static IDataView ToDataView(MLContext context, IReadOnlyList<float[]> images)
    {
        var schema = SchemaDefinition.Create(typeof(Image));
        schema[nameof(Image.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, images[0].Length);
        return context.Data.LoadFromEnumerable(images.Select(pixels => new Image { Features = pixels }), schema);
    }

    /// <summary>Draws each pixel as 0 or 1, with its grey value as the probability of 1 (Salakhutdinov and Murray 2008).</summary>
    public static IReadOnlyList<float[]> Binarize(IReadOnlyList<float[]> images, int seed)
    {
        var random = new Random(seed);
        return [.. images.Select(pixels => Array.ConvertAll(pixels, grey => random.NextSingle() < grey ? 1f : 0f))];
    }

    private sealed class Image
    {
        public float[] Features = [];
    }
}
