using System.Globalization;

namespace MLNet.Generative;

/// <summary>
/// Watches the objective of an iterative training: keeps its trace, decides when to stop, reports progress, and records every fall that rounding cannot explain.
/// </summary>
/// <param name="tolerance">Training has converged when the objective per unit of weight changes by no more than this.</param>
/// <param name="maximumNumberOfIterations">The largest number of parameter updates.</param>
/// <param name="totalWeight">The weight of all rows.</param>
/// <param name="termsPerRow">How many terms a row's share of the objective sums: they round even where the objective is near 0.</param>
/// <param name="report">Called with the iteration and the objective.</param>
internal sealed class ConvergenceMonitor(double tolerance, int maximumNumberOfIterations, double totalWeight, int termsPerRow, Action<int, double> report)
{
    // What sums over many rows of densities with covariances near the floor may lose to rounding, relative to
    // the size of the terms.
    private const double Rounding = 1e-9;

    // A few say it; a regularisation can make hundreds.
    private const int LargestNumberOfNotes = 3;

    private readonly List<double> _trace = [];
    private readonly List<string> _notes = [];
    private int _falls;

    /// <summary>The objective of the starting point and after every update.</summary>
    public IReadOnlyList<double> Trace => _trace;

    /// <summary>Falls of the objective: the first few, and how many more there were.</summary>
    public IReadOnlyList<string> Notes =>
        _falls <= LargestNumberOfNotes ? _notes : [.. _notes, string.Create(CultureInfo.InvariantCulture, $"The objective fell {_falls - LargestNumberOfNotes} more times.")];

    /// <summary>Whether the objective has ever fallen by more than rounding, other than where it may.</summary>
    public bool HasFallen => _falls > 0;

    /// <summary>The number of parameter updates done.</summary>
    public int NumberOfIterations => _trace.Count - 1;

    /// <summary>Whether the next update is the last one allowed.</summary>
    public bool IsLastIteration => NumberOfIterations + 1 >= maximumNumberOfIterations;

    /// <summary>Why training stopped; meaningful once <see cref="ShouldStop"/> has returned <see langword="true"/>.</summary>
    public StopReason StopReason { get; private set; }

    /// <summary>Records the objective of the current parameters and tells whether to stop there.</summary>
    /// <param name="objective">The objective.</param>
    /// <param name="mayFall">Whether the last update replaced a component, after which a fall is expected and training goes on.</param>
    /// <param name="mayConverge">Whether the last update was a step of the training, so that a small change means convergence, and not an extrapolation.</param>
    public bool ShouldStop(double objective, bool mayFall, bool mayConverge = true)
    {
        _trace.Add(objective);
        report(NumberOfIterations, objective);

        if (NumberOfIterations > 0 && !mayFall)
        {
            double change = objective - _trace[^2];
            double rounding = Rounding * Math.Max(Math.Abs(objective), totalWeight * termsPerRow);
            if (change < -rounding && ++_falls <= LargestNumberOfNotes)
                _notes.Add(string.Create(CultureInfo.InvariantCulture, $"The objective fell by {-change:g3} at iteration {NumberOfIterations}."));
            if (mayConverge && Math.Abs(change) <= Math.Max(tolerance * totalWeight, change < 0 ? rounding : 0))
            {
                StopReason = StopReason.Converged;
                return true;
            }
        }
        if (NumberOfIterations < maximumNumberOfIterations)
            return false;
        StopReason = StopReason.MaximumNumberOfIterations;
        return true;
    }

    /// <summary>Records an iteration that left the parameters as they were.</summary>
    public void StandStill()
    {
        _trace.Add(_trace[^1]);
        report(NumberOfIterations, _trace[^1]);
    }
}
