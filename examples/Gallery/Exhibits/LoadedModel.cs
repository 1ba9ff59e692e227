using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Generative;

namespace Gallery.Exhibits;

/// <summary>What an exhibit saved, loaded in a context of its own.</summary>
internal static class LoadedModel
{
    /// <summary>Saves a model, loads it with plain ML.NET, and makes sure that it scores as before.</summary>
    /// <returns>The loaded model.</returns>
    /// <exception cref="ExhibitFailedException">It gives other log-densities.</exception>
    public static IGenerativeTransformer SaveAndLoad(MLContext mlContext, ITransformer trained, IDataView data, string path)
    {
        mlContext.Model.Save(trained, data.Schema, path);
        ITransformer loaded = new MLContext().Model.Load(path, out _);
        if (!LogDensities(trained, data).SequenceEqual(LogDensities(loaded, data)))
            throw new ExhibitFailedException($"The model in {path} gives other log-densities than the one that was saved.");
        return loaded.FindGenerative();
    }

    private static float[] LogDensities(ITransformer model, IDataView data) => [.. model.Transform(data).GetColumn<float>("LogDensity")];
}
