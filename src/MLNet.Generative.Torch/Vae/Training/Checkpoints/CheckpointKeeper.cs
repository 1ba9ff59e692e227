namespace MLNet.Generative;

/// <summary>Writes the state of a training from time to time, and finds it again.</summary>
/// <param name="options">The options.</param>
/// <param name="architecture">The architecture.</param>
/// <param name="identify">What the training has in common with its checkpoints; asked for only if there are any.</param>
internal sealed class CheckpointKeeper(VaeEstimator.Options options, VaeArchitecture architecture, Func<CheckpointIdentity> identify)
{
    private readonly CheckpointIdentity? _identity = options.CheckpointPath is null ? null : identify();

    /// <summary>Why the last checkpoint could not be written; <see langword="null"/> if it was.</summary>
    public string? Problem { get; private set; }

    /// <summary>The state to go on from; <see langword="null"/> to start from the beginning.</summary>
    /// <exception cref="InvalidOperationException">The checkpoint is of another training, or of one that has gone on longer.</exception>
    /// <exception cref="FormatException">The file is no checkpoint, or it is truncated or altered.</exception>
    public Checkpoint? Find()
    {
        if (options.CheckpointPath is not { } path || !File.Exists(path))
            return null;
        var found = Checkpoint.Read(path, _identity!, architecture);
        if (options.Seed is { } seed && seed != found.Seed)
            throw new InvalidOperationException($"The checkpoint '{path}' is of a training with seed {found.Seed}, but Seed is {seed}. Delete the file to begin anew, give another CheckpointPath, or no Seed.");
        if (found.History.Epochs.Count > options.NumberOfEpochs)
            throw new InvalidOperationException($"The checkpoint '{path}' is of a training that is {found.History.Epochs.Count} epochs old, but NumberOfEpochs is {options.NumberOfEpochs}. Delete the file to begin anew, or raise NumberOfEpochs.");
        return found;
    }

    /// <summary>Writes a checkpoint if it is time to. One that cannot be written is no reason to lose a training.</summary>
    /// <param name="epoch">The number of the epoch that is over.</param>
    /// <param name="isLast">Whether there will be no more.</param>
    /// <param name="state">Makes the state of the training.</param>
    public void Save(int epoch, bool isLast, Func<CheckpointIdentity, Checkpoint> state)
    {
        if (options.CheckpointPath is not { } path || !isLast && epoch % options.CheckpointInterval != 0)
            return;
        try
        {
            state(_identity!).Write(path);
            Problem = null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or OutOfMemoryException)
        {
            Problem = $"The checkpoint after epoch {epoch} could not be written to '{path}': {exception.Message}";
        }
    }
}
