namespace MLNet.Generative;

/// <summary>Emissions in a model file.</summary>
internal static class HmmEmissionFormat
{
    // *** Binary format ***
    // int: family
    // int: K, number of states
    // int: D, values per frame
    // the parameters, as the family writes them

    public static void Write(BinaryWriter writer, HmmEmission emission)
    {
        writer.Write((int)emission.Type);
        writer.Write(emission.NumberOfStates);
        writer.Write(emission.Dimension);
        emission.Write(writer);
    }

    public static HmmEmission Read(BlockReader reader) => Read(reader, mayBeProduct: true);

    /// <summary>Reads emissions that are part of a product, and none themselves.</summary>
    public static HmmEmission ReadPart(BlockReader reader) => Read(reader, mayBeProduct: false);

    private static HmmEmission Read(BlockReader reader, bool mayBeProduct)
    {
        EmissionType type = reader.ReadEnum<EmissionType>("the family of emissions");
        reader.Check(mayBeProduct || type != EmissionType.Product, "a product is part of a product");
        int states = reader.ReadSize(1, "the number of states");
        int dimension = reader.ReadSize(1, "the number of values per step");
        reader.Check(type != EmissionType.Categorical || dimension == 1, $"a step has {dimension} symbols");
        return type switch
        {
            EmissionType.Gaussian => GaussianEmission.Read(reader, states, dimension),
            EmissionType.Categorical => CategoricalEmission.Read(reader, states),
            EmissionType.Poisson => PoissonEmission.Read(reader, states, dimension),
            EmissionType.GaussianMixture => GaussianMixtureEmission.Read(reader, states, dimension),
            EmissionType.Multinomial => MultinomialEmission.Read(reader, states, dimension),
            EmissionType.Bernoulli => BernoulliEmission.Read(reader, states, dimension),
            _ => ProductEmission.Read(reader, states, dimension),
        };
    }
}
