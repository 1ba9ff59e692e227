namespace MLNet.Generative;

/// <summary>
/// Accelerates expectation-maximisation, and never lets the log-likelihood fall. What is extrapolated is not the model but the expected scatters that the M-step takes: it makes
/// a model under the covariance structure and above the floor of any of them, by its own rules.
/// </summary>
/// <remarks>
/// An extrapolated model that fits worse than the one before is dropped, and the plain M-step of that one taken instead, which cannot fit worse (the monotone guard of Henderson and
/// Varadhan 2019, at its strictest). Only a plain step can end the training: after an extrapolation that changed next to nothing, one is made to decide.
/// </remarks>
internal sealed class GuardedAcceleration
{
    // In nats per row. Before, steps are large: they lead fast, and they decide which maximum it will be.
    private const double LargestGainToBegin = 1e-4;

    private readonly MixtureMaximization _maximization;
    private readonly ConvergenceMonitor _convergence;
    private readonly double _totalWeight;
    private readonly double _tolerance;
    private readonly double[] _floors;
    private AndersonExtrapolation _extrapolation = new();
    private ScatterCoordinates? _coordinates;
    private WeightedScatter[]? _taken;
    private WeightedScatter[]? _expected;
    private GaussianMixtureModel? _current;
    private int _reseeds;

    private GuardedAcceleration(MixtureTask task, MixtureMaximization maximization, ConvergenceMonitor convergence)
    {
        _maximization = maximization;
        _convergence = convergence;
        _totalWeight = task.Rows.TotalWeight;
        _tolerance = task.Options.Tolerance * _totalWeight;
        _floors = task.Floor.At(task.Moments.Mean);
        _reseeds = maximization.NumberOfReseeds;
    }

    /// <summary>Whether the model that the last M-step made is extrapolated.</summary>
    public bool IsExtrapolated { get; private set; }

    /// <summary>The acceleration that the options ask for; <see langword="null"/> for none.</summary>
    public static GuardedAcceleration? Of(MixtureTask task, MixtureMaximization maximization, ConvergenceMonitor convergence)
    {
        // With a regularisation steps do not lead to a maximum, and a likelihood guards nothing.
        bool isOff = task.Options.Acceleration == EmAcceleration.None || task.Options.CovarianceRegularization > 0;
        return isOff ? null : new GuardedAcceleration(task, maximization, convergence);
    }

    /// <summary>Whether the last model is extrapolated and fits worse than the one before.</summary>
    /// <param name="logLikelihood">The log-likelihood of the last model.</param>
    public bool HasFailed(double logLikelihood) => IsExtrapolated && !(logLikelihood >= _convergence.Trace[^1]);

    /// <summary>The plain M-step instead of an extrapolation that has failed.</summary>
    public GaussianMixtureModel StepBack()
    {
        _convergence.StandStill();
        _extrapolation.Fail();
        IsExtrapolated = false;
        _taken = _expected;
        return _maximization.Run(_expected!, _current);
    }

    /// <summary>What the M-step is to take: scatters further on, or the expected ones where there is nothing to gain.</summary>
    /// <param name="expected">The expected scatters under the current model.</param>
    /// <param name="current">The current model.</param>
    public WeightedScatter[] Extrapolate(WeightedScatter[] expected, GaussianMixtureModel current)
    {
        bool reseeded = _maximization.NumberOfReseeds > _reseeds;
        _reseeds = _maximization.NumberOfReseeds;
        if (reseeded)
        {
            (_extrapolation, _coordinates, _taken) = (new AndersonExtrapolation(), null, null);
            IsExtrapolated = false;
            return expected;
        }

        WeightedScatter[]? further = _taken is null ? null : Further(_taken, expected);
        IsExtrapolated = further is not null;
        (_expected, _current, _taken) = (expected, current, further ?? expected);
        return _taken;
    }

    private WeightedScatter[]? Further(WeightedScatter[] taken, WeightedScatter[] expected)
    {
        // Where a component is at its floor, plain steps of some structures may fall: then there is nothing to fall back to.
        double gain = _convergence.Trace[^1] - _convergence.Trace[^2];
        if (_convergence.HasFallen || (_coordinates is null && gain > LargestGainToBegin * _totalWeight))
            return null;
        _coordinates ??= new ScatterCoordinates(expected, _floors);

        double[]? point = _extrapolation.Next(_coordinates.Of(taken), _coordinates.Of(expected));
        // The last iteration is a plain step: there is none after it to step back in.
        if (gain <= _tolerance || _convergence.IsLastIteration || point is null)
            return null;
        WeightedScatter[]? further = _coordinates.At(point, expected);
        if (further is null)
            _extrapolation.Fail();
        return further;
    }
}
