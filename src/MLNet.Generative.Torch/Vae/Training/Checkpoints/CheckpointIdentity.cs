using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace MLNet.Generative;

/// <summary>What a training must have in common with the one that a checkpoint was written in: the data, the architecture and the objective.</summary>
/// <param name="Facts">Each by the name that errors call it.</param>
internal sealed record CheckpointIdentity(IReadOnlyList<(string Name, string Value)> Facts)
{
    // A span of bytes has no more than 2³¹.
    private const int ValuesPerSpan = 1 << 20;

    /// <summary>That of a training.</summary>
    /// <param name="plan">What the data have decided.</param>
    /// <param name="options">The options.</param>
    /// <param name="rows">The training rows.</param>
    /// <param name="weights">Their weights, if they have any.</param>
    public static CheckpointIdentity Of(TrainingPlan plan, VaeEstimator.Options options, ReadOnlySpan<double> rows, ReadOnlySpan<double> weights)
    {
        VaeArchitecture architecture = plan.Architecture;
        return new CheckpointIdentity(
        [
            ("the number of features", Text(architecture.Dimension)),
            ("the number of rows", Text(rows.Length / architecture.Dimension)),
            (nameof(VaeEstimator.Options.LatentDimension), Text(architecture.LatentDimension)),
            (nameof(VaeEstimator.Options.HiddenLayers), Text(architecture.HiddenLayers)),
            (nameof(VaeEstimator.Options.DecoderHiddenLayers), Text(architecture.DecoderHiddenLayers)),
            (nameof(VaeEstimator.Options.Activation), Text(architecture.Activation)),
            (nameof(VaeEstimator.Options.Likelihood), Text(architecture.Likelihood)),
            (nameof(VaeEstimator.Options.FixedStandardDeviation), Text(architecture.Likelihood == VaeLikelihood.GaussianFixedVariance ? architecture.FixedStandardDeviation : "not used")),
            (nameof(VaeEstimator.Options.DynamicBinarization), Text(options.DynamicBinarization)),
            (nameof(VaeEstimator.Options.Objective), Text(options.Objective)),
            (nameof(VaeEstimator.Options.Beta), Text(options.Beta)),
            (nameof(VaeEstimator.Options.KlWarmUpEpochs), Text(options.KlWarmUpEpochs)),
            (nameof(VaeEstimator.Options.FreeBits), Text(options.FreeBits)),
            (nameof(VaeEstimator.Options.SamplesPerRow), Text(options.SamplesPerRow)),
            (nameof(VaeEstimator.Options.ValidationFraction), Text(options.ValidationFraction)),
            ("the SHA-256 of the rows", Hash(rows)),
            ("the SHA-256 of the weights", Hash(weights)),
        ]);
    }

    /// <summary>Throws unless a checkpoint is of this training.</summary>
    /// <param name="found">What the checkpoint says.</param>
    /// <param name="path">Its file, for errors.</param>
    /// <exception cref="InvalidOperationException">It is of another.</exception>
    public void Check(CheckpointIdentity found, string path)
    {
        foreach (((string name, string value), (string _, string other)) in Facts.Zip(found.Facts))
        {
            if (value != other)
                throw new InvalidOperationException($"The checkpoint '{path}' is of another training: {name} is {other} there and {value} here. Delete the file to begin anew, or give another CheckpointPath.");
        }
    }

    private static string Text(object value) => value is IReadOnlyList<int> layers ? $"[{string.Join(", ", layers)}]" : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string Hash(ReadOnlySpan<double> values)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int start = 0; start < values.Length; start += ValuesPerSpan)
            hash.AppendData(MemoryMarshal.AsBytes(values.Slice(start, Math.Min(ValuesPerSpan, values.Length - start))));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
