using System.ComponentModel;

namespace MLNet.Generative;

/// <summary>
/// A generative transformer that says which of its columns holds log p(x). One that does not is taken to call it <c>LogDensity</c>. For the authors of
/// transformers in this family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ILogDensityTransformer : IGenerativeTransformer
{
    /// <summary>The column of log p(x), a Single; <see langword="null"/> if it is not produced.</summary>
    string? LogDensityColumnName { get; }

    /// <summary>
    /// For a model of sequences, the column of −log p(x) per step, a Single: how strange a sequence is, whatever its length. <see langword="null"/> for a model of rows.
    /// </summary>
    string? ScorePerStepColumnName => null;

    /// <summary>Whether training learned from rows that lack a feature, so that their log-densities count like others'. False if it left them out.</summary>
    bool LearnsFromIncompleteRows => false;

    /// <summary>A transformer with the same model that produces the column of log p(x): this one if it does.</summary>
    ILogDensityTransformer WithLogDensity();
}
