namespace MLNet.Generative;

/// <summary>A summary in a model file.</summary>
internal static class VaeSummaryFormat
{
    // *** Binary format ***
    // int: number of epochs; for each:
    //     double: objective, double: reconstruction, double: KL divergence, int: active units, bool, double?: validation objective
    // double[L]: KL divergence of each latent dimension
    // int: number of the epoch of the weights
    // int: reason for stopping
    // (int, string[]) × 2: remarks, warnings

    public static void Write(BinaryWriter writer, VaeSummary summary)
    {
        WriteEpochs(writer, summary.Epochs);
        foreach (double kl in summary.KlDivergencePerDimension)
            writer.Write(kl);
        writer.Write(summary.SelectedEpoch);
        writer.Write((int)summary.StopReason);
        WriteNotes(writer, summary.Remarks);
        WriteNotes(writer, summary.Warnings);
    }

    public static VaeSummary Read(BlockReader reader, int latentDimension)
    {
        VaeEpoch[] epochs = ReadEpochs(reader);
        double[] klPerDimension = reader.ReadFinite(latentDimension, "the KL divergences");
        int selected = reader.ReadInt32();
        reader.Check(selected >= 1 && selected <= epochs.Length, $"the epoch of the weights is {selected} of {epochs.Length}");
        StopReason stopReason = reader.ReadEnum<StopReason>("the reason for stopping");
        return new VaeSummary(epochs, klPerDimension, selected, stopReason, ReadNotes(reader), ReadNotes(reader));
    }

    /// <summary>Writes epochs.</summary>
    public static void WriteEpochs(BinaryWriter writer, IReadOnlyList<VaeEpoch> epochs)
    {
        writer.Write(epochs.Count);
        foreach (VaeEpoch epoch in epochs)
        {
            writer.Write(epoch.Objective);
            writer.Write(epoch.Reconstruction);
            writer.Write(epoch.KlDivergence);
            writer.Write(epoch.NumberOfActiveUnits);
            writer.Write(epoch.ValidationObjective is not null);
            if (epoch.ValidationObjective is { } validation)
                writer.Write(validation);
        }
    }

    /// <summary>Reads what <see cref="WriteEpochs"/> wrote.</summary>
    public static VaeEpoch[] ReadEpochs(BlockReader reader)
    {
        var epochs = new VaeEpoch[reader.ReadSize(1, "the number of epochs")];
        for (int i = 0; i < epochs.Length; i++)
        {
            epochs[i] = new VaeEpoch(
                i + 1,
                reader.ReadFinite("an objective"),
                reader.ReadFinite("a reconstruction term"),
                reader.ReadFinite("a KL divergence"),
                reader.ReadInt32(),
                reader.ReadBoolean() ? reader.ReadFinite("a validation objective") : null);
        }
        return epochs;
    }

    private static void WriteNotes(BinaryWriter writer, IReadOnlyList<string> notes)
    {
        writer.Write(notes.Count);
        foreach (string note in notes)
            writer.Write(note);
    }

    private static string[] ReadNotes(BlockReader reader) => reader.ReadStrings(reader.ReadSize(0, "the number of notes"));
}
