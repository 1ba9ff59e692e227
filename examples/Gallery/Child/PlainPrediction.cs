using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Gallery.Child;

/// <summary>
/// What an application does with a saved model: plain ML.NET, which finds the package's assembly by itself. This file uses nothing of the package and
/// nothing of the rest of the gallery, and runs in a process of its own.
/// </summary>
internal static class PlainPrediction
{
    private static readonly Eruption[] s_eruptions =
    [
        new() { Length = 1.8f, Waiting = 54 },
        new() { Length = 3, Waiting = 65 },
        new() { Length = 4.5f, Waiting = 80 },
    ];

    /// <summary>Loads a model and prints a line per eruption.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(string path)
    {
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load(path, out _);
        using PredictionEngine<Eruption, Prediction> engine = mlContext.Model.CreatePredictionEngine<Eruption, Prediction>(model);

        foreach (Eruption eruption in s_eruptions)
        {
            Prediction prediction = engine.Predict(eruption);
            string posterior = string.Join(", ", prediction.Posterior.Select(p => p.ToString("f4", CultureInfo.InvariantCulture)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"({eruption.Length:f1}, {eruption.Waiting:f0}): component {prediction.Component}, posterior ({posterior}), log-density {prediction.LogDensity:f3}"));
        }
        return 0;
    }

    private sealed class Eruption
    {
        [ColumnName("eruptions")]
        public float Length { get; set; }

        [ColumnName("waiting")]
        public float Waiting { get; set; }
    }

    private sealed class Prediction
    {
        [ColumnName("PredictedLabel")]
        public uint Component { get; set; }

        [ColumnName("Probability")]
        public float[] Posterior { get; set; } = [];

        public float LogDensity { get; set; }
    }
}
