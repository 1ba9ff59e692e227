using Microsoft.ML.Transforms;

namespace PredictFromFile;

/// <summary>What the custom mapping reads.</summary>
public sealed class Density
{
    /// <summary>The log-density.</summary>
    public float LogDensity { get; set; }
}

/// <summary>What it adds.</summary>
public sealed class Rarity
{
    /// <summary>Whether the density is low.</summary>
    public bool IsRare { get; set; }
}

/// <summary>A step of the user's own.</summary>
[CustomMappingFactoryAttribute(Contract)]
public sealed class RarityMapping : CustomMappingFactory<Density, Rarity>
{
    /// <summary>The name under which it is saved.</summary>
    public const string Contract = "Rarity";

    /// <inheritdoc/>
    public override Action<Density, Rarity> GetMapping() => Map;

    private static void Map(Density input, Rarity output) => output.IsRare = input.LogDensity < -3;
}
