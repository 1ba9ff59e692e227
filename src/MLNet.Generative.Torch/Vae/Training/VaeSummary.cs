using System.Globalization;
using System.Text;

namespace MLNet.Generative;

/// <summary>How the training of a variational autoencoder went. Immutable; saved with the model.</summary>
public sealed class VaeSummary
{
    internal VaeSummary(
        IReadOnlyList<VaeEpoch> epochs, IReadOnlyList<double> klDivergencePerDimension, int selectedEpoch, StopReason stopReason, IReadOnlyList<string> remarks, IReadOnlyList<string> warnings)
    {
        Epochs = epochs;
        KlDivergencePerDimension = klDivergencePerDimension;
        SelectedEpoch = selectedEpoch;
        StopReason = stopReason;
        Remarks = remarks;
        Warnings = warnings;
    }

    /// <summary>Every finished pass through the data.</summary>
    public IReadOnlyList<VaeEpoch> Epochs { get; }

    /// <summary>The mean KL divergence of each latent dimension in the last pass, in nats.</summary>
    public IReadOnlyList<double> KlDivergencePerDimension { get; }

    /// <summary>The number of the epoch, from 1, whose weights the model has: the last, or the best if the training had a rule for stopping early, or diverged.</summary>
    public int SelectedEpoch { get; }

    /// <summary>Why the training ended: after the given number of epochs, because validation no longer improved, or because the loss was no longer a number.</summary>
    public StopReason StopReason { get; }

    /// <summary>What is worth knowing: the likelihood that was chosen, constant features, a collapsed posterior, a training that diverged. Empty if nothing is.</summary>
    public IReadOnlyList<string> Notes => [.. Remarks, .. Warnings];

    /// <summary>The notes that are as they should be.</summary>
    internal IReadOnlyList<string> Remarks { get; private set; }

    /// <summary>The notes that ask for attention.</summary>
    internal IReadOnlyList<string> Warnings { get; private set; }

    /// <inheritdoc/>
    public override string ToString() => string.Join(Environment.NewLine, [Outcome(), .. Notes.Select(note => $"note: {note}")]);

    /// <summary>The same training with more notes.</summary>
    internal VaeSummary With(IEnumerable<string> remarks, IEnumerable<string> warnings)
    {
        var summary = (VaeSummary)MemberwiseClone();
        summary.Remarks = [.. Remarks, .. remarks];
        summary.Warnings = [.. Warnings, .. warnings];
        return summary;
    }

    /// <summary>One line without the notes.</summary>
    internal string Outcome()
    {
        VaeEpoch last = Epochs[^1];
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"objective {last.Objective:f4} (reconstruction {last.Reconstruction:f4}, KL {last.KlDivergence:f4})");
        if (last.ValidationObjective is { } validation)
            text.Append(CultureInfo.InvariantCulture, $", validation {validation:f4}");
        text.Append(CultureInfo.InvariantCulture, $", {last.NumberOfActiveUnits} of {KlDivergencePerDimension.Count} latent dimensions active; {Epochs.Count} epochs, {StopReason}");
        if (SelectedEpoch != Epochs.Count)
            text.Append(CultureInfo.InvariantCulture, $", weights of epoch {SelectedEpoch}");
        return text.ToString();
    }
}
