using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative;
using Spectre.Console;

namespace Gallery.Exhibits;

/// <summary>
/// How many components, and what their covariances have in common? Tries one to nine with all fourteen covariance structures on Old Faithful and on the irises of Anderson and
/// Fisher, prints the tables and draws the curves.
/// </summary>
internal sealed class WhichMixture : IExhibit
{
    private const int Seed = 1;

    /// <inheritdoc/>
    public string Name => "which-mixture";

    /// <inheritdoc/>
    public string Description => "The BIC chooses among 126 Gaussian mixtures, for a geyser and for irises.";

    /// <inheritdoc/>
    public void Run(GalleryContext context)
    {
        var mlContext = new MLContext(Seed);
        GaussianMixtureSelection<GaussianMixtureTransformer> geyser = Select<Eruption>(context, mlContext, "Old Faithful", "faithful.csv");
        GaussianMixtureSelection<GaussianMixtureTransformer> irises = Select<Iris>(context, mlContext, "Iris", "iris.csv");

        string picture = context.PathOfOutput("which-mixture.png");
        WhichMixturePicture.Draw(picture, [("Old Faithful: 272 eruptions, 2 features", geyser), ("Iris: 150 flowers, 4 features", irises)], context.IsFull);
        context.TellFile("Picture", picture);
    }

    private static GaussianMixtureSelection<GaussianMixtureTransformer> Select<TRow>(GalleryContext context, MLContext mlContext, string name, string file)
    {
        IDataView data = mlContext.Data.LoadFromTextFile<TRow>(GalleryContext.PathOfData(file), separatorChar: ',', hasHeader: true);
        GaussianMixtureSelection<GaussianMixtureTransformer> selection = mlContext.Clustering.SelectGaussianMixture(data);
        context.Console.WriteLine($"{name}: {selection}");
        context.Console.WriteLine();
        return selection;
    }

    private sealed class Eruption
    {
        [LoadColumn(0, 1), VectorType(2)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Iris
    {
        [LoadColumn(0, 3), VectorType(4)]
        public float[] Features { get; set; } = [];
    }
}
