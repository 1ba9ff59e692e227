namespace MLNet.Generative;

/// <summary>A fit's summary in a model file.</summary>
internal static class FitSummaryFormat
{
    // *** Binary format ***
    // double: log-likelihood
    // double: classification log-likelihood
    // int: number of parameters
    // double: total weight
    // int: length of the trace, at least 1
    // double[]: trace
    // int: reason for stopping
    // bool: whether degenerate
    // int: number of notes
    // string[]: notes

    public static void Write(BinaryWriter writer, FitSummary summary)
    {
        writer.Write(summary.LogLikelihood);
        writer.Write(summary.ClassificationLogLikelihood);
        writer.Write(summary.NumberOfParameters);
        writer.Write(summary.TotalWeight);
        writer.Write(summary.LogLikelihoodTrace.Count);
        foreach (double value in summary.LogLikelihoodTrace)
            writer.Write(value);
        writer.Write((int)summary.StopReason);
        writer.Write(summary.IsDegenerate);
        writer.Write(summary.Notes.Count);
        foreach (string note in summary.Notes)
            writer.Write(note);
    }

    public static FitSummary Read(BlockReader reader)
    {
        double logLikelihood = reader.ReadFinite("the log-likelihood");
        double classification = reader.ReadFinite("the classification log-likelihood");
        int parameters = reader.ReadInt32();
        reader.Check(parameters > 0, $"the number of parameters is {parameters}");
        double totalWeight = reader.ReadFinite("the total weight");
        reader.Check(totalWeight > 0, $"the total weight is {totalWeight}");
        double[] trace = reader.ReadFinite(reader.ReadSize(1, "the length of the trace"), "the trace");
        StopReason stopReason = reader.ReadEnum<StopReason>("the reason for stopping");
        bool isDegenerate = reader.ReadBoolean();
        string[] notes = reader.ReadStrings(reader.ReadSize(0, "the number of notes"));
        return new FitSummary(logLikelihood, classification, parameters, totalWeight, trace, stopReason, isDegenerate, notes);
    }
}
