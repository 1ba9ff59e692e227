using MathNet.Numerics.LinearAlgebra;

namespace MLNet.Generative.Tests;

/// <summary>A small autoencoder with hidden layers, on rows that are quick to learn from.</summary>
internal static class SmallVae
{
    public const int Dimension = 5;

    /// <summary>200 rows of five correlated features of different scales.</summary>
    public static double[] Rows { get; } = LinearGaussian.Random(
        seed: 11, Vector<double>.Build.Dense([0, 10, -1, 200, 3]), Vector<double>.Build.Dense([1, 4, 0.1, 100, 0.01]), 20, 5).Draw(200, seed: 12);

    /// <summary>The same rows between 0 and 1.</summary>
    public static double[] Grey { get; } = Scale(Rows);

    public static VaeEstimator.Options Options(Action<VaeEstimator.Options>? change = null)
    {
        var options = new VaeEstimator.Options
        {
            LatentDimension = 2,
            HiddenLayers = [16],
            Activation = VaeActivation.Tanh,
            NumberOfEpochs = 20,
            BatchSize = 32,
            LearningRate = 5e-3,
            Seed = 1,
            NumberOfThreads = 1,
        };
        change?.Invoke(options);
        return options;
    }

    public static VaeFit Fit(Action<VaeEstimator.Options>? change = null) => VaeLearner.Fit(Rows, Dimension, Options(change));

    private static double[] Scale(double[] rows)
    {
        double[] lowest = [.. Enumerable.Range(0, Dimension).Select(j => rows.Where((_, i) => i % Dimension == j).Min())];
        double[] highest = [.. Enumerable.Range(0, Dimension).Select(j => rows.Where((_, i) => i % Dimension == j).Max())];
        return [.. rows.Select((value, i) => (value - lowest[i % Dimension]) / (highest[i % Dimension] - lowest[i % Dimension]))];
    }
}
