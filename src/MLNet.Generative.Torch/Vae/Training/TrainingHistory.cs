namespace MLNet.Generative;

/// <summary>The epochs of a training so far, and the best of them.</summary>
/// <param name="Epochs">Every finished epoch.</param>
/// <param name="KlPerDimension">The KL divergence of each latent dimension in the last.</param>
/// <param name="BestEpoch">The number of the best, from 1; 0 if there is none yet.</param>
/// <param name="BestWeights">Its averaged weights.</param>
internal sealed record TrainingHistory(IReadOnlyList<VaeEpoch> Epochs, IReadOnlyList<double> KlPerDimension, int BestEpoch, IReadOnlyList<float[]> BestWeights)
{
    // *** Binary format ***
    // VaeEpoch[]
    // double[L]: KL divergences
    // int: number of the best epoch
    // float[][]: its weights

    /// <summary>A training that has not begun.</summary>
    public static TrainingHistory Empty { get; } = new([], [], 0, []);

    /// <summary>Writes it.</summary>
    public void Write(BinaryWriter writer)
    {
        VaeSummaryFormat.WriteEpochs(writer, Epochs);
        foreach (double kl in KlPerDimension)
            writer.Write(kl);
        writer.Write(BestEpoch);
        WeightArrays.Write(writer, BestWeights);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static TrainingHistory Read(BlockReader reader, VaeArchitecture architecture)
    {
        VaeEpoch[] epochs = VaeSummaryFormat.ReadEpochs(reader);
        double[] klPerDimension = reader.ReadFinite(architecture.LatentDimension, "the KL divergences");
        int best = reader.ReadInt32();
        reader.Check(best >= 1 && best <= epochs.Length, $"the best epoch is {best} of {epochs.Length}");
        return new TrainingHistory(epochs, klPerDimension, best, WeightArrays.Read(reader, architecture, "the best averages"));
    }
}
