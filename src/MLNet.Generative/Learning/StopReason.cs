namespace MLNet.Generative;

/// <summary>Why a training ended.</summary>
public enum StopReason
{
    /// <summary>The objective changed by no more than the tolerance.</summary>
    Converged = 0,

    /// <summary>The allowed number of iterations was used up while the objective still changed.</summary>
    MaximumNumberOfIterations = 1,

    /// <summary>The objective was no longer a number. The best parameters before were kept.</summary>
    Diverged = 2,

    /// <summary>The objective on validation rows had not risen for as long as was allowed. The best parameters were kept.</summary>
    EarlyStopping = 3,
}
