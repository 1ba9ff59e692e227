namespace MLNet.Generative.Acceptance;

/// <summary>What a case is given: the folders of its data, and somewhere to say how far it is.</summary>
/// <param name="folders">The folder of each kind of data that was given or found.</param>
/// <param name="progress">Told a line now and then.</param>
public sealed class AcceptanceRun(IReadOnlyDictionary<DataFolder, string> folders, TextWriter progress)
{
    /// <summary>The folder of some data.</summary>
    /// <exception cref="KeyNotFoundException">The case does not say that it needs them.</exception>
    public string PathOf(DataFolder data) => folders[data];

    /// <summary>Says how far the case is.</summary>
    public void Report(string line) => progress.WriteLine("  " + line);
}
