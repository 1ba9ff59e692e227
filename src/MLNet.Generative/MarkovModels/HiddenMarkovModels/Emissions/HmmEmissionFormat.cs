namespace MLNet.Generative;

/// <summary>Emissions in a model file.</summary>
internal static class HmmEmissionFormat
{
    // *** Binary format ***
    // int: family, a value of EmissionType
    // int: K, number of states
    // int: D, number of values in a frame
    // what the family writes

    public static void Write(BinaryWriter writer, HmmEmission emission)
    {
        writer.Write((int)emission.Type);
        writer.Write(emission.NumberOfStates);
        writer.Write(emission.Dimension);
        emission.Write(writer);
    }

    public static HmmEmission Read(BlockReader reader) => Read(reader, isPart: false);

    /// <summary>Reads a part of a product, which is no product itself: a damaged file must not nest them without end.</summary>
    public static HmmEmission ReadPart(BlockReader reader) => Read(reader, isPart: true);

    private static HmmEmission Read(BlockReader reader, bool isPart)
    {
        EmissionType type = reader.ReadEnum<EmissionType>("the family of emissions");
        reader.Check(!isPart || type != EmissionType.Product, "a part of a product is a product");
        int states = reader.ReadSize(1, "the number of states");
        int dimension = reader.ReadSize(1, "the number of values in a frame");
        return type switch
        {
            EmissionType.Gaussian => GaussianEmission.Read(reader, states, dimension),
            EmissionType.Categorical => CategoricalEmission.Read(reader, states, dimension),
            EmissionType.Poisson => PoissonEmission.Read(reader, states, dimension),
            EmissionType.GaussianMixture => GaussianMixtureEmission.Read(reader, states, dimension),
            EmissionType.Multinomial => MultinomialEmission.Read(reader, states, dimension),
            EmissionType.Bernoulli => BernoulliEmission.Read(reader, states, dimension),
            _ => ProductEmission.Read(reader, states, dimension),
        };
    }
}
