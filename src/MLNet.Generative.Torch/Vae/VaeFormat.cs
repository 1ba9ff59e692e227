namespace MLNet.Generative;

/// <summary>A variational autoencoder in a model file: raw numbers with their names and shapes, inside a block with a checksum. No code, and nothing of libtorch's own formats.</summary>
internal static class VaeFormat
{
    // *** Binary format, little-endian ***
    // int: D, number of features
    // int: L, number of latent dimensions
    // int, int[]: number and sizes of the encoder's hidden layers
    // int, int[]: number and sizes of the decoder's hidden layers
    // int: activation
    // int: likelihood
    // double: fixed standard deviation
    // double[D]: means of the features
    // double[D]: scales of the features
    // int: number of arrays; for each:
    //     string: name
    //     int, long[]: number of dimensions and shape
    //     float[]: values
    // The arrays are the parameters in the architecture's order, and last "elboNoise" [S, L] and "importanceNoise" [K, L]; K is 0 where scores are evidence lower bounds.

    private const string ElboNoiseName = "elboNoise";
    private const string ImportanceNoiseName = "importanceNoise";

    public static void Write(BinaryWriter writer, VaeModel model)
    {
        VaeArchitecture architecture = model.Architecture;
        writer.Write(architecture.Dimension);
        writer.Write(architecture.LatentDimension);
        WriteLayers(writer, architecture.HiddenLayers);
        WriteLayers(writer, architecture.DecoderHiddenLayers);
        writer.Write((int)architecture.Activation);
        writer.Write((int)architecture.Likelihood);
        writer.Write(architecture.FixedStandardDeviation);
        foreach (double value in model.Scaling.Means.Concat(model.Scaling.Scales))
            writer.Write(value);

        ParameterShape[] shapes = [.. architecture.Parameters()];
        writer.Write(shapes.Length + 2);
        for (int i = 0; i < shapes.Length; i++)
            WriteArray(writer, shapes[i].Name, shapes[i].Shape, model.Weights[i]);
        WriteNoise(writer, ElboNoiseName, architecture, model.ScoringNoise.Elbo);
        WriteNoise(writer, ImportanceNoiseName, architecture, model.ScoringNoise.Importance);
    }

    public static VaeModel Read(BlockReader reader, TorchSharp.torch.Device device)
    {
        int dimension = reader.ReadSize(1, "the number of features");
        int latentDimension = reader.ReadSize(1, "the number of latent dimensions");
        int[] hiddenLayers = ReadLayers(reader);
        int[] decoderHiddenLayers = ReadLayers(reader);
        VaeActivation activation = reader.ReadEnum<VaeActivation>("the activation");
        VaeLikelihood likelihood = reader.ReadEnum<VaeLikelihood>("the likelihood");
        reader.Check(likelihood != VaeLikelihood.Auto, "the likelihood is not decided");
        double standardDeviation = reader.ReadFinite("the fixed standard deviation");
        reader.Check(standardDeviation > 0, $"the fixed standard deviation is {standardDeviation}");
        var scaling = new FeatureScaling(reader.ReadFinite(dimension, "the means"), reader.ReadFinite(dimension, "the scales"));
        reader.Check(Array.TrueForAll(scaling.Scales, scale => scale > 0), "a scale is not positive");

        var architecture = new VaeArchitecture(dimension, latentDimension, hiddenLayers, decoderHiddenLayers, activation, likelihood, standardDeviation);
        ParameterShape[] shapes = [.. architecture.Parameters()];
        int count = reader.ReadSize(1, "the number of arrays");
        reader.Check(count == shapes.Length + 2, $"there are {count} arrays instead of {shapes.Length + 2}");
        var weights = new float[shapes.Length][];
        for (int i = 0; i < shapes.Length; i++)
            weights[i] = ReadArray(reader, shapes[i].Name, shape => shape.SequenceEqual(shapes[i].Shape));
        float[] elboNoise = ReadArray(reader, ElboNoiseName, shape => shape.Length == 2 && shape[0] >= 2 && shape[1] == latentDimension);
        float[] importanceNoise = ReadArray(reader, ImportanceNoiseName, shape => shape.Length == 2 && (shape[0] == 0 || shape[0] >= 2) && shape[1] == latentDimension);
        return new VaeModel(architecture, scaling, weights, new ScoringNoise(elboNoise, importanceNoise), device);
    }

    private static void WriteNoise(BinaryWriter writer, string name, VaeArchitecture architecture, float[] noise) =>
        WriteArray(writer, name, [noise.Length / architecture.LatentDimension, architecture.LatentDimension], noise);

    private static void WriteLayers(BinaryWriter writer, IReadOnlyList<int> layers)
    {
        writer.Write(layers.Count);
        foreach (int size in layers)
            writer.Write(size);
    }

    private static int[] ReadLayers(BlockReader reader)
    {
        var layers = new int[reader.ReadSize(0, "the number of hidden layers")];
        for (int i = 0; i < layers.Length; i++)
            layers[i] = reader.ReadSize(1, "the size of a hidden layer");
        return layers;
    }

    private static void WriteArray(BinaryWriter writer, string name, IReadOnlyList<long> shape, float[] values)
    {
        writer.Write(name);
        writer.Write(shape.Count);
        foreach (long size in shape)
            writer.Write(size);
        foreach (float value in values)
            writer.Write(value);
    }

    private static float[] ReadArray(BlockReader reader, string name, Predicate<long[]> isExpected)
    {
        string found = reader.ReadString();
        reader.Check(found == name, $"array '{found}' stands in the place of '{name}'");
        var shape = new long[reader.ReadSize(1, $"the number of dimensions of '{name}'")];
        for (int i = 0; i < shape.Length; i++)
            shape[i] = reader.ReadInt64();
        reader.Check(isExpected(shape), $"array '{name}' has shape [{string.Join(", ", shape)}]");
        return reader.ReadFiniteSingles(shape.Aggregate(1L, (product, size) => checked(product * size)), $"array '{name}'");
    }
}
