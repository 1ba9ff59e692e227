using System.ComponentModel;

namespace MLNet.Generative;

/// <summary>
/// A generative transformer that says which of its columns holds log p(x). One that does not is taken to call it <c>LogDensity</c>. For the authors of
/// transformers in this family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ILogDensityTransformer : IGenerativeTransformer
{
    /// <summary>The column of log p(x), a Single.</summary>
    string LogDensityColumnName { get; }
}
