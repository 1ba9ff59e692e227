using Microsoft.ML;

namespace MLNet.Generative.Testing;

/// <summary>The Iris data as the inputs that contracts need.</summary>
public static class IrisData
{
    /// <summary>Types of the column <c>Features</c> that no model of vectors takes.</summary>
    public static IReadOnlyList<IDataView> InvalidViews { get; } = DataViews.WithInvalidFeatures();

    /// <summary>All rows.</summary>
    /// <param name="isSingle">Whether the features are 32-bit numbers; otherwise 64-bit.</param>
    /// <param name="hasWeights">Whether there is a column <c>Weight</c>.</param>
    /// <param name="slotNames">The names of the features; <see langword="null"/> for none.</param>
    public static IDataView View(bool isSingle, bool hasWeights = false, string[]? slotNames = null) =>
        DataViews.OfFeatures(ClassicData.Iris, 4, isSingle, slotNames, hasWeights ? Weights(150) : null);

    /// <summary>All rows several times, with some before and after that have missing and (two each) infinite values; without weights.</summary>
    /// <param name="isSingle">Whether the features are 32-bit numbers; otherwise 64-bit.</param>
    /// <param name="slotNames">The names of the features; <see langword="null"/> for none.</param>
    /// <param name="repetitions">How often the rows come: more often for a step with long blocks, so that there are several.</param>
    public static IDataView ViewToScore(bool isSingle, string[]? slotNames = null, int repetitions = 2)
    {
        double[] odd =
        [
            5, double.NaN, 1.5, 0.2,
            double.NaN, double.NaN, double.NaN, double.NaN,
            5, 3, double.PositiveInfinity, 0.2,
            5, double.NegativeInfinity, double.NaN, 0.2,
            1e6, -1e6, 1e6, -1e6,
        ];
        return DataViews.OfFeatures([.. odd, .. Enumerable.Repeat(ClassicData.Iris, repetitions).SelectMany(rows => rows), .. odd], 4, isSingle, slotNames);
    }

    /// <summary>As if every flower were two, with two lengths each.</summary>
    /// <param name="isSingle">Whether the features are 32-bit numbers; otherwise 64-bit.</param>
    /// <param name="hasWeights">Whether there is a column <c>Weight</c>.</param>
    public static IDataView ViewOfTwoFeatures(bool isSingle, bool hasWeights = false) =>
        DataViews.OfFeatures(ClassicData.Iris, 2, isSingle, weights: hasWeights ? Weights(300) : null);

    private static float[] Weights(int count) => [.. Enumerable.Range(0, count).Select(n => n % 7 == 0 ? 0 : 0.5f + (n % 3))];
}
