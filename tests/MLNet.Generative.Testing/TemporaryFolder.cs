namespace MLNet.Generative.Testing;

/// <summary>A folder that lives as long as one test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mlnet-generative-");

    /// <summary>The folder.</summary>
    public string FullPath => _folder.FullName;

    /// <summary>A path in the folder.</summary>
    public string PathOf(string fileName) => Path.Combine(_folder.FullName, fileName);

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);
}
