namespace MLNet.Generative;

/// <summary>
/// The state of a training after an epoch: with it, and the same data, the next epoch is the same to the bit as without a break. Random numbers need no state, because each epoch has
/// generators of its own.
/// </summary>
/// <param name="Identity">What training it is of.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="NumberOfSteps">The steps of the optimiser so far.</param>
/// <param name="Weights">The weights, parameter by parameter.</param>
/// <param name="Means">The running means of their gradients.</param>
/// <param name="Squares">The running means of the squares.</param>
/// <param name="Averages">The averages of the weights.</param>
/// <param name="History">The epochs so far.</param>
internal sealed record Checkpoint(
    CheckpointIdentity Identity,
    int Seed,
    long NumberOfSteps,
    IReadOnlyList<float[]> Weights,
    IReadOnlyList<float[]> Means,
    IReadOnlyList<float[]> Squares,
    IReadOnlyList<float[]> Averages,
    TrainingHistory History)
{
    private const string Signature = "VAECHKPT";

    // *** Binary format, in one checked block ***
    // int: version
    // int: number of facts; for each: string: name, string: value
    // int: seed
    // long: steps
    // float[][] × 4: weights, means, squares, averages
    // TrainingHistory

    private const int Version = 1;

    /// <summary>Replaces the file.</summary>
    /// <exception cref="IOException">The file cannot be written. What was there before still is.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for lack of permission.</exception>
    public void Write(string path) => BlockFile.Write(path, Signature, writer =>
    {
        writer.Write(Version);
        writer.Write(Identity.Facts.Count);
        foreach ((string name, string value) in Identity.Facts)
        {
            writer.Write(name);
            writer.Write(value);
        }
        writer.Write(Seed);
        writer.Write(NumberOfSteps);
        foreach (IReadOnlyList<float[]> arrays in (IReadOnlyList<float[]>[])[Weights, Means, Squares, Averages])
            WeightArrays.Write(writer, arrays);
        History.Write(writer);
    });

    /// <summary>Reads the file of a training.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">The training.</param>
    /// <param name="architecture">Its architecture.</param>
    /// <exception cref="InvalidOperationException">The checkpoint is of another training.</exception>
    /// <exception cref="FormatException">The file is no checkpoint, or it is truncated or altered.</exception>
    public static Checkpoint Read(string path, CheckpointIdentity identity, VaeArchitecture architecture) => BlockFile.Read(path, Signature, "checkpoint", reader =>
    {
        int version = reader.ReadInt32();
        reader.Check(version == Version, $"its version is {version}, and this library reads version {Version}");
        int count = reader.ReadSize(1, "the number of facts");
        var found = new CheckpointIdentity([.. Enumerable.Range(0, count).Select(_ => (reader.ReadString(), reader.ReadString()))]);
        identity.Check(found, path);

        int seed = reader.ReadInt32();
        long steps = reader.ReadInt64();
        reader.Check(steps >= 0, $"the number of steps is {steps}");
        float[][] Next(string what) => WeightArrays.Read(reader, architecture, what);
        return new Checkpoint(
            found, seed, steps, Next("the weights"), Next("the means of gradients"), Next("the squares of gradients"), Next("the averages"), TrainingHistory.Read(reader, architecture));
    });
}
