using MLNet.Generative;

namespace Microsoft.ML;

/// <summary>Finds generative models in loaded pipelines.</summary>
public static class GenerativeTransformerExtensions
{
    /// <summary>The last generative step of a transformer: itself, a step of a chain at any depth, or the model inside an anomaly detector.</summary>
    /// <param name="transformer">A transformer, for example what <c>mlContext.Model.Load</c> returns.</param>
    /// <exception cref="ArgumentNullException"><paramref name="transformer"/> is null.</exception>
    /// <exception cref="InvalidOperationException">There is no generative step.</exception>
    public static IGenerativeTransformer FindGenerative(this ITransformer transformer)
    {
        ArgumentNullException.ThrowIfNull(transformer);
        return Find(transformer) ?? throw new InvalidOperationException(
            $"The transformer has no generative step. Its steps are: {string.Join(", ", Steps(transformer).Select(step => step.GetType().Name))}.");
    }

    private static IGenerativeTransformer? Find(ITransformer transformer) => transformer switch
    {
        IGenerativeTransformer generative => generative,
        ISingleFeaturePredictionTransformer<IGenerativeTransformer> wrapper => wrapper.Model,
        IEnumerable<ITransformer> chain => chain.Reverse().Select(Find).FirstOrDefault(found => found is not null),
        _ => null,
    };

    private static IEnumerable<ITransformer> Steps(ITransformer transformer) =>
        transformer is IEnumerable<ITransformer> chain ? chain.SelectMany(Steps) : [transformer];
}
