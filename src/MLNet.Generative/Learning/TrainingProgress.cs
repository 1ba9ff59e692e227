namespace MLNet.Generative;

/// <summary>One step of a training, as it is reported to <see cref="IProgress{T}"/>.</summary>
public class TrainingProgress
{
    /// <summary>Makes a report, for trainings that report more than is here.</summary>
    /// <param name="initialization">Which start this is, from 1.</param>
    /// <param name="numberOfInitializations">How many starts there will be.</param>
    /// <param name="iteration">The number of parameter updates done so far in this start.</param>
    /// <param name="maximumNumberOfIterations">The number of parameter updates after which this start ends at the latest.</param>
    /// <param name="objective">The value of what is maximised.</param>
    protected internal TrainingProgress(int initialization, int numberOfInitializations, int iteration, int maximumNumberOfIterations, double objective)
    {
        Initialization = initialization;
        NumberOfInitializations = numberOfInitializations;
        Iteration = iteration;
        MaximumNumberOfIterations = maximumNumberOfIterations;
        Objective = objective;
    }

    /// <summary>Which start this is, from 1.</summary>
    public int Initialization { get; }

    /// <summary>How many starts there will be.</summary>
    public int NumberOfInitializations { get; }

    /// <summary>The number of parameter updates done so far in this start; 0 for the starting point itself.</summary>
    public int Iteration { get; }

    /// <summary>The number of parameter updates after which this start ends at the latest.</summary>
    public int MaximumNumberOfIterations { get; }

    /// <summary>The value of what is maximised: for a mixture the total log-likelihood of the training rows, in nats.</summary>
    public double Objective { get; }

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"start {Initialization}/{NumberOfInitializations}, iteration {Iteration}: {Objective:g12}");
}
