namespace MLNet.Generative.Tests.MarkovModels;

/// <summary>Every path of a short sequence with its probability: what inference must agree with, found without any recursion.</summary>
internal sealed class PathTable
{
    public PathTable(HiddenChain chain, FrameLikelihoods frames)
    {
        (int states, int length) = (chain.NumberOfStates, frames.Length);
        // Of each frame the largest is taken out, so that sums are small where frames are not.
        double[] shifts = [.. Enumerable.Range(0, length).Select(t => frames.LogFrame(t).ToArray().Max()).Select(shift => double.IsInfinity(shift) ? 0 : shift)];
        var paths = new List<(int[] Path, double Log)>();
        var path = new int[length];
        Visit(0, 0);

        double largest = paths.Max(entry => entry.Log);
        IsPossible = !double.IsNegativeInfinity(largest);
        Posterior = new double[length, states];
        Transitions = new double[states, states];
        LogLikelihood = LogOfBest = double.NegativeInfinity;
        if (!IsPossible)
            return;
        double sum = paths.Sum(entry => Math.Exp(entry.Log - largest));
        Magnitude = shifts.Sum(Math.Abs);
        LogLikelihood = shifts.Sum() + largest + Math.Log(sum);
        LogOfBest = shifts.Sum() + largest;
        LogOf = candidate => shifts.Sum() + paths.Find(entry => entry.Path.AsSpan().SequenceEqual(candidate)).Log;
        foreach ((int[] states0, double log) in paths)
        {
            double probability = Math.Exp(log - largest) / sum;
            for (int t = 0; t < length; t++)
            {
                Posterior[t, states0[t]] += probability;
                if (t > 0)
                    Transitions[states0[t - 1], states0[t]] += probability;
            }
        }

        void Visit(int t, double log)
        {
            if (t == length)
            {
                paths.Add(((int[])path.Clone(), log));
                return;
            }
            for (int k = 0; k < states; k++)
            {
                path[t] = k;
                double move = t == 0 ? chain.InitialAt(k) : chain.TransitionAt(path[t - 1], k);
                Visit(t + 1, log + Math.Log(move) + (frames.LogFrame(t)[k] - shifts[t]));
            }
        }
    }

    /// <summary>Whether any path can be.</summary>
    public bool IsPossible { get; }

    /// <summary>How large the terms of log P are, which may cancel: what its digits are counted from.</summary>
    public double Magnitude { get; }

    /// <summary>log P.</summary>
    public double LogLikelihood { get; }

    /// <summary>log P of the most probable path, with the sequence.</summary>
    public double LogOfBest { get; }

    /// <summary>log P of a path, with the sequence.</summary>
    public Func<int[], double> LogOf { get; } = _ => double.NegativeInfinity;

    /// <summary>γ.</summary>
    public double[,] Posterior { get; }

    /// <summary>Σ ξ.</summary>
    public double[,] Transitions { get; }
}
