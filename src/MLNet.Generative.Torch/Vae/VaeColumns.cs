using Microsoft.ML.Data;

namespace MLNet.Generative;

/// <summary>The columns that a transformer reads and adds, as they are stored with it.</summary>
/// <param name="Features">The input column; reconstructions have the same type.</param>
/// <param name="Latent">The output column of posterior means.</param>
/// <param name="StandardDeviation">That of posterior standard deviations; <see langword="null"/> for none.</param>
/// <param name="Reconstruction">That of reconstructions; <see langword="null"/> for none.</param>
/// <param name="LogDensity">That of lower bounds on log p(x); <see langword="null"/> for none.</param>
/// <param name="Imputation">That of rows with their missing values filled in; <see langword="null"/> for none.</param>
/// <param name="ImputationSamples">How many codes that draws for a row.</param>
internal sealed record VaeColumns(
    TrainedFeatures Features, string Latent, string? StandardDeviation, string? Reconstruction, string? LogDensity, string? Imputation, int ImputationSamples)
{
    // ML.NET has no task of this kind: the name keeps its evaluators from taking these columns for scores of theirs.
    private const string Task = "LatentVariables";

    /// <summary>The columns for an input column.</summary>
    public static VaeColumns From(VaeEstimator.Options options, TrainedFeatures features) =>
        new(
            features,
            options.OutputColumnName,
            options.StandardDeviationColumnName,
            options.ReconstructionColumnName,
            options.LogDensityColumnName,
            options.ImputationColumnName,
            options.ImputationSamples);

    /// <summary>The output columns, in the order in which they are added, and what each holds.</summary>
    public IReadOnlyList<(OutputColumn Column, VaeOutput Output)> Describe(int latentDimension, int dimension)
    {
        string[] latents = [.. Enumerable.Range(0, latentDimension).Select(l => $"Latent{l}")];
        var latentType = new VectorDataViewType(NumberDataViewType.Single, latentDimension);
        var columns = new List<(OutputColumn, VaeOutput)> { (new OutputColumn(Latent, latentType, Task, nameof(VaeOutput.Latent), latents), VaeOutput.Latent) };
        if (StandardDeviation is not null)
            columns.Add((new OutputColumn(StandardDeviation, latentType, Task, nameof(VaeOutput.StandardDeviation), latents), VaeOutput.StandardDeviation));
        if (Reconstruction is not null)
            columns.Add((new OutputColumn(Reconstruction, Features.ToType(dimension), Task, nameof(VaeOutput.Reconstruction), Features.SlotNames), VaeOutput.Reconstruction));
        if (LogDensity is not null)
            columns.Add((new OutputColumn(LogDensity, NumberDataViewType.Single, Task, OutputColumn.LogDensity), VaeOutput.LogDensity));
        if (Imputation is not null)
            columns.Add((new OutputColumn(Imputation, Features.ToType(dimension), Task, nameof(VaeOutput.Imputation), Features.SlotNames), VaeOutput.Imputation));
        return columns;
    }

    /// <summary>Writes the names.</summary>
    public void Write(BinaryWriter writer)
    {
        // TrainedFeatures; string: latent column; (bool, string?) × 4: optional columns; int: codes of an imputation
        Features.Write(writer);
        writer.Write(Latent);
        WriteOptional(writer, StandardDeviation);
        WriteOptional(writer, Reconstruction);
        WriteOptional(writer, LogDensity);
        WriteOptional(writer, Imputation);
        writer.Write(ImputationSamples);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static VaeColumns Read(BlockReader reader) =>
        new(
            TrainedFeatures.Read(reader),
            reader.ReadString(),
            ReadOptional(reader),
            ReadOptional(reader),
            ReadOptional(reader),
            ReadOptional(reader),
            reader.ReadSize(1, "the number of codes of an imputation"));

    private static void WriteOptional(BinaryWriter writer, string? name)
    {
        writer.Write(name is not null);
        if (name is not null)
            writer.Write(name);
    }

    private static string? ReadOptional(BlockReader reader) => reader.ReadBoolean() ? reader.ReadString() : null;
}
