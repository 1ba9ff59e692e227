using System.ComponentModel;

namespace MLNet.Generative;

/// <summary>
/// An estimator whose rows may have weights, so that a step on top of it can count rows as it does. For the authors of transformers in this family of packages.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IWeightedEstimator
{
    /// <summary>The column of weights; <see langword="null"/> for weights of 1.</summary>
    string? ExampleWeightColumnName { get; }
}
