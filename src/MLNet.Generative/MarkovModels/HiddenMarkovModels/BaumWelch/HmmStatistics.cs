using System.Numerics.Tensors;

namespace MLNet.Generative;

/// <summary>What an E-step learns from sequences under a hidden Markov model: expected initial states, transitions and frames of each state, and log P. Enough for an M-step.</summary>
internal sealed class HmmStatistics(HiddenChain chain, EmissionStatistics emissions) : IBlockStatistics<HmmStatistics>
{
    private CompensatedSum _logLikelihood;

    /// <summary>Σ w γ_1(i), stride numbers.</summary>
    public double[] Initial { get; } = new double[chain.Stride];

    /// <summary>Σ w Σ_t ξ_t(i, j), K × stride.</summary>
    public double[] Transitions { get; } = new double[chain.NumberOfStates * chain.Stride];

    /// <summary>Σ w Σ_t γ_t(i), stride numbers: how many frames each state holds.</summary>
    public double[] Visits { get; } = new double[chain.Stride];

    /// <summary>What the frames tell of the emissions.</summary>
    public EmissionStatistics Emissions { get; } = emissions;

    /// <summary>Σ w log P.</summary>
    public double LogLikelihood => _logLikelihood.Value;

    /// <summary>The first sequence that the model cannot emit; −1 if it can emit all.</summary>
    public int FirstImpossible { get; private set; } = -1;

    /// <summary>Adds the log-likelihood of a sequence.</summary>
    /// <param name="sequence">Which one; they come in order.</param>
    /// <param name="logLikelihood">log P.</param>
    /// <param name="weight">w.</param>
    public void AddLogLikelihood(int sequence, double logLikelihood, double weight)
    {
        if (double.IsNegativeInfinity(logLikelihood))
            FirstImpossible = FirstImpossible < 0 ? sequence : FirstImpossible;
        else
            _logLikelihood.Add(weight * logLikelihood);
    }

    /// <inheritdoc/>
    public void Clear()
    {
        _logLikelihood = default;
        FirstImpossible = -1;
        Initial.AsSpan().Clear();
        Transitions.AsSpan().Clear();
        Visits.AsSpan().Clear();
        Emissions.Clear();
    }

    /// <inheritdoc/>
    public void Merge(HmmStatistics other)
    {
        _logLikelihood.Add(other.LogLikelihood);
        FirstImpossible = FirstImpossible < 0 ? other.FirstImpossible : FirstImpossible;
        TensorPrimitives.Add(Initial, other.Initial, Initial);
        TensorPrimitives.Add(Transitions, other.Transitions, Transitions);
        TensorPrimitives.Add(Visits, other.Visits, Visits);
        Emissions.Merge(other.Emissions);
    }
}
