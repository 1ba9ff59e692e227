using System.Globalization;
using Microsoft.ML.Data;

namespace PredictFromFile;

/// <summary>A row of data.</summary>
public sealed class Eruption
{
    /// <summary>Length and waiting time.</summary>
    [VectorType(2)]
    public float[] Features { get; set; } = [];
}

/// <summary>What a mixture says about a row.</summary>
public class Prediction
{
    /// <summary>The most probable component.</summary>
    [KeyType(2)]
    public uint PredictedLabel { get; set; }

    /// <summary>The posterior.</summary>
    [VectorType(2)]
    public float[] Probability { get; set; } = [];

    /// <summary>The log-density.</summary>
    public float LogDensity { get; set; }

    /// <summary>All of it, such that no bit is lost.</summary>
    public virtual string Describe() =>
        string.Join(';', PredictedLabel, string.Join(' ', Probability.Select(Format)), Format(LogDensity));

    private static string Format(float value) => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>What the longer chain says: a copied column, and a custom mapping.</summary>
public sealed class RatedPrediction : Prediction
{
    /// <summary>A copy of the predicted label.</summary>
    [KeyType(2)]
    public uint Cluster { get; set; }

    /// <summary>What the custom mapping says.</summary>
    public bool IsRare { get; set; }

    /// <inheritdoc/>
    public override string Describe() => $"{base.Describe()};{Cluster};{IsRare}";
}
