using System.ComponentModel;

namespace MLNet.Generative;

/// <summary>What a learner does with training rows that lack a feature. For the authors of estimators in this family of packages.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum MissingValues
{
    /// <summary>Leaves them out, with one warning that gives their number.</summary>
    Skip = 0,

    /// <summary>Throws at the first.</summary>
    Refuse = 1,

    /// <summary>Gives them as they are, with NaN where a feature is missing.</summary>
    Keep = 2,
}
