using TorchSharp;
using TorchSharp.Modules;

namespace MLNet.Generative;

/// <summary>Writes epochs for TensorBoard. What cannot be written is no reason to lose a training: it is told at the end.</summary>
/// <param name="folder">The folder; <see langword="null"/> to write nothing.</param>
internal sealed class TensorBoardLog(string? folder)
{
    private SummaryWriter? _writer;

    /// <summary>Why an epoch could not be written; <see langword="null"/> if all were.</summary>
    public string? Problem { get; private set; }

    /// <summary>Writes an epoch. The file is made with the first.</summary>
    public void Write(VaeTrainingProgress progress)
    {
        if (folder is null || Problem is not null)
            return;
        try
        {
            _writer ??= torch.utils.tensorboard.SummaryWriter(folder);
            Add("objective/training", progress.Epoch.Objective);
            if (progress.Epoch.ValidationObjective is { } validation)
                Add("objective/validation", validation);
            Add("parts/reconstruction", progress.Reconstruction);
            Add("parts/kl_divergence", progress.KlDivergence);
            Add("parts/active_units", progress.NumberOfActiveUnits);
            Add("training/learning_rate", progress.LearningRate);
            Add("training/beta", progress.Beta);
            Add("training/rows_per_second", progress.RowsPerSecond);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Problem = $"Epoch {progress.Epoch.Number} and later ones could not be written to the TensorBoard folder '{folder}': {exception.Message}";
        }

        void Add(string name, double value) => _writer.add_scalar(name, (float)value, progress.Epoch.Number);
    }
}
