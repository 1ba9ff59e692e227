namespace MLNet.Generative;

/// <summary>
/// Follows a live sequence step by step with a hidden Markov model: after each step, what is known of the state now and later. Made by <see cref="HmmModel.CreateFilter"/>.
/// Not safe for use by several threads at once.
/// </summary>
public sealed class HmmFilter
{
    private readonly HmmModel _model;
    private readonly double[] _logState;
    private readonly double[] _next;
    private readonly double[] _logFrame;
    private CompensatedSum _logLikelihood;

    internal HmmFilter(HmmModel model)
    {
        _model = model;
        _logState = new double[model.Chain.Stride];
        _next = new double[model.Chain.Stride];
        _logFrame = new double[model.NumberOfStates];
        Reset();
    }

    /// <summary>The number of steps seen since the start or the last <see cref="Reset"/>.</summary>
    public int NumberOfSteps { get; private set; }

    /// <summary>log P of all steps seen, in nats; −∞ once a step was impossible.</summary>
    public double LogLikelihood { get; private set; }

    /// <summary>P(state k now | all steps seen): K numbers with sum 1; π before the first step. A copy.</summary>
    public double[] State => ToProbabilities(_logState);

    /// <summary>Takes a step in.</summary>
    /// <param name="frame">D numbers; NaN where one is missing.</param>
    /// <returns>
    /// log p(this step | the steps before), in nats: how much of a surprise it was. −∞ if the model cannot emit it here; the state is then the one that was predicted, as if the
    /// step were missing.
    /// </returns>
    /// <exception cref="ArgumentException">The frame does not have D numbers, or a value is none that the model can emit.</exception>
    public double Update(ReadOnlySpan<double> frame)
    {
        _model.Emissions.LogLikelihoods(frame, _logFrame);
        // Before the first step there is no state to come from.
        double logLikelihood = LogDomain.Step(_model.Chain, NumberOfSteps == 0 ? [] : _logState, _logFrame, _next);
        if (double.IsNegativeInfinity(logLikelihood))
            LogDomain.Step(_model.Chain, NumberOfSteps == 0 ? [] : _logState, new double[_logFrame.Length], _next);
        _next.CopyTo(_logState, 0);
        NumberOfSteps++;
        if (double.IsNegativeInfinity(logLikelihood))
            LogLikelihood = logLikelihood;
        if (double.IsNegativeInfinity(LogLikelihood))
            return logLikelihood;
        _logLikelihood.Add(logLikelihood);
        LogLikelihood = _logLikelihood.Value;
        return logLikelihood;
    }

    /// <summary>P(state k in some steps | all steps seen). With the emissions it predicts what will be seen: P(x) = Σ_k P(state k) b_k(x).</summary>
    /// <param name="steps">How many steps ahead: at least 1. Before the first step, 1 means that step.</param>
    /// <returns>K numbers with sum 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="steps"/> is less than 1.</exception>
    public double[] Predict(int steps = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        double[] logState = (double[])_logState.Clone();
        var next = new double[logState.Length];
        var nothing = new double[_logFrame.Length];
        for (int step = NumberOfSteps == 0 ? 1 : 0; step < steps; step++)
        {
            LogDomain.Step(_model.Chain, logState, nothing, next);
            (logState, next) = (next, logState);
        }
        return ToProbabilities(logState);
    }

    /// <summary>Forgets all steps: a new sequence begins.</summary>
    public void Reset()
    {
        _model.Chain.LogInitial.CopyTo(_logState, 0);
        NumberOfSteps = 0;
        _logLikelihood = default;
        LogLikelihood = 0;
    }

    private double[] ToProbabilities(double[] logState)
    {
        var probabilities = new double[_model.NumberOfStates];
        for (int k = 0; k < probabilities.Length; k++)
            probabilities[k] = Math.Exp(logState[k]);
        return probabilities;
    }
}
